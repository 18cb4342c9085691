/**
 * Clocks that jump, stand still, go backwards or give no number: waits end, limits hold, nothing is sent
 * twice, nothing is believed for longer.
 */
import { describe, expect, it } from 'vitest'
import {
  backfillUser,
  type ClientOptions,
  confirmSignature,
  createCallbackHandler,
  createClient,
  createMemoryReplayStore,
  generateSignature,
  getServices,
  isSmileIdError,
  verifyCallback,
  waitForJob,
} from 'smileid-edge'
import { backfillRow, backfillUsers, createMemoryJournal, createPaceGate } from 'smileid-edge/bulk'
import { createEmulator } from 'smileid-edge/emulator'
import { all } from '../support/all'
import { row, rows } from '../support/rows'
import { calls } from './calls'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NO_NUMBERS = [NaN, Infinity, -Infinity, 8.64e15 + 1, undefined, null, 'now', {}] as const
const job = { user_id: 'user', job_id: 'job' }
/**
 * An emulator, and a client whose clock is off by what `jump` says at each reading; sleeps take real time of
 * the emulator's.
 */
function start(jump: (reading: number) => number, more: Partial<ClientOptions> = {}) {
  const emulator = createEmulator()
  const time = emulator.clientOptions.now!
  let reading = 0
  const now = () => time() + jump(++reading)
  return { emulator, time, client: createClient({ ...emulator.clientOptions, now, ...more }) }
}

describe('a wait for a job', () => {
  /** How long it really took until the wait gave up, in the emulator's own time. */
  async function lasted(jump: (reading: number) => number, maxWaitMs = 60_000): Promise<number> {
    const { emulator, time, client } = start(jump)
    emulator.startJob({ ...job, durationMs: 30 * DAY })
    const began = time()
    const error: unknown = await waitForJob(client, job, { maxWaitMs }).catch((thrown: unknown) => thrown)
    expect(isSmileIdError(error, 'wait_timeout')).toBe(true)
    return time() - began
  }

  it('lasts as long as it was told to', async () => expect(await lasted(() => 0)).toBeLessThanOrEqual(60_000))
  it.each([HOUR, DAY, 365 * DAY])('does not get longer when the clock goes back by %i ms', async (by) =>
    expect(await lasted((reading) => (reading > 20 ? -by : 0))).toBeLessThanOrEqual(65_000),
  )
  it('nor when it goes back again and again', async () =>
    expect(await lasted((reading) => -500 * Math.floor(reading / 10))).toBeLessThanOrEqual(90_000))
  it.each([HOUR, DAY, 365 * DAY])('ends when the clock goes forward by %i ms', async (by) =>
    expect(await lasted((reading) => (reading > 20 ? by : 0))).toBeLessThanOrEqual(60_000),
  )
  it('sees a job that ends meanwhile, whatever the clock says', async () => {
    for (const by of [-DAY, -1, 1, 20_000]) {
      const { emulator, client } = start((reading) => (reading > 6 ? by : 0))
      emulator.startJob({ ...job, durationMs: 10_000 })
      expect((await waitForJob(client, job)).job_complete).toBe(true)
    }
  })
})

