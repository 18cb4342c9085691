/** The stores on SQLite: libSQL here, node:sqlite and better-sqlite3 on the Nodes that have them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@libsql/client'
import { createSqlJournal, fromLibsql } from 'smileid-edge/sql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimEach, keepsAll, keptInSql, place } from '../support/kept-stores.ts'

let folder: string
let client: Client
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smileid-sqlite-'))
  client = createClient({ url: `file:${folder}/stores.db` })
  await client.execute('PRAGMA journal_mode = WAL')
})
afterAll(() => {
  client.close()
  rmSync(folder, { recursive: true })
})

describe('libSQL', () => {
  keepsAll(() => keptInSql(fromLibsql(client)))

  it('gives each row to one of those who make 10,000 claims at once', async () => {
    const table = place()
    const journals = Array.from({ length: 4 }, () => createSqlJournal(fromLibsql(client), { table }))
    expect(await claimEach(journals, 2500)).toBe(0)
  })
})
