/** What all databases of the stores must do beyond the contract, whichever kind they are of. */
import type { Journal } from 'smileid-edge/bulk'
import type { ReplayStore } from 'smileid-edge/callback'
import type { TokenStore } from 'smileid-edge/client'
import {
  createSqlJournal,
  createSqlPaceGate,
  createSqlReplayStore,
  createSqlRunSwitch,
  createSqlTokenStore,
  type SharedPaceGate,
  type SqlDatabase,
  type StoredRunSwitch,
} from 'smileid-edge/sql'
import {
  createRedisJournal,
  createRedisPaceGate,
  createRedisReplayStore,
  createRedisRunSwitch,
  createRedisTokenStore,
  type RedisDatabase,
} from 'smileid-edge/redis'
import { testJournal, testReplayStore } from 'smileid-edge/store-contract'
import { expect, it } from 'vitest'
import { checkStore } from '../conformance/stores.ts'
import { all } from './all.ts'

/** The five stores of one database, at a place of their own each. */
export interface Kept {
  journal(place: string): Journal
  replayStore(place: string, now?: () => number): ReplayStore
  paceGate(
    place: string,
    options: { now?: () => number; ratePerSecond?: number; sleep?: (ms: number) => Promise<void> },
  ): SharedPaceGate
  runSwitch(place: string): StoredRunSwitch
  tokenStore(place: string): TokenStore
}

export const keptInSql = (db: SqlDatabase): Kept => ({
  journal: (table) => createSqlJournal(db, { table }),
  replayStore: (table, now) => createSqlReplayStore(db, { table, now }),
  paceGate: (table, options) => createSqlPaceGate(db, { table, ...options }),
  runSwitch: (table) => createSqlRunSwitch(db, { table }),
  tokenStore: (table) => createSqlTokenStore(db, { table }),
})

export const keptInRedis = (redis: RedisDatabase): Kept => ({
  journal: (key) => createRedisJournal(redis, { key }),
  replayStore: (key, now) => createRedisReplayStore(redis, { key, now }),
  paceGate: (key, options) => createRedisPaceGate(redis, { key, ...options }),
  runSwitch: (key) => createRedisRunSwitch(redis, { key }),
  tokenStore: (key) => createRedisTokenStore(redis, { key }),
})

let places = 0
export const place = (): string => `p${process.pid}_${++places}`

const SCOPE = { environment: 'sandbox', partnerId: '085' } as const

