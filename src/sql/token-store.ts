/** Tokens of v3's server calls in a database. */
import type { TokenStore } from '../client/v3-options.ts'
import type { SqlDatabase } from './database.ts'
import { checkStore, tableOptions } from './input.ts'
import { createQuery } from './query.ts'
import { tokenTables } from './tables.ts'

/**
 * Keeps tokens of v3 in a database, so that processes that live shortly need not ask for one each; its table
 * makes itself.
 *
 * A token is a credential until it expires, and stands there as it is: who can read the table can use it.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 * import { createSqlTokenStore, fromPg, type PgLike } from 'smileid-edge/sql'
 *
 * export const clientOf = (env: Record<string, string>, pool: PgLike) =>
 *   createClient({ ...clientOptionsFromEnv(env), v3: { tokenStore: createSqlTokenStore(fromPg(pool)) } })
 * ```
 */
export function createSqlTokenStore(
  db: SqlDatabase,
  options: { /** @default 'smileid_tokens' */ table?: string | undefined } = {},
): TokenStore {
  const { table = 'smileid_tokens' } = checkStore(db, tableOptions(), options)
  const query = createQuery(db, tokenTables(table))
  return {
    async get(key) {
      const [row] = await query<TokenRow>(`SELECT token, expires_at FROM ${table} WHERE key = ?1`, key)
      return row && { token: row.token, expiresAt: row.expires_at }
    },
    async set(key, { token, expiresAt }) {
      await query(setToken(table), key, token, expiresAt)
    },
    async drop(key, token) {
      await query(`DELETE FROM ${table} WHERE key = ?1 AND token = ?2`, key, token)
    },
  }
}

interface TokenRow {
  token: string
  expires_at: number
}

function setToken(table: string): string {
  return `
    INSERT INTO ${table} (key, token, expires_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (key) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at`
}