describe.each(NO_NUMBERS)('a clock that gives %s', (value) => {
  const broken = (from: number) => {
    const emulator = createEmulator()
    let reading = 0
    return {
      emulator,
      client: createClient({
        ...emulator.clientOptions,
        maxRetries: 0,
        now: () => (++reading >= from ? (value as number) : emulator.clientOptions.now!()),
      }),
    }
  }

  it.each(Object.keys(calls).filter((name) => name !== 'getServices'))('signs nothing, %s', async (name) => {
    const { emulator, client } = broken(1)
    const error: unknown = await calls[name]!(client).catch((thrown: unknown) => thrown)
    expect(isSmileIdError(error, 'invalid_input') && error.issues[0]!.path).toBe('now')
    expect(emulator.calls).toEqual([])
  })

  it('ends a wait, at the beginning and in the middle', async () => {
    for (const from of [1, 5, 12]) {
      const { emulator, client } = broken(from)
      emulator.startJob({ ...job, durationMs: 30 * DAY })
      expect(
        isSmileIdError(
          await waitForJob(client, job, { maxWaitMs: 60_000 }).catch((thrown: unknown) => thrown),
        ),
      ).toBe(true)
    }
  })

  it('believes no signature that has to be fresh', async () => {
    const { emulator, client } = broken(1)
    const error: unknown = await verifyCallback(
      client,
      await emulator.callbackRequest('https://app.example/c'),
    ).catch((thrown: unknown) => thrown)
    expect(isSmileIdError(error, 'signature_expired')).toBe(true)
    const pair = await generateSignature({ partnerId: '085', apiKey: 'k' })
    if (value !== undefined)
      expect(
        await confirmSignature({ partnerId: '085', apiKey: 'k' }, pair, {
          maxAgeMs: HOUR,
          now: () => value as number,
        }),
      ).toBe(false)
  })

  it('sends no row, and one row no more than once', async () => {
    for (const from of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
      const { emulator, client } = broken(from)
      const journal = createMemoryJournal()
      const outcome = await backfillRow(client, row('u'), { journal }).catch((thrown: unknown) => thrown)
      const sent = emulator.calls.length
      expect(sent).toBeLessThanOrEqual(1)
      const state = (await all(journal.entries()))[0]?.state
      // What was sent is in the journal, whether or not its end could be written down.
      if (sent) expect(state).toMatch(/^(sending|enrolled|unknown|rejected)$/)
      else expect(state === undefined || state === 'failed' || state === 'sending').toBe(true)
      if (outcome instanceof Error) expect(isSmileIdError(outcome)).toBe(true)
    }
  })
})

/** When twenty calls of a gate of ten a second were let through, in true time, with a clock that is off. */
async function paced(
  jump: (reading: number) => number,
  shown = (time: number) => time,
): Promise<{ starts: number[] }> {
  let time = 1_000_000
  let reading = 0
  const gate = createPaceGate({
    ratePerSecond: 10,
    now: () => shown(time + jump(++reading)),
    sleep: async (ms) => void (time += Math.min(ms, 1000)),
  })
  const starts: number[] = []
  for (let i = 0; i < 20; i++) {
    await gate.wait()
    starts.push(time)
  }
  return { starts }
}

describe('a pace of ten a second', () => {
  it.each(NO_NUMBERS.filter((value) => !Number.isFinite(value)))(
    'is kept when the clock gives %s at times',
    async (value) => {
      const { starts } = await paced(
        (reading) => (reading % 3 ? 0 : NaN),
        (time) => (Number.isNaN(time) ? (value as number) : time),
      )
      for (const [index, at] of starts.entries())
        if (index) expect(at - starts[index - 1]!).toBeGreaterThanOrEqual(99)
    },
  )
  it.each([
    ['goes back', (reading: number) => (reading > 15 ? -DAY : 0)],
    ['goes back again and again', (reading: number) => -50 * Math.floor(reading / 10)],
    ['stands right', () => 0],
  ] as const)('is kept when the clock %s', async (_, jump) => {
    const { starts } = await paced(jump)
    expect(starts.slice(1).every((at, index) => at - starts[index]! >= 99)).toBe(true)
    // And not for ever.
    expect(starts.at(-1)! - starts[0]!).toBeLessThan(60_000)
  })
  it('lets one call through early when the clock goes forward, not all of them', async () => {
    const { starts } = await paced((reading) => (reading > 15 ? DAY : 0))
    expect(starts.slice(1).filter((at, index) => at - starts[index]! < 99).length).toBeLessThanOrEqual(1)
  })
})

