/** What the journal of a bulk run holds, and who may send a row. */
import { backfillRow, backfillUsers, createMemoryJournal, type Journal } from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import { samplePhoto } from 'smileid-edge/emulator'
import { row, rows } from '../../support/rows'
import { until } from '../../support/until'
import { describe, equal, ok, test } from '../harness'
import { testJournal } from 'smileid-edge/store-contract'
import { checkStore, keptInMemory } from '../stores'
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
      busy?.state === 'busy' && busy.retryAfterMs > 75_000 && busy.retryAfterMs <= 105_000,
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

  for (const seconds of [-60, -31, 31, 60]) {
    test(`a claim holds for a worker whose clock is off by ${seconds} s, until its call ends`, async () => {
      const { emulator, journal, now } = startBulk()
      let asked = false
      let answer = () => {}
      const answered = new Promise<void>((resolve) => (answer = resolve))
      const client = createClient({
        ...emulator.clientOptions,
        dangerouslyAllowBrowser: true,
        async fetch(url, init) {
          asked = true
          await answered
          return emulator.fetch(url, init)
        },
      })
      const other = createClient({
        ...emulator.clientOptions,
        dangerouslyAllowBrowser: true,
        now: () => now() + seconds * 1000,
      })
      const first = backfillRow(client, row('u'), { journal, timeoutMs: 30_000 })
      await until(() => asked)
      const seen: unknown[] = []
      for (const ms of [0, 1_000, 14_000, 14_900]) {
        await emulator.advance(ms)
        seen.push((await backfillRow(other, row('u'), { journal })).state)
      }
      answer()
      seen.push((await first).state, (await backfillRow(other, row('u'), { journal })).state)
      equal(seen, ['busy', 'busy', 'busy', 'busy', 'enrolled', 'enrolled'])
      equal(emulator.calls.length, 1)
    })
  }

  test('a lease is waited for no longer than it lasts, by whatever clock', async () => {
    const { emulator, journal, now } = startBulk()
    await journal.bind({ environment: 'sandbox', partnerId: '085' })
    const at = (ms: number) => new Date(now() + ms).toISOString()
    const claim = { key: 'sandbox:085:u', rev: 1, state: 'sending', attempts: 1, digest: '' } as const
    await journal.write({ ...claim, at: at(60_000), leaseUntil: at(160_000) })
    const client = createClient({ ...emulator.clientOptions, dangerouslyAllowBrowser: true })
    const busy = await backfillRow(client, row('u'), { journal })
    equal([busy.state, busy.state === 'busy' && busy.retryAfterMs], ['busy', 100_000])
  })

  test('a claim that took long to write is renewed before the call', async () => {
    const { emulator, journal, latest } = startBulk()
    let entries = 0
    const slow = watched(journal, () => (++entries === 1 ? emulator.advance(40_000) : undefined))
    const client = createClient({ ...emulator.clientOptions, dangerouslyAllowBrowser: true })
    const outcome = await backfillRow(client, row('u'), { journal: slow })
    equal([outcome.state, outcome.attempts, (await latest('u'))?.rev], ['enrolled', 1, 3])
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

describe('bulk: lost entries', () => {
  /** A journal that has lost what was written of some users. */
  const losing = (journal: Journal, ...users: string[]): Journal => ({
    ...journal,
    mayHaveLost: (key) => users.some((user) => key === `sandbox:085:${user}`),
  })

  test('a row whose claim may be lost is settled, not reported as of somebody else', async () => {
    const { emulator, journal, client } = startBulk()
    for (const user of ['u0', 'u1']) emulator.setUser(user, 'enrolled')
    const { outcomes } = await drain(
      backfillUsers(client, rows(3), { journal: losing(journal, 'u0', 'u2'), concurrency: 1 }),
    )
    equal(
      outcomes.map((outcome) => [outcome.state, outcome.state === 'exists' && outcome.attempted]),
      [
        ['exists', true],
        ['exists', false],
        ['enrolled', false],
      ],
    )
  })

  test('a refusal that may not be of this row does not end what an earlier call may have begun', async () => {
    const { journal, client } = startBulk({ faults: [{ times: 9, fault: { kind: 'status', status: 429 } }] })
    const state = async (...users: string[]) =>
      (await backfillRow(client, row('u'), { journal: losing(journal, ...users) })).state
    equal([await state(), await state('u')], ['failed', 'unknown'])
  })

  test('without settle, it is left alone, and nothing is sent', async () => {
    const { emulator, journal, client } = startBulk()
    const options = { journal: losing(journal, 'u0'), settle: false }
    const [lost, other] = (await drain(backfillUsers(client, rows(2), options))).outcomes.sort(
      (a, b) => a.index - b.index,
    )
    equal([lost?.state, lost?.resumed, lost?.attempts, other?.state], ['unknown', true, 0, 'enrolled'])
    equal([emulator.calls.length, emulator.isEnrolled('u0')], [1, false])
  })
})

describe('bulk: journal', () => {
  test('a journal takes an entry only after the one before it, and serves one environment and partner', () =>
    checkStore(testJournal(keptInMemory(createMemoryJournal))))

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
