/** The gate in D1: one for all, whoever waits where. */
import fc from 'fast-check'
import { createD1PaceGate, type D1Like, type D1PaceOptions } from 'smileid-edge/cloudflare'
import { expect, it } from 'vitest'
import { checkProperty } from '../support/property'
import { env, table } from './bindings'

/** Gates of one table under a clock that sleeping moves on. */
function gates(count: number, options: D1PaceOptions = {}) {
  const clock = { time: 1_800_000_000_000, asleep: (_ms: number): unknown => undefined }
  const name = table()
  const make = (db: D1Like = env.DB) =>
    createD1PaceGate(db, {
      ...options,
      table: name,
      now: () => clock.time,
      async sleep(ms) {
        await clock.asleep(ms)
        clock.time += ms
      },
    })
  return {
    clock,
    make,
    gates: Array.from({ length: count }, () => make()) as [
      ReturnType<typeof make>,
      ReturnType<typeof make>,
      ...ReturnType<typeof make>[],
    ],
  }
}

it('spaces the calls of all consumers evenly, in real time', async () => {
  const name = table()
  const all = Array.from({ length: 4 }, () => createD1PaceGate(env.DB, { table: name, ratePerSecond: 50 }))
  const times: number[] = []
  const start = Date.now()
  await Promise.all(
    all.flatMap((gate) =>
      Array.from({ length: 8 }, () => gate.wait().then(() => times.push(Date.now() - start))),
    ),
  )
  expect(times).toHaveLength(32)
  // Of 32 calls at 50 a second the k-th may go out k × 20 ms after the first.
  times.sort((a, b) => a - b).forEach((time, k) => expect(time).toBeGreaterThanOrEqual(k * 20 - 2))
  expect(times.at(-1)).toBeLessThan(20_000)
})

it('passes no rate and no closing, whatever happens in which order at which consumer', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('call' as const), gate: fc.nat(2) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('idle' as const), gate: fc.nat(2), ms: fc.nat(4000) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('limited' as const),
        gate: fc.nat(2),
        ms: fc.option(fc.nat(3000), { nil: undefined }),
      }),
    },
  )
  await checkProperty(
    fc.asyncProperty(
      fc.constantFrom(0.5, 3, 40),
      fc.array(step, { minLength: 5, maxLength: 25 }),
      async (ratePerSecond, steps) => {
        const { clock, gates: three } = gates(3, { ratePerSecond })
        let before = -Infinity
        let closedUntil = 0
        for (const { kind, gate, ...more } of steps) {
          if (kind === 'idle') clock.time += (more as { ms: number }).ms
          else if (kind === 'call') {
            await three[gate]!.wait()
            expect(clock.time - before).toBeGreaterThanOrEqual(1000 / ratePerSecond - 0.01)
            expect(clock.time).toBeGreaterThanOrEqual(closedUntil)
            before = clock.time
            three[gate]!.observe({ ok: true, limited: false })
          } else {
            const { ms } = more as { ms: number | undefined }
            three[gate]!.observe({ ok: false, limited: true, ...(ms !== undefined && { retryAfterMs: ms }) })
            await three[gate]!.flush()
            closedUntil = Math.max(closedUntil, clock.time + (ms ?? 500))
          }
        }
      },
    ),
    { numRuns: 40 },
  )
})

it('is closed for all by a 429: for a second, two, four, up to a minute, until a call succeeds', async () => {
  const {
    clock,
    gates: [here, there],
  } = gates(2)
  const pauses: number[] = []
  const limited = async () => {
    here.observe({ ok: false, limited: true })
    await here.flush()
    const from = clock.time
    pauses.push(here.closedForMs)
    await there.wait()
    expect(clock.time - from).toBeGreaterThanOrEqual(pauses.at(-1)!)
    expect(there.closedForMs).toBe(0)
  }
  await here.wait()
  for (let i = 0; i < 8; i++) await limited()
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  there.observe({ ok: true, limited: false })
  await there.flush()
  pauses.length = 0
  await limited()
  expect(pauses).toEqual([1000])
})

