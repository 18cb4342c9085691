/** The stores on SQLite: libSQL here, node:sqlite and better-sqlite3 on the Nodes that have them. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Client, createClient } from '@libsql/client'
import { createSqlJournal, fromLibsql } from 'smileid-edge/sql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodes } from '../runtimes/nodes.mjs'
import { bundledProgram } from '../support/node-child.ts'
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

/** What Node 22 has, and Node 20 has not: each holds its database to the contract, and then claims rows. */
const PROGRAM = `
import { createRequire } from 'node:module'
import { createSqlJournal, createSqlReplayStore, fromSqlite } from 'smileid-edge/sql.ts'
import { testJournal, testReplayStore } from 'smileid-edge/store-contract.ts'

const [driver, file, modules] = process.argv.slice(2)
const Database = driver === 'node:sqlite'
  ? process.getBuiltinModule('node:sqlite').DatabaseSync
  : createRequire(modules)('better-sqlite3')
const own = fromSqlite(new Database(':memory:'))
const cases = [
  ...testJournal((table) => createSqlJournal(own, { table })),
  ...testReplayStore((table, now) => createSqlReplayStore(own, { table, now })),
  ...testReplayStore((table) => createSqlReplayStore(own, { table }), { clock: 'own' }),
]
const broken = []
for (const { name, run } of cases) await run().catch((error) => broken.push(name + ': ' + error))

const shared = new Database(file, { timeout: 60_000 })
const journal = createSqlJournal(fromSqlite(shared))
await journal.bind({ environment: 'sandbox', partnerId: '085' })
const at = new Date().toISOString()
const claim = { rev: 1, state: 'sending', at, attempts: 1, digest: driver }
let won = 0
for (let i = 0; i < ROWS; i += 50) {
  const writes = Array.from({ length: 50 }, (_, j) =>
    journal.write({ ...claim, key: 'sandbox:085:' + (i + j) }))
  won += (await Promise.all(writes)).filter(Boolean).length
}
console.log(JSON.stringify({ broken, cases: cases.length, won }))
`
const ROWS = 1000

/** The lowest Node that has them, among those that the package promises to run on. */
async function newerNode(): Promise<string | undefined> {
  const { found } = await nodes()
  const command = found.find(({ version }) => Number.parseInt(version, 10) >= 22)?.command
  if (!command && process.env.CI) throw new Error('no Node 22 or newer: npm ci --prefix test/runtimes/nodes')
  if (!command) console.log('\n!!! node:sqlite AND better-sqlite3 ARE LEFT OUT: no Node 22 or newer\n')
  return command
}

const node = await newerNode()

it.runIf(node)('node:sqlite and better-sqlite3 keep the contract, and share a file', async () => {
  const program = await bundledProgram(folder, 'claims.mjs', PROGRAM.replaceAll('ROWS', `${ROWS}`))
  const file = join(folder, 'shared.db')
  const modules = new URL('../../package.json', import.meta.url).pathname
  const run = async (driver: string) => {
    const flags = ['--disable-warning=ExperimentalWarning', program, driver, file, modules]
    return JSON.parse((await promisify(execFile)(node!, flags)).stdout) as { won: number }
  }
  const ends = await Promise.all(['node:sqlite', 'better-sqlite3'].map(run))
  for (const end of ends) expect(end).toMatchObject({ broken: [], cases: 22 })
  expect(ends[0]!.won + ends[1]!.won).toBe(ROWS)
})
