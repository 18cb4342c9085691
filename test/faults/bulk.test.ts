/** A bulk run over real HTTP, with many faults, until every row has ended. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backfillUsers, type BulkOutcome, createMemoryJournal } from 'smileid-edge/bulk'
import type { Emulator, Fault } from 'smileid-edge/emulator'
import { createEmulatorServer } from 'smileid-edge/node'
import { freePort } from '../support/free-port.ts'
import { rows } from '../support/rows.ts'
import { serveEmulator, type ServedEmulator } from '../support/served-emulator.ts'

let server: ServedEmulator
let emulator: Emulator
beforeAll(async () => {
  server = await serveEmulator()
  emulator = server.emulator
})
afterAll(() => server.close())

it('400 rows: 5 % 503, 3 % cut before the commit, 3 % after, 1 % truncated, and bursts of 429', async () => {
  const at = (share: number, offset: number, fault: Fault) => {
    for (let call = offset; call < 400; call += Math.round(1 / share))
      emulator.addFault({ after: call, fault })
  }
  at(0.025, 3, { kind: 'status', status: 503 })
  at(0.025, 23, { kind: 'status', status: 503, retryAfter: 0 })
  at(0.03, 5, { kind: 'reset', commit: false })
  at(0.03, 16, { kind: 'reset', commit: true })
  at(0.01, 11, { kind: 'body', body: 'truncated' })
  for (const after of [60, 180, 300])
    emulator.addFault({ after, times: 5, fault: { kind: 'status', status: 429, retryAfter: 0 } })

  let requests = 0
  let turnedAway = 0
  const began = Date.now()
  const client = server.connect({
    // Fifty times as fast, since all that the pace after a 429 has to do here is to pass.
    now: () => began + (Date.now() - began) * 50,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 50)),
    async fetch(url, init) {
      requests++
      const response = await fetch(url, init)
      if (response.headers.has('retry-after')) turnedAway++
      return response
    },
  })
  const input = rows(400, 'user-')
  const journal = createMemoryJournal()
  const attempted: Record<string, boolean> = {}

  async function run(): Promise<BulkOutcome[]> {
    const outcomes: BulkOutcome[] = []
    for await (const outcome of backfillUsers(client, input, { journal, concurrency: 8 })) {
      outcomes.push(outcome)
      const {
        row: { user_id },
        state,
      } = outcome
      expect(
        state === 'enrolled' || state === 'exists' ? emulator.isEnrolled(user_id) : state === 'unknown',
        `${user_id} ${state}`,
      ).toBe(true)
      if (state === 'exists') attempted[user_id] = outcome.attempted
    }
    return outcomes
  }
  const count = (outcomes: BulkOutcome[], state: string) =>
    outcomes.filter((outcome) => outcome.state === state).length

  const first = await run()
  expect([first.length, new Set(first.map(({ row }) => row.user_id)).size]).toEqual([400, 400])
  const unknown = count(first, 'unknown')
  expect(unknown).toBeGreaterThan(20)
  expect(count(first, 'enrolled')).toBe(400 - unknown)
  expect(turnedAway).toBeGreaterThan(15)

  const second = await run()
  expect(count(second, 'enrolled') + count(second, 'exists')).toBe(400)
  // Those that were enrolled although the reply never came say so, and there are as many as faults after the
  // commit.
  const lost = Object.values(attempted)
  expect(lost.length).toBeGreaterThan(10)
  expect(lost.every(Boolean)).toBe(true)

  expect([...emulator.users].length).toBe(400)
  expect(emulator.calls.filter(({ committed }) => committed).length).toBe(400)
  // Nobody was sent again but those whose end was not known, and those who were turned away.
  expect(emulator.calls.filter(({ status }) => status === 400).length).toBe(lost.length)
  expect(requests).toBe(400 + unknown + turnedAway)

  const before = requests
  expect((await run()).every(({ resumed }) => resumed)).toBe(true)
  expect(requests).toBe(before)
})

it('a server that goes away is waited for, and no row counts as failed', async () => {
  const port = await freePort()
  const away = await serveEmulator({ port })
  const client = away.connect({ random: () => 0.01 })
  await away.close()
  let back: ReturnType<typeof createEmulatorServer> | undefined
  const run = backfillUsers(client, rows(6, 'late-'), {
    journal: createMemoryJournal(),
    maxRetries: 1,
    onProgress({ waiting }) {
      if (waiting) back ??= createEmulatorServer(away.emulator, { port })
    },
  })
  try {
    for await (const outcome of run) expect(outcome).toMatchObject({ state: 'enrolled', resumed: false })
    expect(run.progress.counts.enrolled).toBe(6)
    expect(away.emulator.calls).toHaveLength(6)
  } finally {
    await (await back)?.close()
  }
})
