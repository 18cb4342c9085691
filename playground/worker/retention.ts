/** How long the playground keeps what it wrote down; imports and their photos stay until they are removed. */
import type { Env } from './bindings.ts'

const KEPT_MS = 7 * 86_400_000

/** Deletes what nobody asks for any more. */
export async function prune({ DB }: Env): Promise<void> {
  const now = Date.now()
  const old = now - KEPT_MS
  await DB.batch([
    DB.prepare('DELETE FROM callbacks WHERE at <= ?').bind(old),
    DB.prepare('DELETE FROM results WHERE at <= ?').bind(old),
    DB.prepare('DELETE FROM jobs WHERE created_at <= ?').bind(old),
    DB.prepare('DELETE FROM v3_jobs WHERE created_at <= ?').bind(old),
    DB.prepare('DELETE FROM ended_sessions WHERE expires <= ?').bind(now),
    DB.prepare('DELETE FROM sign_in_tries WHERE until <= ?').bind(now),
  ])
}
