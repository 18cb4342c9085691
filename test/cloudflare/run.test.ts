/** A whole run: three hundred rows through a queue, with many faults, until every row has ended. */
import type { BulkOutcome } from 'smileid-edge/bulk'
import {
  type BackfillMessage,
  createD1Journal,
  createD1PaceGate,
  createD1RunSwitch,
  sendBackfill,
} from 'smileid-edge/cloudflare'
import { type Fault, samplePhoto } from 'smileid-edge/emulator'
import { expect, it, vi } from 'vitest'
import { all } from '../support/all'
import { env, message, start, table } from './bindings'
import { queues } from './worker'

const ROWS = 300
/** What only a hang reaches. */
const TIME_LIMIT_MS = 600_000

it(
  'enrols every row exactly once, through faults of all kinds and messages that come twice',
  async () => {
    const { emulator, client } = start({ clock: 'real' })
    const at = (every: number, offset: number, fault: Fault) => {
      for (let call = offset; call < ROWS; call += every) emulator.addFault({ after: call, fault })
    }
    at(40, 3, { kind: 'status', status: 503 })
    at(30, 5, { kind: 'reset', commit: false })
    at(30, 16, { kind: 'reset', commit: true })
    at(90, 11, { kind: 'body', body: 'truncated' })
    // Late, since it takes a gate a while to trust the service again.
    emulator.addFault({ after: 290, times: 3, fault: { kind: 'status', status: 429, retryAfter: 1 } })

    const rows = Array.from({ length: ROWS }, (_, i): BackfillMessage => ({
      user_id: `run-${i}`,
      user_created_at: '2021-08-12',
      photo: `run/${i}.jpg`,
    }))
    for (let i = 0; i < ROWS; i += 50)
      await Promise.all(
        rows.slice(i, i + 50).map(({ photo }, k) => env.PHOTOS.put(photo, samplePhoto({ seed: i + k }))),
      )

    const ended = new Map<string, BulkOutcome>()
    const told: Record<string, number> = {}
    const stops: unknown[] = []
    queues.rows.setup = ({ DB, PHOTOS }) => ({
      client,
      photos: PHOTOS,
      journal: createD1Journal(DB),
      concurrency: 8,
      pace: createD1PaceGate(DB, { ratePerSecond: 500 }),
      onOutcome(outcome, { user_id }) {
        told[outcome.state] = (told[outcome.state] ?? 0) + 1
        if (outcome.state === 'enrolled' || outcome.state === 'exists') ended.set(user_id, outcome)
      },
      onStop: (reason) => void stops.push(reason),
    })
    // Queues deliver at least once: some come twice, and some while the first is under way.
    expect(
      await sendBackfill(
        env.ROWS,
        rows.flatMap((row, i) => (i % 10 ? [row] : [row, row])),
      ),
    ).toEqual({ sent: ROWS * 1.1 })
    await vi.waitUntil(() => ended.size === ROWS, { timeout: 300_000, interval: 100 })

    expect([...emulator.users].length).toBe(ROWS)
    expect(emulator.calls.filter(({ committed }) => committed).length).toBe(ROWS)
    expect(new Set([...emulator.users].map(({ user_id }) => user_id)).size).toBe(ROWS)
    expect(stops).toEqual([])
    // Only those whose end was not known were asked about, and each of them, as it said, had been enrolled by
    // an earlier call.
    const asked = emulator.calls.filter(({ status }) => status === 400).length
    const attempted = [...ended.values()].filter((outcome) => outcome.state === 'exists' && outcome.attempted)
    expect(attempted.length).toBe(asked)
    expect(asked).toBeGreaterThan(10)
    expect(told.unknown).toBeGreaterThan(20)
    expect(told.failed).toBeGreaterThanOrEqual(3)
    const entries = await all(createD1Journal(env.DB).entries())
    expect(entries.length).toBe(ROWS)
    for (const { state, attempted } of entries)
      expect(state === 'enrolled' || (state === 'exists' && attempted)).toBe(true)
  },
  TIME_LIMIT_MS,
)

it(
  'holds itself while the wallet is empty, uses up no delivery, and enrols all once it is resumed',
  async () => {
    const { emulator, client } = start({ clock: 'real' })
    emulator.addFault({ after: 20, times: 1_000_000, fault: { kind: 'status', status: 402 } })
    const [journal, run] = [table(), createD1RunSwitch(env.DB, { table: table() })]
    const latest = new Map(Array.from({ length: 60 }, (_, i) => [`wallet-${i}`, 'no outcome']))
    let rounds = 0
    queues['unpaid-rows'].setup = ({ DB, PHOTOS, UNPAID_ROWS }) => ({
      client,
      photos: PHOTOS,
      journal: createD1Journal(DB, { table: journal }),
      run,
      onStop: () => {},
      // Five minutes would be long for a test.
      queue: {
        sendBatch: (messages) => (
          rounds++,
          UNPAID_ROWS.sendBatch(Array.from(messages, (sent) => ({ ...sent, delaySeconds: 1 })))
        ),
      },
      onOutcome: ({ state, code }, { user_id }) => void latest.set(user_id, `${state} ${code}`),
    })
    const open = () => [...latest].filter(([, outcome]) => !outcome.startsWith('enrolled '))
    await sendBackfill(
      env.UNPAID_ROWS,
      await Promise.all([...latest.keys()].map((user_id) => message(user_id))),
    )
    await vi.waitUntil(async () => (await run.read()) === 'paused', { timeout: 300_000 })
    expect(await run.reason()).toBe('payment_required: Top up the wallet.')
    const [calls, before] = [emulator.calls.length, rounds]
    // A few came too late to stop, and no more than are under way at once.
    expect(calls).toBeLessThanOrEqual(24)
    await vi.waitUntil(() => rounds > before + 150, { timeout: 300_000 })
    expect([emulator.calls.length, [...emulator.users].length]).toEqual([calls, 20])
    emulator.clearFaults()
    await run.set('running')
    await vi.waitFor(() => expect(open()).toEqual([]), { timeout: 300_000 })
    expect(new Set(queues['unpaid-rows'].deliveries)).toEqual(new Set([1]))
  },
  TIME_LIMIT_MS,
)
