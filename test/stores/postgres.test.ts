/** The stores on a real Postgres, by both drivers, and what becomes of a run when it goes away. */
import pg from 'pg'
import postgres from 'postgres'
import { backfillUsers } from 'smileid-edge/bulk'
import {
  createSqlJournal,
  createSqlReplayStore,
  fromPg,
  fromPostgres,
  migrate,
  migrationSql,
} from 'smileid-edge/sql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { all } from '../support/all.ts'
import { missingDatabases, type Server, startPostgres } from '../support/databases.ts'
import { start } from '../support/emulated.ts'
import { interruptedRun } from '../support/interrupted-run.ts'
import { rows } from '../support/rows.ts'
import { claimEach, keepsAll, keptInSql, place } from '../support/kept-stores.ts'

describe.runIf(!missingDatabases.some((name) => name.startsWith('Postgres')))('on a real Postgres', () => {
  let server: Server
  let pool: pg.Pool
  let sql: postgres.Sql

  beforeAll(async () => {
    server = await startPostgres()
    const connection = { host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres' }
    pool = new pg.Pool(connection)
    pool.on('error', () => {})
    sql = postgres({ ...connection, onnotice() {} })
  })
  afterAll(async () => {
    await Promise.all([pool.end(), sql.end()])
    await server.close()
  })

  describe('by pg', () => keepsAll(() => keptInSql(fromPg(pool))))
  describe('by postgres.js', () => keepsAll(() => keptInSql(fromPostgres(sql))))

  it('gives each row to one of those who make 10,000 claims at once', async () => {
    const table = place()
    const journals = [fromPg(pool), fromPostgres(sql), fromPg(pool), fromPostgres(sql)].map((db) =>
      createSqlJournal(db, { table }),
    )
    expect(await claimEach(journals, 2500)).toBe(0)
  })

  it('makes its tables beforehand, by `migrate` or as printed, for a user who may make none', async () => {
    await pool.query('CREATE ROLE worker LOGIN; CREATE SCHEMA closed; GRANT USAGE ON SCHEMA closed TO worker')
    const inSchema = {
      host: '127.0.0.1',
      port: server.port,
      database: 'postgres',
      options: '-c search_path=closed',
    }
    const owner = new pg.Pool({ ...inSchema, user: 'postgres' })
    const worker = new pg.Pool({ ...inSchema, user: 'worker' })
    try {
      const barred = createSqlJournal(fromPg(worker))
      await expect(barred.bind({ environment: 'sandbox', partnerId: '085' })).rejects.toThrow(
        'permission denied',
      )
      await Promise.all([migrate(fromPg(owner)), migrate(fromPg(owner))])
      await owner.query(migrationSql('postgres'))
      await owner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA closed TO worker')
      expect(await barred.bind({ environment: 'sandbox', partnerId: '085' })).toHaveLength(44)
      expect(await createSqlReplayStore(fromPg(worker)).claim('e', 1000)).toBe('claimed')
    } finally {
      await Promise.all([owner.end(), worker.end()])
    }
  })

  it('ends a run when it goes away, and the next one settles what the journal has open', async () => {
    const journal = createSqlJournal(fromPg(pool), { table: place() })
    const run = await interruptedRun(journal, () => server.kill())
    expect(run.error).toBeInstanceOf(Error)
    await server.restart()
    const open = (await all(journal.entries())).filter(({ state }) => state === 'sending').length
    expect(open).toBeGreaterThan(0)
    expect(await run.goOn()).toEqual({
      calls: run.rows - run.enrolled + open,
      new: run.rows - run.enrolled,
      known: run.enrolled - open,
      settled: open,
      exist: 0,
    })
  })

  it('ends a run whose tables were emptied, and one of another partner before any call', async () => {
    const table = place()
    const journal = createSqlJournal(fromPg(pool), { table })
    const run = await interruptedRun(journal, async () => {
      await pool.query(`TRUNCATE ${table}, ${table}_scope`)
    })
    expect(String(run.error)).toContain('does not have what was written to it')
    const other = createSqlJournal(fromPg(pool), { table: place() })
    await other.bind({ environment: 'sandbox', partnerId: '86' })
    const { emulator, client } = start()
    await expect(all(backfillUsers(client, rows(3), { journal: other }))).rejects.toThrow(
      'another environment',
    )
    expect(emulator.calls).toHaveLength(0)
  })
})