it('takes calls that were turned away together for one event, and halves the rate for it', async () => {
  const {
    clock,
    gates: [here, there],
  } = gates(2, { ratePerSecond: 10 })
  const spacing = async () => {
    await there.wait()
    const from = clock.time
    await here.wait()
    return clock.time - from
  }
  for (let i = 0; i < 20; i++) expect(await spacing()).toBeCloseTo(100, 5)
  for (let i = 0; i < 4; i++) for (const gate of [here, there]) gate.observe({ ok: false, limited: true })
  await Promise.all([here.flush(), there.flush()])
  const from = clock.time
  await here.wait()
  expect(clock.time - from).toBe(1000)
  const slow = await spacing()
  expect(slow).toBeGreaterThan(195)
  expect(slow).toBeLessThan(215)
  // Each success wins some of it back, up to what is allowed.
  for (let i = 0; i < 200; i++) here.observe({ ok: true, limited: false })
  await here.flush()
  expect(await spacing()).toBeCloseTo(100, 5)
})

it('finds out how much the service takes where no rate is given', async () => {
  const {
    clock,
    gates: [here, there],
  } = gates(2)
  // Twenty calls a second, all at once as far as the gate is concerned.
  for (let i = 0; i < 100; i++) {
    await here.wait()
    clock.time += 50
  }
  here.observe({ ok: false, limited: true, retryAfterMs: 3000 })
  await here.flush()
  const closed = clock.time
  await there.wait()
  const first = clock.time
  await there.wait()
  expect(first - closed).toBe(3000)
  expect(clock.time - first).toBeGreaterThan(85)
  expect(clock.time - first).toBeLessThan(120)
})

it('lets nobody go who was waiting when others were turned away', async () => {
  const {
    clock,
    gates: [here, there],
  } = gates(2, { ratePerSecond: 1 })
  await here.wait()
  const from = clock.time
  clock.asleep = async () => {
    clock.asleep = () => undefined
    here.observe({ ok: false, limited: true, retryAfterMs: 30_000 })
    await here.flush()
  }
  await there.wait()
  expect(clock.time - from).toBeGreaterThanOrEqual(30_000)
})

it('gives those who wait together their times in one statement, and few of them in vain', async () => {
  const { clock, make } = gates(1, { ratePerSecond: 1 })
  let updates = 0
  const counted: D1Like = {
    prepare(sql) {
      if (sql.startsWith('UPDATE')) updates++
      return env.DB.prepare(sql)
    },
  }
  const gate = make(counted)
  await Promise.all(Array.from({ length: 4 }, () => gate.wait()))
  expect(updates).toBe(1)
  clock.time += 60_000
  const from = clock.time
  clock.asleep = () => Promise.reject(new Error('enough'))
  const gone = await Promise.allSettled(Array.from({ length: 30 }, () => make().wait()))
  expect(gone.filter(({ status }) => status === 'rejected').length).toBe(29)
  clock.asleep = () => undefined
  await make().wait()
  expect(clock.time - from).toBeLessThanOrEqual(8000)
})

it('ends a wait with the reason of the signal', async () => {
  const name = table()
  const gate = createD1PaceGate(env.DB, { table: name, ratePerSecond: 0.1 })
  await gate.wait()
  const enough = new AbortController()
  const waiting = gate.wait(enough.signal)
  setTimeout(() => enough.abort(new Error('enough')), 50)
  await expect(waiting).rejects.toThrow('enough')
  await expect(gate.wait(enough.signal)).rejects.toThrow('enough')
})

it('forgets nothing that D1 would not take', async () => {
  const {
    make,
    gates: [other],
  } = gates(1)
  let broken = false
  const gate = make({
    prepare(sql) {
      if (broken) throw new Error('D1_ERROR: Network connection lost.')
      return env.DB.prepare(sql)
    },
  })
  await gate.wait()
  broken = true
  gate.observe({ ok: false, limited: true, retryAfterMs: 20_000 })
  await expect(gate.flush()).rejects.toThrow('Network connection lost')
  await expect(gate.wait()).rejects.toThrow('Network connection lost')
  broken = false
  await gate.flush()
  await other.wait()
  expect(other.closedForMs).toBe(0)
  expect(gate.closedForMs).toBe(0)
})

it('refuses wrong options, all at once', () => {
  expect(() => createD1PaceGate(env.DB, { ratePerSecond: 0, table: ' ', now: 5, rate: 1 } as never)).toThrow(
    expect.objectContaining({
      issues: ['table', 'now', 'ratePerSecond', 'rate'].map((name) =>
        expect.objectContaining({ path: `options.${name}` }),
      ),
    }),
  )
})
