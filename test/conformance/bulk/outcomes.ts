/** How each row of a bulk run ends, and what is said of it. */
import { backfillUser } from 'smileid-edge/backfill'
import { backfillUsers } from 'smileid-edge/bulk'
import { type ClientOptions, createClient } from 'smileid-edge/client'
import { samplePhoto } from 'smileid-edge/emulator'
import { row, rows } from '../../support/rows'
import { until } from '../../support/until'
import { describe, equal, ok, test } from '../harness'
import { drain, startBulk, states } from './setup'

describe('bulk: outcomes', () => {
  test('each row ends in one state, which the journal has, too', async () => {
    const { emulator, journal, client } = startBulk({ choices: { minFaceSide: 100 } })
    await backfillUser(client, { user_id: 'old', user_created_at: '2021-08-12', photo: samplePhoto() })
    emulator.addFault({ after: 3, fault: { kind: 'reset', commit: true } })
    emulator.addFault({ after: 4, fault: { kind: 'status', status: 429 } })
    const input = [
      row('new'),
      row('old'),
      row('small', { photo: samplePhoto({ type: 'image/png' }) }),
      row('lost'),
      row('limited'),
      row('torn', { photo: samplePhoto().subarray(0, 300) }),
      row('undated', { user_created_at: 'x' }),
    ]
    equal(await states(backfillUsers(client, input, { journal, concurrency: 1, maxLimitedRetries: 0 })), [
      'new enrolled 1 false 0840',
      'old exists 1 false 2209',
      'small rejected 1 false 0001',
      'lost unknown 1 false network_error',
      'limited failed 1 false rate_limited',
      'torn invalid 0 false photo_truncated',
      'undated invalid 0 false wrong_format',
    ])
    const entries: unknown[] = []
    for await (const {
      key,
      rev,
      state,
      attempts,
      code,
      smileJobId,
      leaseUntil,
      attempted,
    } of journal.entries())
      entries.push([key, rev, state, attempts, code, smileJobId, leaseUntil, attempted])
    equal(entries, [
      ['sandbox:085:new', 2, 'enrolled', 1, '0840', '0000000002', undefined, undefined],
      ['sandbox:085:old', 2, 'exists', 1, '2209', undefined, undefined, false],
      ['sandbox:085:small', 2, 'rejected', 1, '0001', '0000000003', undefined, undefined],
      ['sandbox:085:lost', 2, 'unknown', 1, 'network_error', undefined, undefined, undefined],
      ['sandbox:085:limited', 2, 'failed', 1, 'rate_limited', undefined, undefined, undefined],
    ])
  })

  test('outcomes hold the row as it was given, in order of completion, and what a report needs', async () => {
    const { emulator, journal } = startBulk({ choices: { minFaceSide: 100 } })
    let ended = false
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      async fetch(url, init) {
        const response = await emulator.fetch(url, init)
        if (emulator.calls.length === 1) await until(() => ended)
        return response
      },
    })
    const input = [
      row('slow', { note: 'kept' }),
      row('small', {
        photo: async () => (
          await until(() => emulator.isEnrolled('slow')),
          samplePhoto({ type: 'image/png' })
        ),
      }),
    ]
    const { outcomes } = await drain(
      backfillUsers(client, input, { journal, onProgress: () => (ended = true) }),
    )
    equal(
      outcomes.map(({ index, state, text, smileJobId }) => [index, state, text, smileJobId]),
      [
        [1, 'rejected', 'Selfie image unusable', '0000000002'],
        [0, 'enrolled', 'Enroll User', '0000000001'],
      ],
    )
    ok(outcomes[1]!.row === input[0], 'the same object')
    ok(outcomes[0]!.state === 'rejected' && outcomes[0]!.reply?.ConfidenceValue === '0', 'with the reply')
    ok(emulator.isEnrolled('slow'), 'enrolled')
  })

  test('a user_id that an earlier row has is not sent, however the earlier one ends', async () => {
    const { emulator, journal, client } = startBulk({
      faults: [{ times: 9, fault: { kind: 'latency', ms: 100 } }],
    })
    const input = [row('a'), row('a', { note: 'twin' }), row('b', { photo: 'x' }), row('b')]
    const { outcomes } = await drain(backfillUsers(client, input, { journal }))
    equal(
      outcomes.sort((a, b) => a.index - b.index).map((outcome) => [outcome.state, outcome.code]),
      [
        ['enrolled', '0840'],
        ['invalid', 'duplicate'],
        ['invalid', 'photo_format'],
        ['invalid', 'duplicate'],
      ],
    )
    equal(emulator.calls.length, 1)
  })

  test('codes that only your account knows decide, and what no table knows is asked for again', async () => {
    const reply =
      (ResultCode: string): ClientOptions['fetch'] =>
      async (url, init) => {
        const { emulator } = used
        const members = (await (await emulator.fetch(url, init)).json()) as Record<string, unknown>
        return Response.json(
          { ...members, ...(members.ResultCode !== undefined && { ResultCode }) },
          { status: members.ResultCode === undefined ? 400 : 200 },
        )
      }
    let used = startBulk()
    const strange = () =>
      createClient({ ...used.emulator.clientOptions, dangerouslyAllowBrowser: true, fetch: reply('0841') })
    equal(await states(backfillUsers(strange(), [row('u')], { journal: used.journal })), [
      'u unknown 1 false 0841',
    ])
    equal(await states(backfillUsers(strange(), [row('u')], { journal: used.journal })), [
      'u exists 2 false 2209',
    ])
    used = startBulk()
    equal(
      await states(
        backfillUsers(strange(), [row('u')], {
          journal: used.journal,
          codes: { '0841': { decision: 'approved' } },
        }),
      ),
      ['u enrolled 1 false 0841'],
    )
    used = startBulk({ choices: { usedUserCode: '2215' } })
    await backfillUser(used.client, { ...row('u'), photo: samplePhoto() })
    equal(
      await states(
        backfillUsers(used.client, [row('u')], { journal: used.journal, existsCodes: ['2209', '2215'] }),
      ),
      ['u exists 1 false 2215'],
    )
  })
})

