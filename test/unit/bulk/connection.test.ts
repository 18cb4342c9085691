/**
 * A server that cannot be reached, as the system itself says it: a port of this machine on which nobody
 * listens. The run's pauses are the client's own `sleep`, so a test decides what happens during each.
 */
import { afterEach, describe, expect, it } from 'vitest'
import {
  backfillUsers,
  type BulkOptions,
  type BulkOutcome,
  type BulkProgress,
  createMemoryJournal,
  type JournalEntry,
} from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import { createEmulator } from 'smileid-edge/emulator'
import { createEmulatorServer, type EmulatorServer } from 'smileid-edge/node'
import { freePort } from '../../support/free-port.ts'
import { rows } from '../../support/rows.ts'

const HOUR_MS = 3_600_000

let server: EmulatorServer | undefined
async function down(): Promise<void> {
  await server?.close()
  server = undefined
}
afterEach(down)

/** An emulator that is not served yet, on a port that is free, and a client of it. */
async function startDown() {
  const emulator = createEmulator({ clock: 'real' })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { host } = new URL(url)
  let time = Date.now()
  const pauses: number[] = []
  const tries: number[] = []
  const on = { pause: (_count: number): unknown => undefined }
  const client = createClient({
    partnerId: emulator.clientOptions.partnerId,
    apiKey: emulator.clientOptions.apiKey,
    environment: 'sandbox',
    baseUrl: url,
    now: () => time,
    // Pauses of the longest length: their upper half is left to chance.
    random: () => 1,
    hooks: { onRequest: () => void tries.push(pauses.length) },
    async sleep(ms, signal) {
      pauses.push(ms)
      time += ms
      await on.pause(pauses.length)
      signal?.throwIfAborted()
    },
  })
  return {
    emulator,
    client,
    host,
    tries,
    on,
    pass: (ms: number) => void (time += ms),
    up: async () => (server ??= await createEmulatorServer(emulator, { port })),
    journal: createMemoryJournal(),
  }
}

async function drain(run: AsyncIterable<BulkOutcome>) {
  const outcomes: BulkOutcome[] = []
  try {
    for await (const outcome of run) outcomes.push(outcome)
  } catch (error) {
    return { outcomes, error: error as any }
  }
  return { outcomes, error: undefined }
}

/** What a watcher is told of waiting; runs of the same told once. */
function watcher() {
  const told: BulkProgress['waiting'][] = []
  const onProgress = ({ waiting }: BulkProgress) => {
    const isNews = waiting ? waiting.waitedMs !== told.at(-1)?.waitedMs || told.length === 0 : told.at(-1)
    if (isNews) told.push(waiting)
  }
  return { told, onProgress }
}

async function entriesOf(journal: ReturnType<typeof createMemoryJournal>): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  for await (const entry of journal.entries()) entries.push(entry)
  return entries
}

