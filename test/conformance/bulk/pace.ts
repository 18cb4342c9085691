/** How fast a bulk run sends, and when it pauses. */
import { backfillUsers, type BulkOptions, createPaceGate } from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import { createEmulator, type Fault } from 'smileid-edge/emulator'
import { rows } from '../../support/rows'
import { describe, equal, ok, rejection, test } from '../harness'
import { drain, startBulk } from './setup'

describe('bulk: pace gate', () => {
  test('the gate spaces calls evenly, halves at a 429, and wins its pace back', async () => {
    const {
      now,
      clientOptions: { sleep },
    } = (({ clientOptions }) => ({ now: clientOptions.now!, clientOptions }))(createEmulator())
    const gate = createPaceGate({ ratePerSecond: 10, now, sleep })
    const began = now()
    const pass = async () => (await gate.wait(), now() - began)
    equal([await pass(), await pass(), await pass()], [0, 100, 200])
    gate.observe({ ok: false, limited: true, retryAfterMs: 5000 })
    // Two more that were under way: one event.
    gate.observe({ ok: false, limited: true, retryAfterMs: 5000 })
    gate.observe({ ok: false, limited: true })
    equal([await pass(), await pass()], [5200, 5400])
    let last = await pass()
    for (let i = 0; i < 400; i++) {
      gate.observe({ ok: true, limited: false })
      const at = await pass()
      ok(at - last >= 99.9, 'never faster than told')
      last = at
    }
    equal(Math.round((await pass()) - last), 100)
  })

  test('a gate that closes keeps in those who are already waiting', async () => {
    const {
      clientOptions: { now, sleep },
    } = createEmulator()
    const gate = createPaceGate({ ratePerSecond: 1, now, sleep })
    const began = now!()
    await gate.wait()
    const waiting = [gate.wait(), gate.wait()]
    gate.observe({ ok: false, limited: false, retryAfterMs: 5000 })
    await Promise.all(waiting)
    ok(now!() - began >= 6000, `${now!() - began}`)
  })

  test('pauses after 429 without Retry-After double up to a minute, until a success', async () => {
    const emulator = createEmulator()
    const now = emulator.clientOptions.now!
    const gate = createPaceGate({ now, sleep: emulator.clientOptions.sleep })
    const pauses: number[] = []
    for (let i = 0; i < 9; i++) {
      await gate.wait()
      const at = now()
      gate.observe({ ok: i === 7, limited: i !== 7 })
      await gate.wait()
      pauses.push(Math.round((now() - at) / 1000))
      // Lets the pace behind the pause run out of the measurement.
      await emulator.advance(60_000)
    }
    equal(
      [
        pauses
          .slice(0, 7)
          .map((seconds, i) => seconds >= Math.min(60, 2 ** i) && seconds <= Math.min(60, 2 ** i) + 10),
        pauses[7]! < 11,
        pauses[8]! < 12,
      ],
      [Array(7).fill(true), true, true],
    )
    const enough = new AbortController()
    gate.observe({ ok: false, limited: false, retryAfterMs: 99_000 })
    const waiting = createPaceGate({ ratePerSecond: 0.001 })
    await waiting.wait()
    setTimeout(() => enough.abort(new Error('enough')), 5)
    equal((await rejection(waiting.wait(enough.signal))).message, 'enough')
    equal((await rejection(waiting.wait(enough.signal))).message, 'enough')
  })

  test('a clock that is set back holds nobody up, and a pause is kept', async () => {
    let time = 1_000_000
    const slept: number[] = []
    const gate = createPaceGate({
      ratePerSecond: 5,
      now: () => time,
      sleep: async (ms) => {
        slept.push(ms)
        time += ms
      },
    })
    await gate.wait()
    time -= 86_400_000
    await gate.wait()
    gate.observe({ ok: false, limited: true, retryAfterMs: 10_000 })
    time -= 3_600_000
    await gate.wait()
    ok(
      slept[0]! <= 200 &&
        slept.reduce((sum, ms) => sum + ms) <= 11_000 &&
        slept.reduce((sum, ms) => sum + ms) >= 10_000,
      `${slept}`,
    )
  })
})

describe('bulk: pace of a run', () => {
  test('after a 429 nobody sends before its Retry-After is over, and then not all at once', async () => {
    const { emulator, client, now, journal } = startBulk({
      faults: [
        { times: 99, fault: { kind: 'latency', ms: 100 } },
        { after: 9, fault: { kind: 'status', status: 429, retryAfter: 7 } },
      ],
    })
    const gate = createPaceGate({ now, sleep: emulator.clientOptions.sleep })
    const passed: number[] = []
    let closed = Infinity
    const { outcomes } = await drain(
      backfillUsers(client, rows(30), {
        journal,
        concurrency: 6,
        pace: {
          wait: async (signal) => (await gate.wait(signal), void passed.push(now())),
          observe(call) {
            if (call.limited) closed = Math.min(closed, now())
            gate.observe(call)
          },
        },
      }),
    )
    equal(
      [outcomes.length, new Set(outcomes.map(({ state }) => state)).size, emulator.calls.length],
      [30, 1, 31],
    )
    const after = passed.filter((at) => at > closed)
    ok(after.length > 15 && after[0]! >= closed + 7000, `${after[0]! - closed} ms after`)
    equal(new Set(after).size, after.length, 'one at a time')
  })

  test('ratePerSecond holds over all workers', async () => {
    const { emulator, now, journal } = startBulk()
    const times: number[] = []
    const began = now()
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      fetch: (url, init) => (times.push(now() - began), emulator.fetch(url, init)),
    })
    await drain(backfillUsers(client, rows(12), { journal, concurrency: 6, ratePerSecond: 4 }))
    // Between gate and request time may jump, when another is due: later is possible, earlier is not.
    ok(
      times.every((at, i) => at >= i * 250 && at <= (i + 6) * 250),
      `${times}`,
    )
  })

  test('the breaker pauses all when much fails, as long as it does; 429 does not count', async () => {
    const sentAt = async (fault: Fault, breaker: BulkOptions['breaker']) => {
      const { emulator, now, journal } = startBulk({ faults: [{ after: 4, times: 6, fault }] })
      const times: number[] = []
      const client = createClient({
        ...emulator.clientOptions,
        dangerouslyAllowBrowser: true,
        fetch: (url, init) => (times.push(now()), emulator.fetch(url, init)),
      })
      await drain(backfillUsers(client, rows(30), { journal, concurrency: 1, breaker }))
      return times
        .slice(1)
        .map((at, i) => at - times[i]!)
        .filter((gap) => gap >= 60_000).length
    }
    const breaker = { window: 8, share: 0.5, pauseMs: 60_000 }
    // The fourth failure is half of the last eight; so are the two that follow.
    equal(
      [
        await sentAt({ kind: 'status', status: 500 }, breaker),
        await sentAt({ kind: 'status', status: 500 }, false),
        await sentAt({ kind: 'status', status: 429, retryAfter: 0 }, breaker),
      ],
      [3, 0, 0],
    )
  })
})