describe('a lease', () => {
  it.each([-365 * DAY, -DAY, -HOUR, -1])(
    'of a run whose clock was off by %i ms keeps no row for ever, and sends none twice',
    async (by) => {
      const emulator = createEmulator()
      const journal = createMemoryJournal()
      const time = emulator.clientOptions.now!
      const ahead = createClient({
        ...emulator.clientOptions,
        now: () => time() - by,
        fetch: async () => {
          throw new Error('gone')
        },
      })
      await backfillRow(ahead, row('u'), { journal })
      const states: string[] = []
      for (let i = 0; i < 4; i++, await emulator.advance(60_000))
        states.push((await backfillRow(createClient(emulator.clientOptions), row('u'), { journal })).state)
      expect(states.at(-1)).toMatch(/enrolled|exists/)
      expect(emulator.calls.filter(({ committed }) => committed)).toHaveLength(1)
    },
  )

  it.each([HOUR, DAY, 365 * DAY])(
    'that a clock outruns by %i ms while the call is under way lets no user be enrolled twice',
    async (by) => {
      const emulator = createEmulator()
      const journal = createMemoryJournal()
      let jump = 0
      const now = () => emulator.clientOptions.now!() + jump
      const second = createClient({ ...emulator.clientOptions, now })
      const seen: string[] = []
      const first = createClient({
        ...emulator.clientOptions,
        now,
        async fetch(url, init) {
          jump = by
          seen.push((await backfillRow(second, row('u'), { journal })).state)
          return emulator.fetch(url, init)
        },
      })
      seen.push((await backfillRow(first, row('u'), { journal })).state)
      expect(seen.filter((state) => state === 'enrolled').length).toBeLessThanOrEqual(1)
      expect([...emulator.users]).toHaveLength(1)
      expect((await all(journal.entries()))[0]!.state).toMatch(/enrolled|exists/)
    },
  )
})

describe('a bulk run', () => {
  it.each([
    ['back', -DAY],
    ['forward', DAY],
    ['back and forth', 0],
  ] as const)('whose clock goes %s ends, with each user enrolled once', async (_, by) => {
    const { emulator, client } = start((reading) => (by || (reading % 2 ? DAY : -DAY)) * Number(reading > 30))
    const outcomes = await all(
      backfillUsers(client, rows(50), { journal: createMemoryJournal(), ratePerSecond: 1000 }),
    )
    expect(outcomes.map(({ state }) => state)).toEqual(Array(50).fill('enrolled'))
    expect(emulator.calls).toHaveLength(50)
  })
})

describe('what is kept', () => {
  it.each([-365 * DAY, -2 * HOUR, 2 * HOUR, 365 * DAY])(
    'of the services document is old when the clock jumps by %i ms',
    async (by) => {
      const { emulator, client } = start((reading) => (reading > 8 ? by : 0))
      for (let i = 0; i < 10; i++) await getServices(client)
      expect(emulator.calls.length).toBe(2)
    },
  )

  it('of confirmed callbacks turns nobody away for longer because the clock went back', async () => {
    const { emulator, client } = start(() => jump)
    let jump = 0
    emulator.startJob({ ...job, durationMs: DAY })
    const handler = createCallbackHandler(client, {
      onResult: () => {},
      replayStore: createMemoryReplayStore(),
    })
    const text = await (await emulator.callbackRequest('https://app.example/c')).text()
    const send = async () =>
      (await handler(new Request('https://app.example/c', { method: 'POST', body: text }))).status
    for (let i = 0; i < 8; i++) expect(await send()).toBe(503)
    expect(await send()).toBe(429)
    jump = -DAY
    expect(await send()).toBe(503)
  })
})

describe('the age of a signature', () => {
  it.each([
    [-300_001, false],
    [-300_000, true],
    [0, true],
    [300_000, true],
    [300_001, false],
    [DAY, false],
    [-DAY, false],
  ] as const)('of %i ms counts in both directions', async (by, fresh) => {
    const { emulator, client } = start(() => by)
    const verified = await verifyCallback(
      client,
      await emulator.callbackRequest('https://app.example/c'),
    ).then(
      () => true,
      (error: unknown) => (isSmileIdError(error, 'signature_expired') ? false : error),
    )
    expect(verified).toBe(fresh)
  })

  it('has a clock that is wrong answered by the service, not hidden', async () => {
    const emulator = createEmulator({ choices: { maxSignatureAgeMs: 300_000 } })
    const client = createClient({
      ...emulator.clientOptions,
      now: () => emulator.clientOptions.now!() + HOUR,
    })
    expect(
      isSmileIdError(await backfillUser(client, row('u')).catch((thrown: unknown) => thrown), 'unauthorized'),
    ).toBe(true)
  })
})
