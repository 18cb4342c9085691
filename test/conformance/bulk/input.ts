/** Options, sources and rows of a bulk run that are wrong. */
import { backfillUsers, checkRows } from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import { samplePhoto } from 'smileid-edge/emulator'
import { row, rows } from '../../support/rows'
import { describe, equal, ok, rejection, test } from '../harness'
import { drain, startBulk, watched } from './setup'

describe('bulk: input', () => {
  test('wrong options, a source that fails and a journal that fails reject, and lose nothing', async () => {
    const { emulator, journal, client } = startBulk()
    const run = backfillUsers(
      client,
      5 as never,
      { concurrency: 0, rate: 1, breaker: { share: 2 }, ratePerSecond: 0, codes: [] } as never,
    )
    equal(
      (await drain(run)).error.issues
        .map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)
        .sort(),
      [
        'options.breaker.share wrong_type',
        'options.codes wrong_type',
        'options.concurrency wrong_type',
        'options.journal missing',
        'options.rate not_allowed',
        'options.ratePerSecond wrong_type',
        'rows wrong_type',
      ],
    )
    equal((await drain(backfillUsers({} as never, [], { journal }))).error.issues[0].path, 'client')
    equal(
      (
        await drain(
          backfillUsers(
            createClient({ ...emulator.clientOptions, partnerId: '086', dangerouslyAllowBrowser: true }),
            [],
            { journal },
          ),
        )
      ).error,
      undefined,
    )
    equal((await drain(backfillUsers(client, [], { journal }))).error.issues[0].path, 'options.journal')
    equal(emulator.calls.length, 0)

    const used = startBulk({ faults: [{ times: 9, fault: { kind: 'latency', ms: 100 } }] })
    function* source() {
      yield* rows(3)
      throw new Error('line 4')
    }
    const broken = await drain(backfillUsers(used.client, source(), { journal: used.journal }))
    equal(
      [
        broken.error.message,
        broken.outcomes.length,
        broken.outcomes.every(({ state }) => state === 'enrolled'),
      ],
      ['line 4', used.emulator.calls.length, true],
    )
    const full = watched(used.journal, ({ state, key }) => {
      if (state === 'enrolled' && key.endsWith(':v')) throw new Error('disk full')
    })
    const cut = await drain(
      backfillUsers(used.client, [row('v'), row('w')], { journal: full, concurrency: 1 }),
    )
    equal(
      [cut.error.message, cut.outcomes.map(({ state }) => state), (await used.latest('v'))?.state],
      ['disk full', ['enrolled'], 'sending'],
    )
  })

  test('rows are checked before anything is sent, each with all its problems', async () => {
    const same = samplePhoto({ seed: 5 })
    const input = [
      row('a', { photo: same }),
      row('a', { user_created_at: '31/12/2021' }),
      row('b', { photo: samplePhoto().subarray(0, 100) }),
      row('', { note: 'extra columns are fine', photo: samplePhoto({ seed: 3 }) }),
      row('c', {
        photo: () => {
          throw new Error('CANARY')
        },
      }),
      row('d', { photo: same }),
      undefined as never,
      { user_id: 'e' } as never,
    ]
    const problems = async (options?: object) => {
      const found: string[] = []
      for await (const { row: bad, index, error } of checkRows(input, options)) {
        ok(bad === input[index] && !error.message.includes('CANARY'), error.message)
        found.push(`${index}: ${error.issues.map(({ path, code }) => `${path} ${code}`).join(', ')}`)
      }
      return found
    }
    const without = [
      '1: user_created_at wrong_format, user_id duplicate',
      '3: user_id wrong_format',
      '6: input wrong_type, photo missing',
      '7: user_created_at missing, photo missing',
    ]
    const [one, three, ...rest] = without as [string, string, string, string]
    equal(await problems(), without)
    equal(await problems({ photos: true }), [
      one,
      '2: photo photo_truncated',
      three,
      '4: photo missing',
      '5: photo suspicious',
      ...rest,
    ])
    equal(await problems({ photos: true, acceptWarnings: true }), [
      one,
      '2: photo photo_truncated',
      three,
      '4: photo missing',
      ...rest,
    ])
    equal(await problems({ duplicatePhotos: true }), [
      one,
      '2: photo photo_truncated',
      three,
      '4: photo missing',
      '5: photo duplicate',
      ...rest,
    ])
    const enough = new AbortController()
    enough.abort(new Error('enough'))
    equal((await rejection(checkRows(input, { signal: enough.signal }).next())).message, 'enough')
    equal(
      (await rejection(checkRows(input, { photo: true } as never).next())).issues[0].path,
      'options.photo',
    )
  })
})