/** Declares the tests; `kept` is asked within them. */
export function keepsAll(kept: () => Kept): void {
  it('journal: keeps the contract', () => checkStore(testJournal((name) => kept().journal(name))))

  it('replay store: keeps the contract, by the given clock and by its own', async () => {
    await checkStore(testReplayStore((name, now) => kept().replayStore(name, now)))
    await checkStore(testReplayStore((name) => kept().replayStore(name), { clock: 'own' }))
  })

  it('journal: gives its entries whole, however many there are', async () => {
    const journal = kept().journal(place())
    await journal.bind(SCOPE)
    const at = '2026-01-05T10:00:00.000Z'
    const facts = { rev: 1, state: 'enrolled', at, attempts: 1, digest: 'd' } as const
    const keys = Array.from({ length: 2100 }, (_, i) => `sandbox:085:u${String(i).padStart(5, '0')}`)
    await Promise.all(keys.map((key) => journal.write({ key, ...facts })))
    const listed = await all(journal.entries())
    expect(listed.map(({ key }) => key).sort()).toEqual(keys)
  })

  it('pace gate: spaces calls, closes for all, doubles its pauses and halves its rate', async () => {
    const name = place()
    let time = 1_800_000_000_000
    const sleep = async (ms: number) => void (time += ms)
    const make = () => kept().paceGate(name, { now: () => time, sleep, ratePerSecond: 10 })
    const [here, there] = [make(), make()]
    const next = async () => {
      const from = time
      await there.wait()
      return time - from
    }
    await here.wait()
    expect(await next()).toBeCloseTo(100, 3)
    expect(await next()).toBeCloseTo(100, 3)
    const pauses: number[] = []
    for (let i = 0; i < 8; i++) {
      here.observe({ ok: false, limited: true })
      await here.flush()
      pauses.push(here.closedForMs)
      expect(await next()).toBeGreaterThanOrEqual(pauses.at(-1)! - 0.001)
    }
    expect(pauses.map(Math.round)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
    // One call in ten seconds, which is the slowest there is.
    expect(await next()).toBeCloseTo(10_000, 1)
    for (let i = 0; i < 400; i++) there.observe({ ok: true, limited: false })
    await there.flush()
    await next()
    expect(await next()).toBeCloseTo(100, 3)
    here.observe({ ok: false, limited: true, retryAfterMs: 30_000 })
    await here.flush()
    expect(await next()).toBeCloseTo(30_000, 3)
  })

  it('pace gate: goes by the clock of the database, where no other is given', async () => {
    const name = place()
    const gates = [
      kept().paceGate(name, { ratePerSecond: 200 }),
      kept().paceGate(name, { ratePerSecond: 200 }),
    ]
    const times: number[] = []
    const began = performance.now()
    const go = (gate: SharedPaceGate) => gate.wait().then(() => times.push(performance.now() - began))
    await Promise.all(gates.flatMap((gate) => Array.from({ length: 10 }, () => go(gate))))
    times.sort((a, b) => a - b)
    // The k-th of 20 calls at 200 a second goes out k × 5 ms after the first, but for the fractions of one.
    for (const [k, time] of times.entries()) expect(time).toBeGreaterThanOrEqual(k * 5 - 3)
  })

  it('run switch: is one for all, and keeps the reason of a pause that a person set', async () => {
    const name = place()
    const [here, there] = [kept().runSwitch(name), kept().runSwitch(name)]
    expect([await here.read(), await here.reason()]).toEqual(['running', undefined])
    await here.note('waits for the host')
    expect([await there.read(), await there.reason()]).toEqual(['running', 'waits for the host'])
    await here.set('paused', 'by hand')
    await there.note('waits again')
    expect([await there.read(), await there.reason()]).toEqual(['paused', 'by hand'])
    await there.set('running')
    expect([await here.read(), await here.reason()]).toEqual(['running', undefined])
    await expect(here.set('stopped' as never)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('token store: keeps the newest, and drops the one that was refused alone', async () => {
    const name = place()
    const [here, there] = [kept().tokenStore(name), kept().tokenStore(name)]
    expect(await here.get('k')).toBeUndefined()
    await here.set('k', { token: 'a.b c', expiresAt: 1_800_000_000_123 })
    expect(await there.get('k')).toEqual({ token: 'a.b c', expiresAt: 1_800_000_000_123 })
    await there.set('k', { token: 'new', expiresAt: 5 })
    await here.drop('k', 'a.b c')
    expect(await here.get('k')).toEqual({ token: 'new', expiresAt: 5 })
    await here.drop('k', 'new')
    expect(await there.get('k')).toBeUndefined()
  })
}

/** Claims `rows` rows by four workers at once, and tells how many were given to more or fewer than one. */
export async function claimEach(journals: readonly Journal[], rows: number): Promise<number> {
  await Promise.all(journals.map((journal) => journal.bind(SCOPE)))
  const claims = new Map<string, number>()
  const claim = async (journal: Journal, key: string, worker: number) => {
    const at = '2026-01-05T10:00:00.000Z'
    const won = await journal.write({ key, rev: 1, state: 'sending', at, attempts: 1, digest: `${worker}` })
    claims.set(key, (claims.get(key) ?? 0) + Number(won))
  }
  await Promise.all(
    journals.map((journal, worker) =>
      Promise.all(Array.from({ length: rows }, (_, i) => claim(journal, `sandbox:085:${i}`, worker))),
    ),
  )
  return [...claims.values()].filter((times) => times !== 1).length + rows - claims.size
}
