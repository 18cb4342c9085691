/**
 * Faults, crashes and resumes in any order: every user is enrolled once, none is lost, and nothing is
 * reported that is not so.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backfillUsers, type BulkOutcome, createMemoryJournal, type Journal } from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import { createEmulator, type Fault, samplePhoto } from 'smileid-edge/emulator'
import { checkProperty } from '../support/property.ts'

const FAULTS: readonly Fault[] = [
  { kind: 'reset', commit: false },
  { kind: 'reset', commit: true },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 503, retryAfter: 2 },
  { kind: 'status', status: 429 },
  { kind: 'status', status: 429, retryAfter: 5 },
  { kind: 'body', body: 'truncated' },
  { kind: 'body', body: 'not_json' },
  { kind: 'body', body: 'empty' },
  { kind: 'latency', ms: 700 },
]
const photos = Array.from({ length: 8 }, (_, seed) => samplePhoto({ seed }))

/**
 * How a run ends: by itself, by a crash at so many steps of the journal or the network, by the signal, by
 * `stop`, by `break`, or by its budget.
 */
type End = { how: 'itself' } | { how: 'crash' | 'signal' | 'stop' | 'break' | 'budget'; after: number }
const ends = fc.oneof(
  fc.constant<End>({ how: 'itself' }),
  { weight: 4, arbitrary: fc.record({ how: fc.constant('crash' as const), after: fc.nat(60) }) },
  fc.record({
    how: fc.constantFrom('signal' as const, 'stop' as const, 'break' as const, 'budget' as const),
    after: fc.nat(12),
  }),
)