describe('bulk: progress', () => {
  test('progress counts, says how fast and how long, and whoever watches cannot disturb', async () => {
    const { emulator, journal, client } = startBulk({
      faults: [{ times: 99, fault: { kind: 'latency', ms: 500 } }],
    })
    const seen: [number, number | undefined, number, number | undefined][] = []
    const run = backfillUsers(client, rows(40), {
      journal,
      concurrency: 2,
      onProgress({ done, total, perSecond, etaMs }) {
        seen.push([done, total, perSecond, etaMs])
        throw new Error('a watcher that throws')
      },
    })
    equal(run.progress, {
      counts: { enrolled: 0, exists: 0, rejected: 0, invalid: 0, failed: 0, unknown: 0, busy: 0 },
      done: 0,
      total: 40,
      perSecond: 0,
    })
    await drain(run)
    equal(
      [
        seen.length,
        seen[0]?.slice(0, 2),
        run.progress.counts.enrolled,
        run.progress.done,
        run.progress.etaMs,
      ],
      [40, [1, 40], 40, 40, 0],
    )
    const [, , perSecond, etaMs] = seen[19]!
    ok(perSecond > 1 && perSecond < 5 && Math.abs(etaMs! - 20_000 / perSecond) < 1, `${perSecond} ${etaMs}`)
    // Rows that were known before say nothing about the pace of the others.
    async function* stream() {
      yield* rows(41)
    }
    const second = backfillUsers(client, stream(), { journal })
    await drain(second)
    equal(
      [
        second.progress.total,
        second.progress.perSecond,
        second.progress.counts.enrolled,
        emulator.calls.length,
      ],
      [undefined, 0, 41, 41],
    )
  })
})
