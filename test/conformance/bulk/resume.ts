/** A second run over the same rows, and rows whose end is not known. */
import { backfillUser } from 'smileid-edge/backfill'
import { backfillUsers, type BulkOptions } from 'smileid-edge/bulk'
import { samplePhoto } from 'smileid-edge/emulator'
import { row, type Row } from '../../support/rows'
import { describe, equal, ok, test } from '../harness'
import { drain, startBulk, states } from './setup'

describe('bulk: resume', () => {
  test('a second run passes over what is done, repeats failures, and settles what is unknown', async () => {
    const { emulator, journal, client } = startBulk({ choices: { minFaceSide: 100 } })
    emulator.addFault({ after: 2, fault: { kind: 'reset', commit: true } })
    emulator.addFault({ after: 3, fault: { kind: 'body', body: 'not_json' } })
    emulator.addFault({ after: 4, fault: { kind: 'reset', commit: false } })
    emulator.addFault({ after: 5, fault: { kind: 'status', status: 503, retryAfter: 1 } })
    let read = 0
    const photo = (type?: 'image/png') => () => (read++, samplePhoto({ type }))
    const input = [
      row('a', { photo: photo() }),
      row('b', { photo: photo('image/png') }),
      ...['c', 'd', 'e', 'f'].map((id) => row(id, { photo: photo() })),
    ]
    equal(await states(backfillUsers(client, input, { journal, concurrency: 1, maxRetries: 0 })), [
      'a enrolled 1 false 0840',
      'b rejected 1 false 0001',
      'c unknown 1 false network_error',
      'd unknown 1 false invalid_reply',
      'e unknown 1 false network_error',
      'f failed 1 false server_error',
    ])
    read = 0
    const { outcomes } = await drain(backfillUsers(client, input, { journal, concurrency: 1 }))
    equal(
      outcomes.map((outcome) => [
        outcome.row.user_id,
        outcome.state,
        outcome.attempts,
        outcome.resumed,
        outcome.state === 'exists' && outcome.attempted,
      ]),
      [
        ['a', 'enrolled', 1, true, false],
        ['b', 'rejected', 1, true, false],
        ['c', 'exists', 2, false, true],
        ['d', 'exists', 2, false, true],
        ['e', 'enrolled', 2, false, false],
        ['f', 'enrolled', 2, false, false],
      ],
    )
    equal(read, 4)
    equal(emulator.calls.length, 10)
    // What was told once is told again.
    const third = await drain(backfillUsers(client, input, { journal }))
    equal(
      [
        emulator.calls.length,
        third.outcomes.every(({ resumed }) => resumed),
        // A copy, since in JSON an outcome leaves out its row.
        { ...third.outcomes.find(({ index }) => index === 2) },
      ],
      [
        10,
        true,
        {
          row: input[2],
          index: 2,
          attempts: 2,
          resumed: true,
          state: 'exists',
          code: '2209',
          text: 'Nothing is left to do, or choose another user_id.',
          attempted: true,
        },
      ],
    )
  })

  test('what is unknown stays so when told not to settle, or when photo or date have changed', async () => {
    const { emulator, journal, client, latest } = startBulk({
      faults: [{ fault: { kind: 'reset', commit: true } }],
    })
    const changes = [
      row('u', { photo: samplePhoto({ seed: 2 }) }),
      row('u', { user_created_at: '2021-08-13' }),
    ]
    await drain(backfillUsers(client, [row('u')], { journal }))
    equal(await states(backfillUsers(client, [row('u')], { journal, settle: false })), [
      'u unknown 1 true network_error',
    ])
    for (const changed of changes) {
      const [outcome] = (await drain(backfillUsers(client, [changed], { journal }))).outcomes
      ok(
        outcome?.state === 'unknown' &&
          outcome.error?.name === 'SmileIdInputError' &&
          outcome.text!.includes('run once with what was sent'),
        JSON.stringify(outcome),
      )
    }
    equal([emulator.calls.length, (await latest('u'))?.rev], [1, 2])
    // Not 'invalid': that would say that it was never sent.
    equal(await states(backfillUsers(client, [row('u', { photo: 'gone' })], { journal })), [
      'u unknown 1 true network_error',
    ])
    // Two spellings of one moment are two dates: what counts is what was sent.
    equal(await states(backfillUsers(client, [row('u')], { journal })), ['u exists 2 false 2209'])
  })

  test('a refusal while settling does not undo what an earlier call may have done', async () => {
    const { emulator, journal, client, latest } = startBulk({
      faults: [
        { fault: { kind: 'reset', commit: true } },
        { after: 1, times: 2, fault: { kind: 'status', status: 429 } },
        { after: 3, fault: { kind: 'code', code: '2213' } },
      ],
    })
    const once = { journal, maxLimitedRetries: 0 }
    const seen = []
    for (let i = 0; i < 5; i++)
      seen.push(
        ...(await drain(backfillUsers(client, [row('u')], once)).then(({ outcomes }) =>
          outcomes.map(({ state, attempts }) => `${state} ${attempts}`),
        )),
      )
    equal(seen, ['unknown 1', 'unknown 2', 'unknown 3', 'unknown 4', 'exists 5'])
    equal((await latest('u'))?.attempted, true)
    // Nothing happened but for a refusal: whoever enrolled the user, it was not this journal.
    emulator.addFault({ fault: { kind: 'status', status: 429 } })
    await drain(backfillUsers(client, [row('v')], once))
    await backfillUser(client, { ...row('v'), photo: samplePhoto() })
    const [outcome] = (await drain(backfillUsers(client, [row('v')], once))).outcomes
    equal([outcome?.state, outcome?.state === 'exists' && outcome.attempted], ['exists', false])
  })

  test('a rejected row is sent again only when told so, and only once it has changed', async () => {
    const { emulator, journal, client } = startBulk({ choices: { minFaceSide: 100 } })
    const small = row('u', { photo: samplePhoto({ type: 'image/png' }) })
    const take = (input: Row, more: Partial<BulkOptions> = {}) =>
      states(backfillUsers(client, [input], { journal, ...more }))
    equal(await take(small), ['u rejected 1 false 0001'])
    equal(
      [await take(row('u')), await take(small, { retryRejected: true }), emulator.calls.length],
      [['u rejected 1 true 0001'], ['u rejected 1 true 0001'], 1],
    )
    equal(await take(row('u'), { retryRejected: true }), ['u enrolled 2 false 0840'])
  })
})