describe('a server that cannot be reached', () => {
  it.each([1, 4, 16])('holds the run, which goes on by itself, with %i at once', async (concurrency) => {
    const { emulator, client, host, tries, on, up, journal } = await startDown()
    const { told, onProgress } = watcher()
    on.pause = async () => {
      if (told.length === 8) await up()
    }
    const run = backfillUsers(client, rows(60), { journal, concurrency, onProgress })
    const { outcomes, error } = await drain(run)
    expect(error).toBe(undefined)
    expect(run.progress.counts).toEqual({
      enrolled: 60,
      exists: 0,
      rejected: 0,
      invalid: 0,
      failed: 0,
      unknown: 0,
      busy: 0,
    })
    expect([outcomes.length, [...emulator.users].length, emulator.calls.length]).toEqual([60, 60, 60])
    // Eight tries of one row each, of which the last one got through.
    const waiting = told.filter((one) => one !== undefined)
    expect(waiting.map(({ nextTryMs }) => nextTryMs)).toEqual(
      [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000),
    )
    expect(
      new Set(waiting.map(({ code, systemCode, host: named }) => `${code} ${systemCode} ${named}`)),
    ).toEqual(new Set([`network_error ECONNREFUSED ${host}`]))
    expect(told.at(-1)).toBe(undefined)
    expect(run.progress.waiting).toBe(undefined)
    const failedTries = tries.length - emulator.calls.length
    // Three open it, and as many more as were under way by then; then one for each pause but the last.
    expect(failedTries).toBeGreaterThanOrEqual(3 + 7)
    expect(failedTries).toBeLessThanOrEqual(2 + concurrency + 7)
    for (const { state, rev, attempts } of await entriesOf(journal)) {
      expect([state, rev]).toEqual(['enrolled', 2 * attempts])
    }
  })

  it('in the middle of a run leaves what was done done, and sends nothing twice', async () => {
    const { emulator, client, on, up, journal } = await startDown()
    await up()
    const { told, onProgress } = watcher()
    on.pause = async () => {
      if (told.length === 3) await up()
    }
    const run = backfillUsers(client, rows(40), {
      journal,
      async onProgress(progress) {
        onProgress(progress)
        if (progress.done === 10) await down()
      },
    })
    const { outcomes } = await drain(run)
    const lost = outcomes.filter(({ state }) => state !== 'enrolled')
    // A call that was cut off while it was out ends as such; nobody else is any the worse.
    expect(lost.length).toBeLessThanOrEqual(4)
    for (const { state } of lost) expect(state).toBe('unknown')
    expect(outcomes).toHaveLength(40)
    expect(told.length).toBeGreaterThan(1)
    await drain(backfillUsers(client, rows(40), { journal }))
    expect([...emulator.users].length).toBe(40)
    expect(emulator.calls.filter(({ committed }) => committed).length).toBe(40)
  })

  it.each<[string, Partial<BulkOptions>, { mostMs: number; jumpMs: number }]>([
    // As on a machine that sleeps for an hour at each pause.
    ['twelve hours', {}, { mostMs: 12 * HOUR_MS, jumpMs: HOUR_MS }],
    ['breaker.maxWaitMs', { breaker: { maxWaitMs: 90_000 } }, { mostMs: 90_000, jumpMs: 0 }],
    ['no time at all', { breaker: { maxWaitMs: 0 } }, { mostMs: 0, jumpMs: 0 }],
  ])('ends the run after %s, and leaves the rows to the next', async (_, options, { mostMs, jumpMs }) => {
    const { emulator, client, pass, on, up, journal } = await startDown()
    const { told, onProgress } = watcher()
    on.pause = () => told.length && pass(jumpMs)
    const run = backfillUsers(client, rows(50_000), { journal, ...options, onProgress })
    const { outcomes, error } = await drain(run)
    expect([error.name, error.code, error.outcome, error.retryable, error.cause.message]).toEqual([
      'SmileIdNetworkError',
      'network_error',
      'not_sent',
      true,
      'ECONNREFUSED',
    ])
    expect([outcomes, run.progress.done, run.progress.counts.failed]).toEqual([[], 0, 0])
    expect(told.at(-1)).toMatchObject({ nextTryMs: 0 })
    const { waitedMs } = told.at(-1)!
    expect([waitedMs >= mostMs, waitedMs <= mostMs + 2 * jumpMs]).toEqual([true, true])
    const known = await entriesOf(journal)
    // Those that tried, each of which is as open as those that did not.
    expect(known.length).toBeLessThanOrEqual(4)
    for (const { state, code } of known) expect([state, code]).toEqual(['failed', 'network_error'])
    await up()
    expect((await drain(backfillUsers(client, rows(8), { journal }))).outcomes).toHaveLength(8)
    expect([[...emulator.users].length, emulator.calls.length]).toEqual([8, 8])
  })

  it('is waited for no longer once somebody stops the run, or cuts it off', async () => {
    for (const end of ['stop', 'signal'] as const) {
      const { client, on, journal } = await startDown()
      const { told, onProgress } = watcher()
      const controller = new AbortController()
      const reason = new Error('enough')
      on.pause = () => told.length === 2 && controller.abort(reason)
      const run = backfillUsers(client, rows(3), { journal, onProgress, [end]: controller.signal })
      const { outcomes, error } = await drain(run)
      expect([outcomes, error, run.progress.waiting]).toEqual([
        [],
        end === 'stop' ? undefined : reason,
        undefined,
      ])
      // Rows are left, though the source has no more of them.
      expect(run.progress.stoppedBy).toBe(end === 'stop' ? 'stop' : undefined)
    }
  })

  it('uses up neither repeats nor the budget of calls', async () => {
    const { emulator, client, on, up, journal } = await startDown()
    const { told, onProgress } = watcher()
    on.pause = async () => {
      if (told.length === 6) await up()
    }
    const run = backfillUsers(client, rows(9), {
      journal,
      maxCalls: 5,
      maxRetries: 1,
      onProgress,
    })
    const { outcomes, error } = await drain(run)
    expect([error, run.progress.stoppedBy]).toEqual([undefined, 'maxCalls'])
    expect(outcomes.map(({ state }) => state)).toEqual(Array(5).fill('enrolled'))
    expect(emulator.calls).toHaveLength(5)
  })

  it('fails row by row where the caller wants no breaker', async () => {
    const { client, tries, journal } = await startDown()
    const run = backfillUsers(client, rows(20), { journal, breaker: false, maxRetries: 1 })
    const { outcomes, error } = await drain(run)
    expect([error, run.progress.waiting]).toEqual([undefined, undefined])
    expect(outcomes.map(({ state, code }) => `${state} ${code}`)).toEqual(
      Array(20).fill('failed network_error'),
    )
    expect(tries).toHaveLength(40)
  })
})
