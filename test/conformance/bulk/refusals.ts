/** Refusals and failures: what is repeated, what ends a bulk run. */
import { backfillUsers, type BulkOptions } from 'smileid-edge/bulk'
import type { Fault } from 'smileid-edge/emulator'
import { row, rows } from '../../support/rows'
import { describe, equal, test } from '../harness'
import { drain, startBulk, states } from './setup'

describe('bulk: repeats', () => {
  test('429 has one budget, 503 and refused connections another, what is unclear none', async () => {
    const count = async (fault: Fault, more: Partial<BulkOptions> = {}) => {
      const { emulator, journal, client } = startBulk({ faults: [{ times: 99, fault }] })
      await states(backfillUsers(client, [row('u')], { journal, ...more }))
      return emulator.calls.length
    }
    equal(
      [
        await count({ kind: 'status', status: 429 }),
        await count({ kind: 'status', status: 429, retryAfter: 1 }, { maxLimitedRetries: 2 }),
        await count({ kind: 'status', status: 503, retryAfter: 1 }),
        await count({ kind: 'status', status: 503, retryAfter: 1 }, { maxRetries: 1 }),
        await count({ kind: 'status', status: 503 }),
        await count({ kind: 'reset', commit: false }),
      ],
      [11, 3, 4, 2, 1, 1],
    )
  })
})

