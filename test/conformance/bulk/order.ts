/** What is taken from the source of a bulk run, and when. */
import { backfillUsers, type Journal } from 'smileid-edge/bulk'
import { samplePhoto } from 'smileid-edge/emulator'
import { row, rows } from '../../support/rows'
import { describe, equal, ok, test } from '../harness'
import { drain, startBulk, states } from './setup'

describe('bulk: order', () => {
  test('rows are pulled when a worker is free, and not while nobody takes outcomes', async () => {
    const { emulator, journal, client } = startBulk()
    let pulled = 0
    let taken = 0
    let most = 0
    function* source() {
      for (const each of rows(40)) {
        most = Math.max(most, ++pulled - taken)
        yield each
      }
    }
    const run = backfillUsers(client, source(), { journal, concurrency: 3 })
    equal([pulled, emulator.calls.length], [0, 0])
    for await (const _ of run) {
      taken++
      // More than these would be pulled and sent meanwhile, if anything were.
      if (taken === 5) {
        await new Promise((resolve) => setTimeout(resolve, 30))
        ok(emulator.calls.length <= taken + 4, `${emulator.calls.length} calls while nobody takes`)
      }
    }
    equal([taken, pulled], [40, 40])
    ok(most <= 4, `${most} between source and consumer`)
  })

  test('no more than concurrency photos are there at once', async () => {
    const { journal, client } = startBulk({ faults: [{ times: 99, fault: { kind: 'latency', ms: 10 } }] })
    let open = 0
    let most = 0
    const input = rows(20).map((each) => ({
      ...each,
      photo: () => ((most = Math.max(most, ++open)), samplePhoto()),
    }))
    for await (const _ of backfillUsers(client, input, { journal, concurrency: 3 })) open--
    equal(most, 3)
  })

  test('maxCalls counts every call, settling and repeats too, and rows that are done cost none', async () => {
    const { emulator, journal, client } = startBulk({ faults: [{ fault: { kind: 'reset', commit: true } }] })
    const take = async (maxCalls: number) => {
      const run = backfillUsers(client, rows(6), { journal, maxCalls })
      return [(await drain(run)).outcomes.length, emulator.calls.length, run.progress.stoppedBy]
    }
    equal(await take(3), [3, 3, 'maxCalls'])
    equal((await take(2)).slice(1), [5, 'maxCalls'])
    equal(await take(2), [6, 7, undefined])
    equal(await take(0), [6, 7, undefined])
    emulator.addFault({ times: 9, fault: { kind: 'status', status: 429 } })
    const run = backfillUsers(client, [row('new')], { journal, maxCalls: 2 })
    equal(
      [await states(run), emulator.calls.length, run.progress.stoppedBy],
      [['new failed 2 false rate_limited'], 9, 'maxCalls'],
    )
    // A claim that was lost cost no call.
    const lost = startBulk()
    const taken: Journal = {
      ...lost.journal,
      async write(entry) {
        const written = await lost.journal.write(entry)
        // Another worker was faster.
        return written && !entry.key.endsWith(':u0')
      },
    }
    equal(
      await states(backfillUsers(lost.client, rows(2), { journal: taken, maxCalls: 1, concurrency: 1 })),
      ['u0 busy 1 true ', 'u1 enrolled 1 false 0840'],
    )
  })
})
