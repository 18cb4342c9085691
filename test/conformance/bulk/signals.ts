/** Stop, break and abort of a bulk run. */
import { backfillUsers, createPaceGate, type Journal } from 'smileid-edge/bulk'
import { row, rows } from '../../support/rows'
import { until } from '../../support/until'
import { describe, equal, ok, test } from '../harness'
import { drain, startBulk, watched } from './setup'

describe('bulk: stop and break', () => {
  test('stop lets those in flight finish, and the loop ends normally', async () => {
    const { emulator, journal, client } = startBulk({
      faults: [{ times: 99, fault: { kind: 'latency', ms: 100 } }],
    })
    const stop = new AbortController()
    const run = backfillUsers(client, rows(50), {
      journal,
      stop: stop.signal,
      onProgress: ({ done }) => done === 5 && stop.abort(),
    })
    const { outcomes, error } = await drain(run)
    equal(
      [
        error,
        run.progress.stoppedBy,
        outcomes.every(({ state }) => state === 'enrolled'),
        outcomes.length === emulator.calls.length,
      ],
      [undefined, 'stop', true, true],
    )
    ok(outcomes.length >= 5 && outcomes.length <= 9, `${outcomes.length} ended`)
    for await (const { state } of journal.entries()) equal(state, 'enrolled')
    const later = backfillUsers(client, rows(50), { journal, stop: stop.signal })
    equal(
      [(await drain(later)).outcomes.length, later.progress.stoppedBy, later.progress.done],
      [0, 'stop', 0],
    )
    equal((await drain(backfillUsers(client, rows(50), { journal }))).outcomes.length, 50)
    equal(emulator.calls.length, 50)
  })

  test('stop wakes those that only wait, and what they did before is told', async () => {
    const { journal, client, now } = startBulk({
      faults: [{ after: 1, fault: { kind: 'status', status: 429, retryAfter: 500 } }],
    })
    const stop = new AbortController()
    const began = now()
    const gate = createPaceGate({
      now,
      sleep: (_, signal) =>
        new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
    })
    const { outcomes } = await drain(
      backfillUsers(client, rows(9), {
        journal,
        pace: {
          ...gate,
          observe: (call) => (gate.observe(call), call.limited && setTimeout(() => stop.abort(), 5)),
        },
        stop: stop.signal,
      }),
    )
    equal(
      [outcomes.filter(({ state }) => state === 'failed').map(({ code }) => code), now() - began],
      [['rate_limited'], 0],
    )
    ok(outcomes.length < 9, 'the rest was not sent')
  })

  test('stop ends rows whose photo never comes, since nothing of them was sent', async () => {
    const { emulator, journal, client } = startBulk()
    const stop = new AbortController()
    const run = drain(
      backfillUsers(client, [row('u', { photo: () => new Promise<never>(() => {}) })], {
        journal,
        stop: stop.signal,
      }),
    )
    await new Promise((resolve) => setTimeout(resolve, 10))
    stop.abort()
    equal([(await run).outcomes, (await run).error, emulator.calls.length], [[], undefined, 0])
  })

  test('break waits for those in flight, and closes the source', async () => {
    const { emulator, journal, client } = startBulk({
      faults: [{ times: 99, fault: { kind: 'latency', ms: 100 } }],
    })
    let closed = false
    async function* source() {
      try {
        yield* rows(50)
      } finally {
        closed = true
      }
    }
    const run = backfillUsers(client, source(), { journal })
    for await (const outcome of run) if (outcome.state === 'enrolled') break
    ok(closed, 'closed')
    const sent = emulator.calls.length
    for await (const { state } of journal.entries()) equal(state, 'enrolled')
    equal([run.progress.done, sent <= 5], [sent, true])
    await new Promise((resolve) => setTimeout(resolve, 10))
    equal(emulator.calls.length, sent)
  })
})

describe('bulk: signal', () => {
  test('signal cuts off, with its reason: unknown where the request was out, failed elsewhere', async () => {
    const reason = new Error('enough')
    const { emulator, journal, client, latest } = startBulk({
      faults: [{ times: 9, fault: { kind: 'hang' } }],
    })
    const cut = new AbortController()
    const run = drain(backfillUsers(client, rows(9), { journal, signal: cut.signal }))
    await until(() => emulator.calls.length === 4)
    cut.abort(reason)
    const { outcomes, error } = await run
    ok(error === reason, String(error))
    equal(
      [
        outcomes.length,
        (await Promise.all(['u0', 'u1', 'u2', 'u3', 'u4'].map(latest))).map((entry) => entry?.state),
      ],
      [0, ['unknown', 'unknown', 'unknown', 'unknown', undefined]],
    )

    const early = new AbortController()
    const aborting = watched(journal, () => early.abort(reason))
    ok(
      (await drain(backfillUsers(client, [row('early')], { journal: aborting, signal: early.signal })))
        .error === reason,
      'between claim and request',
    )
    equal([(await latest('early'))?.state, emulator.calls.length], ['failed', 4])
    ok(
      (await drain(backfillUsers(client, [row('late')], { journal, signal: early.signal }))).error === reason,
      'before the start',
    )
    const binding = new AbortController()
    const slow: Journal = { ...journal, bind: async (scope) => (binding.abort(reason), journal.bind(scope)) }
    ok(
      (await drain(backfillUsers(client, [row('late')], { journal: slow, signal: binding.signal }))).error ===
        reason,
      'while the journal opens',
    )
    equal(await latest('late'), undefined)
  })

  test("nobody piles listeners up on the caller's signals, nor leaves any behind", async () => {
    const { journal, client } = startBulk({ faults: [{ times: 99, fault: { kind: 'latency', ms: 50 } }] })
    const counted = () => {
      const { signal } = new AbortController()
      const count = { now: 0, most: 0 }
      const { addEventListener: add, removeEventListener: remove } = signal
      signal.addEventListener = (...args: Parameters<typeof add>) => (
        (count.most = Math.max(count.most, ++count.now)),
        add.apply(signal, args)
      )
      signal.removeEventListener = (...args: Parameters<typeof remove>) => (
        count.now--,
        remove.apply(signal, args)
      )
      return { signal, count }
    }
    const [signal, stop] = [counted(), counted()]
    await drain(
      backfillUsers(client, rows(40), {
        journal,
        concurrency: 20,
        ratePerSecond: 1000,
        signal: signal.signal,
        stop: stop.signal,
      }),
    )
    equal(
      [signal.count, stop.count],
      [
        { now: 0, most: 1 },
        { now: 0, most: 1 },
      ],
    )
  })
})