it('whatever happens on the way', async () => {
  const scenario = fc.record({
    count: fc.integer({ min: 1, max: 14 }),
    concurrency: fc.integer({ min: 1, max: 5 }),
    faults: fc.array(fc.option(fc.constantFrom(...FAULTS), { nil: undefined }), { maxLength: 40 }),
    runs: fc.array(ends, { maxLength: 5 }),
    bad: fc.uniqueArray(fc.nat(13), { maxLength: 3 }),
  })
  const met = { crashes: 0, resumed: 0, unclear: 0, settled: 0 }
  const { complete } = await checkProperty(
    fc.asyncProperty(scenario, async ({ count, concurrency, faults, runs, bad }) => {
      const emulator = createEmulator()
      faults.forEach((fault, after) => fault && emulator.addFault({ after, fault }))
      const journal = createMemoryJournal()
      const rows = Array.from({ length: count }, (_, i) => ({
        user_id: `u${i}`,
        user_created_at: '2021-08-12',
        photo: () => (bad.includes(i) ? photos[0]!.subarray(0, 200) : photos[i % 8]!),
      }))
      const valid = rows.filter((_, i) => !bad.includes(i))
      // Counted beside the engine: requests that reached the service and were not turned away, and those
      // among them whose end nobody can know.
      let submissions = 0
      let unclear = 0

      const reported = (outcome: BulkOutcome) => {
        const {
          state,
          row: { user_id },
        } = outcome
        if (state === 'enrolled' || state === 'exists')
          expect(emulator.isEnrolled(user_id), `${user_id} ${state}`).toBe(true)
        else if (state !== 'unknown' && state !== 'busy')
          expect(emulator.isEnrolled(user_id), `${user_id} ${state}`).toBe(false)
        if (state === 'exists') expect(outcome.attempted, 'nobody else enrols here').toBe(true)
        expect(state).not.toBe('rejected')
        expect(state === 'invalid').toBe(bad.includes(outcome.index))
        if (outcome.resumed) met.resumed++
        if (state === 'exists' && !outcome.resumed) met.settled++
      }

      async function session(end: End): Promise<BulkOutcome['state'][]> {
        let steps = 0
        let dead = false
        const never = new Promise<never>(() => {})
        let died = () => {}
        const death = new Promise<'dead'>((resolve) => (died = () => resolve('dead')))
        /**
         * One step of a process that dies at some point: before it, or after it, where the effect stays and
         * the answer is lost.
         */
        async function step<T>(work: () => Promise<T>): Promise<T> {
          const fatal = end.how === 'crash' && steps++ >= end.after
          if (dead || (fatal && steps % 2)) return ((dead = true), died(), never)
          const value = await work()
          if (dead || fatal) return ((dead = true), died(), never)
          return value
        }
        const mortal: Journal = {
          ...journal,
          read: (key) => step(() => journal.read(key)),
          write: (entry) => step(() => journal.write(entry)),
        }
        const signal = new AbortController()
        const stop = new AbortController()
        const client = createClient({
          ...emulator.clientOptions,
          fetch: async (url, init) =>
            step(async () => {
              const calls = emulator.calls.length
              if (end.how === 'signal' && calls >= end.after)
                setTimeout(() => signal.abort(new Error('cut off')))
              let known = false
              submissions++
              try {
                const response = await emulator.fetch(url, init)
                const text = await response.clone().text()
                const turnedAway = response.status === 429 || response.headers.has('retry-after')
                known = turnedAway || (response.status < 500 && text.startsWith('{'))
                if (turnedAway) submissions--
                return response
              } finally {
                if (!known) unclear++
              }
            }),
        })
        // Replies that the process does not live to write down, or is cut off from, are as good as none.
        if (end.how === 'crash' || end.how === 'signal') unclear += concurrency
        const seen: BulkOutcome['state'][] = []
        const work = (async () => {
          const run = backfillUsers(client, rows, {
            journal: mortal,
            concurrency,
            signal: signal.signal,
            stop: stop.signal,
            breaker: { window: 10, share: 0.5, pauseMs: 1000 },
            maxRetries: 2,
            maxLimitedRetries: 3,
            ...(end.how === 'budget' && { maxCalls: end.after }),
          })
          for await (const outcome of run) {
            reported(outcome)
            seen.push(outcome.state)
            if (end.how === 'stop' && seen.length > end.after) stop.abort()
            if (end.how === 'break' && seen.length > end.after) break
          }
        })().catch((error: unknown) => {
          // A 400 whose body was damaged may speak against all rows, and ends a run that had no success yet.
          if ((error as Error).message !== 'cut off' && !isSmileIdError(error, 'api_error')) throw error
          seen.push('failed')
        })
        if ((await Promise.race([work, death])) === 'dead') met.crashes++
        // What a dead process had under way may still arrive.
        await emulator.advance(5_000)
        return seen
      }

      for (const end of runs) {
        await session(end)
        await emulator.advance(20_000)
      }
      // Undisturbed, as often as it takes: leases run out, and faults that are left strike.
      for (let again = 0, open = true; open; again++) {
        expect(again, 'it comes to an end').toBeLessThan(60)
        await emulator.advance(61_000)
        open = (await session({ how: 'itself' })).some(
          (state) => state === 'failed' || state === 'unknown' || state === 'busy',
        )
      }

      expect([...emulator.users].map(({ user_id }) => user_id).sort()).toEqual(
        valid.map(({ user_id }) => user_id).sort(),
      )
      expect(emulator.calls.filter(({ committed }) => committed).length).toBe(valid.length)
      expect(submissions).toBeLessThanOrEqual(valid.length + unclear)
      met.unclear += unclear
      const final: Record<string, string> = {}
      for await (const { key, state } of journal.entries()) final[key.slice('sandbox:085:'.length)] = state
      expect(Object.keys(final).sort()).toEqual(valid.map(({ user_id }) => user_id).sort())
      for (const state of Object.values(final)) expect(state).toMatch(/^(enrolled|exists)$/)
    }),
    { numRuns: 300 },
  )
  // The runs that count did happen, where there was time for all.
  if (complete) expect(Math.min(...Object.values(met)), JSON.stringify(met)).toBeGreaterThan(50)
})
