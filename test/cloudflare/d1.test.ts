/** What is kept in D1: the same as what is kept in memory, and for all who share the database. */
import { createCallbackHandler } from 'smileid-edge/callback'
import {
  createD1Journal,
  createD1ReplayStore,
  createD1RunSwitch,
  createKvTokenStore,
} from 'smileid-edge/cloudflare'
import type { JournalEntry } from 'smileid-edge/bulk'
import { describe, expect, it, vi } from 'vitest'
import { testJournal, testReplayStore } from 'smileid-edge/store-contract'
import { checkStore } from '../conformance/stores'
import { all } from '../support/all'
import { env, query, start, table } from './bindings'

const SCOPE = { environment: 'sandbox', partnerId: '085' } as const
const entry = (key: string, rev = 1, more: Partial<JournalEntry> = {}): JournalEntry => ({
  key,
  rev,
  state: 'sending',
  at: '2026-01-05T10:00:00.000Z',
  attempts: rev,
  digest: 'ab'.repeat(16),
  ...more,
})
const failing = (times: number): typeof env.DB => ({
  prepare(sql) {
    if (times-- > 0) throw new Error('D1_ERROR: Network connection lost.')
    return env.DB.prepare(sql)
  },
})

describe('a journal', () => {
  it('keeps the contract', () => checkStore(testJournal((name) => createD1Journal(env.DB, { table: name }))))

  it('is one for all who open it at once, its key and its entries', async () => {
    const name = table()
    const journals = Array.from({ length: 8 }, () => createD1Journal(env.DB, { table: name }))
    expect(new Set(await Promise.all(journals.map((journal) => journal.bind(SCOPE)))).size).toBe(1)
    for (const rev of [1, 2, 3]) {
      const written = await Promise.all(
        journals.map((journal, i) => journal.write(entry('k', rev, { digest: `${i}` }))),
      )
      const winner = written.indexOf(true)
      expect(written.filter(Boolean).length).toBe(1)
      for (const journal of journals)
        expect(await journal.read('k')).toEqual(entry('k', rev, { digest: `${winner}` }))
    }
    await expect(
      createD1Journal(env.DB, { table: name }).bind({ ...SCOPE, partnerId: '86' }),
    ).rejects.toThrow('options.journal belongs to another environment or partner')
  })

  it('gives its entries in pages, also while others are written', async () => {
    const name = table()
    const journal = createD1Journal(env.DB, { table: name })
    await journal.bind(SCOPE)
    await query(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2499)
       INSERT INTO ${name} (key, rev, state, at, attempts, digest)
       SELECT printf('k%05d', i), 1, 'enrolled', '', 1, '' FROM n`,
    )
    const keys = (await all(journal.entries())).map(({ key }) => key)
    expect(keys).toEqual(Array.from({ length: 2500 }, (_, i) => `k${String(i).padStart(5, '0')}`))
    let seen = 0
    for await (const { key } of journal.entries()) {
      if (seen++ === 0) await journal.write(entry('k99999'))
      expect(key).not.toBe('k00000-')
    }
    expect(seen).toBe(2501)
  })

  it('tells in SQL how a run stands, and holds no more of a person than the key', async () => {
    const name = table()
    const journal = createD1Journal(env.DB, { table: name })
    await journal.bind(SCOPE)
    await journal.write({ ...entry('sandbox:085:u1'), photo: 'CANARY', note: 'CANARY' } as JournalEntry)
    await journal.write(entry('sandbox:085:u2', 1, { state: 'enrolled' }))
    expect(await query(`SELECT state, count(*) AS rows FROM ${name} GROUP BY state ORDER BY state`)).toEqual([
      { state: 'enrolled', rows: 1 },
      { state: 'sending', rows: 1 },
    ])
    expect(JSON.stringify(await query(`SELECT * FROM ${name}`))).not.toContain('CANARY')
  })

  it('tries again to make its tables, and to bind, after D1 failed', async () => {
    const journal = createD1Journal(failing(1), { table: table() })
    await expect(journal.bind(SCOPE)).rejects.toThrow('Network connection lost')
    expect(await journal.bind(SCOPE)).toHaveLength(44)
    expect(await journal.write(entry('k'))).toBe(true)
  })
})

describe('a replay store', () => {
  it('keeps the contract, by the given clock and by that of D1', async () => {
    await checkStore(testReplayStore((name, now) => createD1ReplayStore(env.DB, { table: name, now })))
    const open = (name: string) => createD1ReplayStore(env.DB, { table: name })
    await checkStore(testReplayStore(open, { clock: 'own' }))
  })

  it('lets one of many deliveries through, wherever they arrive', async () => {
    const name = table()
    const claims = await Promise.all(
      Array.from({ length: 16 }, () => createD1ReplayStore(env.DB, { table: name }).claim('event', 60_000)),
    )
    expect(claims.sort()).toEqual([...Array.from({ length: 15 }, () => 'busy'), 'claimed'])
    await createD1ReplayStore(env.DB, { table: name }).complete('event', 60_000)
    expect(await createD1ReplayStore(env.DB, { table: name }).claim('event', 60_000)).toBe('done')
  })

  it('forgets what it need not keep', async () => {
    const name = table()
    let now = 1_000_000
    const store = createD1ReplayStore(env.DB, { table: name, now: () => now })
    for (const event of ['a', 'b']) await store.complete(event, 1000)
    await store.complete('c', 5000)
    now += 2000
    expect(await createD1ReplayStore(env.DB, { table: name, now: () => now }).claim('d', 1000)).toBe(
      'claimed',
    )
    expect(await query(`SELECT event_id FROM ${name} ORDER BY event_id`)).toEqual([
      { event_id: 'c' },
      { event_id: 'd' },
    ])
  })
})

it('a callback that comes five times, to five isolates, is acted on once', async () => {
  const { emulator, client } = start()
  const name = table()
  emulator.startJob({ user_id: 'user', job_id: 'job', job_type: 4, callback_url: 'https://app.example/' })
  await emulator.advance(60_000)
  const request = emulator.callbacks.at(-1)!
  const onResult = vi.fn()
  const deliver = async () =>
    createCallbackHandler(client, {
      replayStore: createD1ReplayStore(env.DB, { table: name, now: emulator.clientOptions.now }),
      onResult,
    })(request.clone())
  const answers = (await Promise.all(Array.from({ length: 5 }, deliver))).map(({ status }) => status)
  expect(answers.filter((status) => status < 300).length).toBeGreaterThanOrEqual(1)
  expect((await deliver()).status).toBe(200)
  expect(onResult.mock.calls.length).toBe(1)
})

describe('a switch', () => {
  it('is on until it is set, and the same for all', async () => {
    const name = table()
    const [here, there] = [
      createD1RunSwitch(env.DB, { table: name }),
      createD1RunSwitch(env.DB, { table: name }),
    ]
    expect(await here.read()).toBe('running')
    for (const state of ['paused', 'running', 'cancelled', 'running'] as const) {
      await here.set(state)
      expect(await there.read()).toBe(state)
    }
    await expect(here.set('stopped' as never)).rejects.toMatchObject({
      code: 'invalid_input',
      issues: [{ path: 'state', code: 'wrong_format' }],
    })
  })
})

it('tokens in KV: the newest is kept, and the one that was refused alone is dropped', async () => {
  const [here, there] = [createKvTokenStore(env.TOKENS), createKvTokenStore(env.TOKENS)]
  expect(await here.get('k')).toBeUndefined()
  await here.set('k', { token: 'a', expiresAt: 5 })
  await there.drop('k', 'b')
  expect(await there.get('k')).toEqual({ token: 'a', expiresAt: 5 })
  await there.drop('k', 'a')
  expect(await here.get('k')).toBeUndefined()
  expect(await createKvTokenStore(env.TOKENS, { prefix: 'other' }).get('k')).toBeUndefined()
})

it('a journal gives each row to one of those who make 10,000 claims at once', async () => {
  const name = table()
  const journals = Array.from({ length: 4 }, () => createD1Journal(env.DB, { table: name }))
  const won = await Promise.all(
    journals.map(async (journal) => {
      await journal.bind(SCOPE)
      return Promise.all(Array.from({ length: 2500 }, (_, i) => journal.write(entry(`sandbox:085:${i}`))))
    }),
  )
  const times = Array.from({ length: 2500 }, (_, i) => won.filter((claims) => claims[i]).length)
  expect(times.filter((count) => count !== 1)).toEqual([])
})

it.each([createD1Journal, createD1ReplayStore, createD1RunSwitch])(
  '%o refuses what is no database and no name, all at once',
  (create) => {
    for (const name of ['', 'a b', '1', 'x; DROP TABLE y', 'sqlite_x', 'x'.repeat(62), 5]) {
      expect(() => create(undefined as never, { table: name as string, tabel: 1 } as object)).toThrow(
        expect.objectContaining({
          code: 'invalid_input',
          issues: [
            expect.objectContaining({ path: 'db' }),
            expect.objectContaining({ path: 'options.table' }),
            expect.objectContaining({ path: 'options.tabel', code: 'not_allowed' }),
          ],
        }),
      )
    }
  },
)
