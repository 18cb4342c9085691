/** One row at a time, for queues and workflows. */
import { backfillRow, backfillUsers } from 'smileid-edge/bulk'
import { samplePhoto } from 'smileid-edge/emulator'
import { row } from '../../support/rows'
import { describe, equal, rejection, test } from '../harness'
import { drain, startBulk } from './setup'

describe('bulk: one row', () => {
  test('one row at a time, for any engine', async () => {
    const { emulator, journal, client, latest } = startBulk({
      faults: [
        { fault: { kind: 'status', status: 429, retryAfter: 9 } },
        { after: 1, fault: { kind: 'code', code: '2213' } },
        { after: 2, fault: { kind: 'reset', commit: true } },
      ],
    })
    const observed: unknown[] = []
    const pace = {
      wait: async () => void observed.push('wait'),
      observe: (call: object) => void observed.push(call),
    }
    const take = async (input = row('u')) => {
      const outcome = await backfillRow(client, input, { journal, pace })
      return [
        outcome.state,
        outcome.attempts,
        outcome.resumed,
        'error' in outcome && outcome.error?.retryAfterMs,
      ]
    }
    equal(await take(), ['failed', 1, false, 9000])
    equal(await take(), ['failed', 2, false, undefined])
    equal(
      [await take(), await take(), await take()],
      [
        ['unknown', 3, false, undefined],
        ['exists', 4, false, false],
        ['exists', 4, true, false],
      ],
    )
    equal(await take(row('x', { photo: 'x' })), ['invalid', 0, false, undefined])
    equal(observed, [
      'wait',
      { ok: false, limited: true, retryAfterMs: 9000 },
      'wait',
      { ok: true, limited: false },
      'wait',
      { ok: false, limited: false },
      'wait',
      { ok: true, limited: false },
    ])
    emulator.addFault({ fault: { kind: 'code', code: '2205' } })
    equal(
      [(await rejection(backfillRow(client, row('v'), { journal }))).code, (await latest('v'))?.state],
      ['unauthorized', 'failed'],
    )
    equal((await rejection(backfillRow(client, row('v'), { journal, maxRetries: 1 } as never))).issues, [
      { path: 'options.maxRetries', code: 'not_allowed', message: 'is not known here' },
    ])
    const both = await Promise.all([
      backfillRow(client, row('w'), { journal }),
      backfillRow(client, row('w'), { journal }),
    ])
    equal(both.map(({ state }) => state).sort(), ['busy', 'enrolled'])
  })

  test('in JSON an outcome says how its row ended, and brings along neither photo nor reply', async () => {
    const { client, journal } = startBulk({ faults: [{ after: 1, fault: { kind: 'code', code: '2213' } }] })
    const photo = samplePhoto()
    const said = async (user_id: string, options = {}) =>
      JSON.parse(JSON.stringify(await backfillRow(client, row(user_id, { photo }), { journal, ...options })))
    const { smileJobId, text, ...enrolled } = await said('u')
    const facts = { index: 0, attempts: 1, resumed: false }
    equal(enrolled, { user_id: 'u', ...facts, state: 'enrolled', code: '0840' })
    equal([typeof smileJobId, typeof text], ['string', 'string'])
    const { text: reason, ...refused } = await said('v')
    equal(
      [refused.user_id, refused.state, 'error' in refused, typeof reason],
      ['v', 'failed', false, 'string'],
    )
    const hidden = startBulk()
    const run = backfillUsers(hidden.client, [row('CANARY', { photo })], {
      journal: hidden.journal,
      hideUserIds: true,
    })
    const [outcome] = (await drain(run)).outcomes
    equal([outcome?.row.user_id, outcome?.state], ['CANARY', 'enrolled'])
    const written = JSON.stringify({ ofQueue: outcome })
    equal([written.includes('CANARY'), written.length < 300], [false, true])
  })
})