describe('bulk: refusals', () => {
  test('a Retry-After of more than maxRetryDelayMs ends the run with that error', async () => {
    const { emulator, journal, client, latest } = startBulk({
      faults: [{ after: 2, fault: { kind: 'status', status: 429, retryAfter: 86_400 } }],
    })
    const { outcomes, error } = await drain(backfillUsers(client, rows(9), { journal, concurrency: 1 }))
    equal(
      [
        error.code,
        error.retryAfterMs,
        outcomes.map(({ state }) => state),
        (await latest('u2'))?.state,
        emulator.calls.length,
      ],
      ['rate_limited', 86_400_000, ['enrolled', 'enrolled', 'failed'], 'failed', 3],
    )
  })

  test('so does one that comes with a reply that leaves the end unknown', async () => {
    const { journal, client, latest } = startBulk({
      faults: [{ after: 2, fault: { kind: 'status', status: 500, retryAfter: 86_400 } }],
    })
    const { outcomes, error } = await drain(backfillUsers(client, rows(9), { journal, concurrency: 1 }))
    equal(
      [error.code, error.outcome, outcomes.map(({ state }) => state), (await latest('u2'))?.state],
      ['server_error', 'unknown', ['enrolled', 'enrolled', 'unknown'], 'unknown'],
    )
  })

  test('what no row would survive ends the run, after those in flight', async () => {
    const cases: [Fault, string, string][] = [
      [{ kind: 'status', status: 401 }, 'unauthorized', 'failed'],
      [{ kind: 'status', status: 402 }, 'payment_required', 'failed'],
      [{ kind: 'status', status: 403 }, 'unauthorized', 'failed'],
      [{ kind: 'code', code: '2205' }, 'unauthorized', 'failed'],
      [{ kind: 'code', code: '2405' }, 'unauthorized', 'failed'],
      [{ kind: 'code', code: '2204' }, 'unauthorized', 'failed'],
      [{ kind: 'code', code: '2220' }, 'not_enabled', 'failed'],
      [{ kind: 'body', body: 'bad_signature' }, 'signature_mismatch', 'unknown'],
      [{ kind: 'body', body: 'unsigned' }, 'signature_missing', 'unknown'],
    ]
    for (const [fault, code, state] of cases) {
      const { emulator, journal, client, latest } = startBulk({
        faults: [
          { after: 1, times: 3, fault: { kind: 'latency', ms: 100 } },
          { after: 5, fault },
        ],
      })
      const { outcomes, error } = await drain(backfillUsers(client, rows(20), { journal }))
      equal(
        [
          error.code,
          outcomes.filter((outcome) => outcome.state !== 'enrolled').map((outcome) => outcome.state),
        ],
        [code, [state]],
        code,
      )
      // How many were under way is up to the machine; the rows that were left are not begun.
      equal(
        [outcomes.length, outcomes.length < 20],
        [emulator.calls.length, true],
        'told of all that was sent',
      )
      const hit = outcomes.find((outcome) => outcome.state === state)!
      equal((await latest(hit.row.user_id))?.state, state)
      equal(
        new Set(
          await states(backfillUsers(client, rows(20), { journal })).then((all) =>
            all.map((text) => text.split(' ')[1]),
          ),
        ).size,
        state === 'unknown' ? 2 : 1,
      )
    }
  })

  test('what may be refused to all rows ends the run before any success, or five in a row', async () => {
    const refusal = { kind: 'code', code: '2213' } as const
    const at = (after: number, times: number) => startBulk({ faults: [{ after, times, fault: refusal }] })
    const first = at(0, 1)
    const begun = await drain(
      backfillUsers(first.client, rows(9), { journal: first.journal, concurrency: 1 }),
    )
    equal(
      [begun.error.code, begun.outcomes.map(({ state }) => state), (await first.latest('u0'))?.state],
      ['invalid_request', ['failed'], 'failed'],
    )
    // The journal shows that rows were taken before.
    first.emulator.addFault({ after: 1, fault: refusal })
    equal(await states(backfillUsers(first.client, rows(3), { journal: first.journal, concurrency: 1 })), [
      'u0 enrolled 2 false 0840',
      'u1 rejected 1 false 2213',
      'u2 enrolled 1 false 0840',
    ])

    const few = at(1, 4)
    few.emulator.addFault({ after: 6, times: 4, fault: refusal })
    equal(
      (await states(backfillUsers(few.client, rows(11), { journal: few.journal, concurrency: 1 }))).map(
        (text) => text.split(' ')[1],
      ),
      ['enrolled', ...Array(4).fill('rejected'), 'enrolled', ...Array(4).fill('rejected'), 'enrolled'],
    )
    // What has no code of Smile ID's may be a gateway's word, which is held against no row.
    const gateway = startBulk({ faults: [{ after: 1, fault: { kind: 'status', status: 404 } }] })
    equal(
      await states(backfillUsers(gateway.client, rows(2), { journal: gateway.journal, concurrency: 1 })),
      ['u0 enrolled 1 false 0840', 'u1 failed 1 false api_error'],
    )

    const many = at(1, 5)
    const ended = await drain(backfillUsers(many.client, rows(9), { journal: many.journal, concurrency: 1 }))
    equal(
      [ended.error.code, ended.outcomes.map(({ state }) => state)],
      ['invalid_request', ['enrolled', 'rejected', 'rejected', 'rejected', 'rejected', 'failed']],
    )
    // None of the five is held against its row.
    equal(
      (await Promise.all([1, 2, 3, 4, 5].map((i) => many.latest(`u${i}`)))).map((entry) => entry?.state),
      Array(5).fill('failed'),
    )
    equal(
      (await states(backfillUsers(many.client, rows(9), { journal: many.journal }))).every((text) =>
        text.includes('enrolled'),
      ),
      true,
    )
  })

  test('what an earlier run was told makes no refusal of this one credible', async () => {
    const { emulator, journal, client, latest } = startBulk()
    await states(backfillUsers(client, rows(3), { journal }))
    emulator.addFault({ times: 99, fault: { kind: 'code', code: '2213' } })
    const { outcomes, error } = await drain(backfillUsers(client, rows(8), { journal, concurrency: 1 }))
    equal(
      [error.code, outcomes.map(({ state }) => state), (await latest('u3'))?.state, emulator.calls.length],
      ['invalid_request', ['enrolled', 'enrolled', 'enrolled', 'failed'], 'failed', 4],
    )
  })
})
