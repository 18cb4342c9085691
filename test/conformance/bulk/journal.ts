/** What the journal of a bulk run holds, and who may send a row. */
import { backfillUsers, createMemoryJournal } from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import { samplePhoto } from 'smileid-edge/emulator'
import { row, rows } from '../../support/rows'
import { until } from '../../support/until'
import { describe, equal, ok, test } from '../harness'
import { checkJournal } from '../stores'
import { drain, startBulk, states, watched } from './setup'

describe('bulk: claims', () => {
  test('a row is claimed before its request goes out, for longer than the call may take', async () => {
    const { emulator, journal, latest } = startBulk()
    const claims: unknown[] = []
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      async fetch(url, init) {
        const claim = await latest('u')
        claims.push([
          claim?.state,
          claim?.rev,
          claim?.attempts,
          Date.parse(claim!.leaseUntil!) - Date.parse(claim!.at) > 40_000,
        ])
        return emulator.fetch(url, init)
      },
    })
    const slow = watched(journal, () => new Promise((resolve) => setTimeout(resolve, 10)))
    await drain(backfillUsers(client, [row('u')], { journal: slow, timeoutMs: 40_000 }))
    equal(claims, [['sending', 1, 1, true]])
  })

  test('a row that another worker has is busy until its lease is over, then settled', async () => {
    const { emulator, journal, client, now } = startBulk()
    await journal.bind({ environment: 'sandbox', partnerId: '085' })
    const dead = new AbortController()
    // What a crash leaves: the claim is written, and nothing after it.
    const crashed = watched(journal, ({ state }) => state !== 'sending' && new Promise(() => {}))
    void drain(backfillUsers(client, [row('u')], { journal: crashed, signal: dead.signal }))
    await until(() => emulator.isEnrolled('u'))
    const [busy] = (await drain(backfillUsers(client, [row('u')], { journal }))).outcomes
    ok(
      busy?.state === 'busy' && busy.retryAfterMs > 30_000 && busy.retryAfterMs <= 60_000,
      JSON.stringify(busy),
    )
    equal(emulator.calls.length, 1)
    const before = now()
    await emulator.advance(busy.retryAfterMs)
    equal(now() - before, busy.retryAfterMs)
    const [settled] = (await drain(backfillUsers(client, [row('u')], { journal }))).outcomes
    equal(
      [settled?.state, settled?.attempts, settled?.state === 'exists' && settled.attempted],
      ['exists', 2, true],
    )
  })

  test('two runs share a journal, and no row is sent twice', async () => {
    const { emulator, journal, client } = startBulk({
      faults: [{ times: 99, fault: { kind: 'latency', ms: 50 } }],
    })
    const both = await Promise.all([1, 2].map(() => drain(backfillUsers(client, rows(20), { journal }))))
    equal([emulator.calls.length, [...emulator.users].length], [20, 20])
    const enrolled = both
      .flatMap(({ outcomes }) => outcomes)
      .filter(({ state, resumed }) => state === 'enrolled' && !resumed)
    equal(enrolled.length, 20)
  })

  test('an entry from the future is no lease, and ids are in clear or hidden, not both', async () => {
    const { emulator, journal, client, now } = startBulk()
    await journal.bind({ environment: 'sandbox', partnerId: '085' })
    const at = (ms: number) => new Date(now() + ms).toISOString()
    await journal.write({
      key: 'sandbox:085:u0',
      rev: 1,
      state: 'sending',
      at: at(9e10),
      leaseUntil: at(9.1e10),
      attempts: 1,
      digest: '',
    })
    const [first] = (await drain(backfillUsers(client, rows(1), { journal }))).outcomes
    equal(
      [first!.state, emulator.calls.length],
      ['unknown', 0],
      'looked at, and its photo is not what was sent',
    )
    equal(
      (await drain(backfillUsers(client, rows(1), { journal, hideUserIds: true }))).error.issues[0].path,
      'options.journal',
    )
  })
})

describe('bulk: journal', () => {
  test('a journal takes an entry only after the one before it, and serves one environment and partner', () =>
    checkJournal(createMemoryJournal))

  test('hideUserIds leaves no id in the journal, and the journal works as before', async () => {
    const { emulator, journal, client } = startBulk({ faults: [{ fault: { kind: 'reset', commit: true } }] })
    const input = [row('CANARY-1'), row('CANARY-2')]
    await drain(backfillUsers(client, input, { journal, hideUserIds: true, concurrency: 1 }))
    equal(await states(backfillUsers(client, input, { journal, hideUserIds: true })), [
      'CANARY-1 exists 2 false 2209',
      'CANARY-2 enrolled 1 true 0840',
    ])
    equal(emulator.calls.length, 3)
    for await (const entry of journal.entries())
      ok(/^sandbox:085:[0-9a-f]{32}$/.test(entry.key) && !JSON.stringify(entry).includes('CANARY'), entry.key)
  })

  test('nothing personal stands in journal, reports and logs, but for the user_id in a key', async () => {
    const { emulator, journal } = startBulk({
      faults: [
        { after: 1, fault: { kind: 'code', code: '2213' } },
        { after: 2, fault: { kind: 'reset', commit: true } },
      ],
    })
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      // A service that quotes what it was sent.
      fetch: async (url, init) =>
        new Response(
          (await (await emulator.fetch(url, init)).text()).replace('emulated failure', 'no CANARY'),
          { status: emulator.calls.length === 2 ? 400 : 200 },
        ),
    })
    const photo = Uint8Array.from([...samplePhoto(), ...new TextEncoder().encode('CANARY')])
    const input = [
      ...['CANARY-1', 'CANARY-2', 'CANARY-3'].map((id) => row(id, { note: 'CANARY', photo })),
      row('CANARY-4\n', { user_created_at: 'CANARY' }),
      row('CANARY-5', { photo: 'CANARY' }),
    ]
    const { outcomes } = await drain(backfillUsers(client, input, { journal, concurrency: 1 }))
    equal(
      outcomes.map(({ state }) => state),
      ['enrolled', 'rejected', 'unknown', 'invalid', 'invalid'],
    )
    for (const outcome of outcomes) {
      const error = 'error' in outcome ? outcome.error : undefined
      ok(
        !JSON.stringify([
          outcome.code,
          outcome.text,
          outcome.smileJobId,
          error,
          error?.message,
          error?.stack,
        ]).includes('CANARY'),
        JSON.stringify(outcome.text),
      )
    }
    for await (const { key, ...entry } of journal.entries())
      ok(
        key.startsWith('sandbox:085:CANARY-') &&
          !JSON.stringify(entry).includes('CANARY') &&
          !JSON.stringify(entry).includes('2021-08-12'),
        key,
      )
  })
})
