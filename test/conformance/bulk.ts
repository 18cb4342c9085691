import { backfillUser } from 'smileid-edge/backfill'
import {
  backfillRow,
  backfillUsers,
  type BackfillInput,
  type BulkOptions,
  type BulkOutcome,
  checkRows,
  createMemoryJournal,
  createPaceGate,
  type Journal,
  type JournalEntry,
} from 'smileid-edge/bulk'
import { type ClientOptions, createClient } from 'smileid-edge/client'
import { createEmulator, type EmulatorOptions, type Fault, samplePhoto } from 'smileid-edge/emulator'
import { until } from '../support/until'
import { equal, ok, rejection, test } from './harness'
import { checkJournal } from './stores'

type Row = BackfillInput & { note?: string }
const row = (user_id: string, more: Partial<Row> = {}): Row => ({
  user_id,
  user_created_at: '2021-08-12',
  photo: () => samplePhoto(),
  ...more,
})
const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => row(`u${i}`, { photo: () => samplePhoto({ seed: i }) }))

function start(options?: EmulatorOptions, more: Partial<ClientOptions> = {}) {
  const emulator = createEmulator(options)
  const journal = createMemoryJournal()
  const client = createClient({ ...emulator.clientOptions, dangerouslyAllowBrowser: true, ...more })
  const now = emulator.clientOptions.now!
  return {
    emulator,
    journal,
    client,
    now,
    latest: (user_id: string) => journal.read(`sandbox:085:${user_id}`),
  }
}

/** All outcomes, and what the loop ended with. */
async function drain<R extends BackfillInput>(
  run: AsyncIterable<BulkOutcome<R>>,
): Promise<{ outcomes: BulkOutcome<R>[]; error: any }> {
  const outcomes: BulkOutcome<R>[] = []
  try {
    for await (const outcome of run) outcomes.push(outcome)
  } catch (error) {
    return { outcomes, error }
  }
  return { outcomes, error: undefined }
}
const states = async (run: AsyncIterable<BulkOutcome>) => {
  const { outcomes, error } = await drain(run)
  if (error) throw error
  return outcomes
    .sort((a, b) => a.index - b.index)
    .map(({ row: { user_id }, state, attempts, resumed, code }) =>
      [user_id, state, attempts, resumed, code].join(' '),
    )
}
/** A journal through which every entry can be seen, and held up, before it is written. */
const watched = (journal: Journal, before: (entry: JournalEntry) => unknown): Journal => ({
  ...journal,
  write: async (entry) => (await before(entry), journal.write(entry)),
})

test('bulk: each row ends in one state, which the journal has, too', async () => {
  const { emulator, journal, client } = start({ choices: { minFaceSide: 100 } })
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

test('bulk: outcomes hold the row as it was given, in order of completion, and what a report needs', async () => {
  const { emulator, journal } = start({ choices: { minFaceSide: 100 } })
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
      photo: async () => (await until(() => emulator.isEnrolled('slow')), samplePhoto({ type: 'image/png' })),
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

test('bulk: a second run passes over what is done, photos unread, takes failures again, and settles what is unknown by asking', async () => {
  const { emulator, journal, client } = start({ choices: { minFaceSide: 100 } })
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
      third.outcomes.find(({ index }) => index === 2),
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

test('bulk: what is unknown stays so when told not to settle, and when photo or date have changed since', async () => {
  const { emulator, journal, client, latest } = start({
    faults: [{ fault: { kind: 'reset', commit: true } }],
  })
  const changes = [row('u', { photo: samplePhoto({ seed: 2 }) }), row('u', { user_created_at: '2021-08-13' })]
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

test('bulk: a refusal while settling does not undo what an earlier call may have done', async () => {
  const { emulator, journal, client, latest } = start({
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

test('bulk: a row is claimed, durably, before its request goes out, for longer than the call may take', async () => {
  const { emulator, journal, latest } = start()
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

test('bulk: a row that another worker has is busy until its lease is over, then settled', async () => {
  const { emulator, journal, client, now } = start()
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

test('bulk: two runs share a journal, and no row is sent twice', async () => {
  const { emulator, journal, client } = start({ faults: [{ times: 99, fault: { kind: 'latency', ms: 50 } }] })
  const both = await Promise.all([1, 2].map(() => drain(backfillUsers(client, rows(20), { journal }))))
  equal([emulator.calls.length, [...emulator.users].length], [20, 20])
  const enrolled = both
    .flatMap(({ outcomes }) => outcomes)
    .filter(({ state, resumed }) => state === 'enrolled' && !resumed)
  equal(enrolled.length, 20)
})

test('bulk: a rejected row is sent again only when told so, and only once it has changed', async () => {
  const { emulator, journal, client } = start({ choices: { minFaceSide: 100 } })
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

test('bulk: maxCalls counts every call, settling and repeats too, and rows that are done cost none', async () => {
  const { emulator, journal, client } = start({ faults: [{ fault: { kind: 'reset', commit: true } }] })
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
  const lost = start()
  const taken: Journal = {
    ...lost.journal,
    write: async (entry) => !entry.key.endsWith(':u0') && lost.journal.write(entry),
  }
  equal(await states(backfillUsers(lost.client, rows(2), { journal: taken, maxCalls: 1, concurrency: 1 })), [
    'u0 busy 1 true ',
    'u1 enrolled 1 false 0840',
  ])
})

test('bulk: stop lets those in flight finish, and the loop ends normally', async () => {
  const { emulator, journal, client } = start({
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
  equal([(await drain(later)).outcomes.length, later.progress.stoppedBy, later.progress.done], [0, 'stop', 0])
  equal((await drain(backfillUsers(client, rows(50), { journal }))).outcomes.length, 50)
  equal(emulator.calls.length, 50)
})

test('bulk: stop wakes those that only wait, and what they did before is told', async () => {
  const { journal, client, now } = start({
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

test('bulk: break waits for those in flight, and closes the source', async () => {
  const { emulator, journal, client } = start({
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

test("bulk: nobody piles listeners up on the caller's signals, nor leaves any behind", async () => {
  const { journal, client } = start({ faults: [{ times: 99, fault: { kind: 'latency', ms: 50 } }] })
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

test("bulk: signal cuts off: unknown where the request was out, failed where it was not, and the reason is the signal's", async () => {
  const reason = new Error('enough')
  const { emulator, journal, client, latest } = start({ faults: [{ times: 9, fault: { kind: 'hang' } }] })
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

test('bulk: after a 429 nobody sends before its Retry-After is over, and then not all at once', async () => {
  const { emulator, client, now, journal } = start({
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

test('bulk: 429 has a budget of its own; 503 with Retry-After and refused connections another; and what is unclear none', async () => {
  const count = async (fault: Fault, more: Partial<BulkOptions> = {}) => {
    const { emulator, journal, client } = start({ faults: [{ times: 99, fault }] })
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

test('bulk: a Retry-After of more than maxRetryDelayMs ends the run with that error', async () => {
  const { emulator, journal, client, latest } = start({
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

test('bulk: so does one that comes with a reply that leaves the end unknown', async () => {
  const { journal, client, latest } = start({
    faults: [{ after: 2, fault: { kind: 'status', status: 500, retryAfter: 86_400 } }],
  })
  const { outcomes, error } = await drain(backfillUsers(client, rows(9), { journal, concurrency: 1 }))
  equal(
    [error.code, error.outcome, outcomes.map(({ state }) => state), (await latest('u2'))?.state],
    ['server_error', 'unknown', ['enrolled', 'enrolled', 'unknown'], 'unknown'],
  )
})

test('bulk: a clock that is set back holds nobody up, and a pause is kept', async () => {
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

test('bulk: what an earlier run was told makes no refusal of this one credible', async () => {
  const { emulator, journal, client, latest } = start()
  await states(backfillUsers(client, rows(3), { journal }))
  emulator.addFault({ times: 99, fault: { kind: 'code', code: '2213' } })
  const { outcomes, error } = await drain(backfillUsers(client, rows(8), { journal, concurrency: 1 }))
  equal(
    [error.code, outcomes.map(({ state }) => state), (await latest('u3'))?.state, emulator.calls.length],
    ['invalid_request', ['enrolled', 'enrolled', 'enrolled', 'failed'], 'failed', 4],
  )
})

test('bulk: stop ends rows whose photo never comes, since nothing of them was sent', async () => {
  const { emulator, journal, client } = start()
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

test('bulk: an entry from the future is no lease, and ids in clear and hidden do not go into one journal', async () => {
  const { emulator, journal, client, now } = start()
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

test('bulk: the gate spaces calls evenly, halves at a 429, and wins its pace back', async () => {
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

test('bulk: a gate that closes keeps in those who are already waiting', async () => {
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

test('bulk: pauses after 429 without Retry-After double up to a minute, and a success ends the series', async () => {
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

test('bulk: ratePerSecond holds over all workers', async () => {
  const { emulator, now, journal } = start()
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

test('bulk: the breaker pauses all when much fails, again as long as it does, and 429 does not count', async () => {
  const sentAt = async (fault: Fault, breaker: BulkOptions['breaker']) => {
    const { emulator, now, journal } = start({ faults: [{ after: 4, times: 6, fault }] })
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

test('bulk: what no row would survive ends the run, after those in flight', async () => {
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
    const { emulator, journal, client, latest } = start({
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
    equal([outcomes.length, outcomes.length < 12], [emulator.calls.length, true], 'told of all that was sent')
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

test("bulk: a refusal that may be common to all rows is fatal before any success, the row's own after, and again fatal five times in a row", async () => {
  const refusal = { kind: 'code', code: '2213' } as const
  const at = (after: number, times: number) => start({ faults: [{ after, times, fault: refusal }] })
  const first = at(0, 1)
  const begun = await drain(backfillUsers(first.client, rows(9), { journal: first.journal, concurrency: 1 }))
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
  const gateway = start({ faults: [{ after: 1, fault: { kind: 'status', status: 404 } }] })
  equal(await states(backfillUsers(gateway.client, rows(2), { journal: gateway.journal, concurrency: 1 })), [
    'u0 enrolled 1 false 0840',
    'u1 failed 1 false api_error',
  ])

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

test('bulk: a user_id that an earlier row has is not sent, however the earlier one ends', async () => {
  const { emulator, journal, client } = start({ faults: [{ times: 9, fault: { kind: 'latency', ms: 100 } }] })
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

test('bulk: rows are pulled when a worker is free, and not while nobody takes outcomes', async () => {
  const { emulator, journal, client } = start()
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

test('bulk: no more than concurrency photos are there at once', async () => {
  const { journal, client } = start({ faults: [{ times: 99, fault: { kind: 'latency', ms: 10 } }] })
  let open = 0
  let most = 0
  const input = rows(20).map((each) => ({
    ...each,
    photo: () => ((most = Math.max(most, ++open)), samplePhoto()),
  }))
  for await (const _ of backfillUsers(client, input, { journal, concurrency: 3 })) open--
  equal(most, 3)
})

test('bulk: progress counts, says how fast and how long, and whoever watches cannot disturb', async () => {
  const { emulator, journal, client } = start({
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
    [seen.length, seen[0]?.slice(0, 2), run.progress.counts.enrolled, run.progress.done, run.progress.etaMs],
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

test('bulk: hideUserIds leaves no id in the journal, and the journal works as before', async () => {
  const { emulator, journal, client } = start({ faults: [{ fault: { kind: 'reset', commit: true } }] })
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

test('bulk: nothing personal stands in the journal but the user_id in its key, nor in what goes into reports and logs', async () => {
  const { emulator, journal } = start({
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

test('bulk: codes that only your account knows decide, and what no table knows is asked for again', async () => {
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
  let used = start()
  const strange = () =>
    createClient({ ...used.emulator.clientOptions, dangerouslyAllowBrowser: true, fetch: reply('0841') })
  equal(await states(backfillUsers(strange(), [row('u')], { journal: used.journal })), [
    'u unknown 1 false 0841',
  ])
  equal(await states(backfillUsers(strange(), [row('u')], { journal: used.journal })), [
    'u exists 2 false 2209',
  ])
  used = start()
  equal(
    await states(
      backfillUsers(strange(), [row('u')], {
        journal: used.journal,
        codes: { '0841': { decision: 'approved' } },
      }),
    ),
    ['u enrolled 1 false 0841'],
  )
  used = start({ choices: { usedUserCode: '2215' } })
  await backfillUser(used.client, { ...row('u'), photo: samplePhoto() })
  equal(
    await states(
      backfillUsers(used.client, [row('u')], { journal: used.journal, existsCodes: ['2209', '2215'] }),
    ),
    ['u exists 1 false 2215'],
  )
})

test('bulk: wrong options, a source that fails and a journal that fails reject, and lose nothing', async () => {
  const { emulator, journal, client } = start()
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

  const used = start({ faults: [{ times: 9, fault: { kind: 'latency', ms: 100 } }] })
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
  const cut = await drain(backfillUsers(used.client, [row('v'), row('w')], { journal: full, concurrency: 1 }))
  equal(
    [cut.error.message, cut.outcomes.map(({ state }) => state), (await used.latest('v'))?.state],
    ['disk full', ['enrolled'], 'sending'],
  )
})

test('bulk: one row at a time, for any engine', async () => {
  const { emulator, journal, client, latest } = start({
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

test('bulk: rows are checked before anything is sent, each with all its problems', async () => {
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
  equal((await rejection(checkRows(input, { photo: true } as never).next())).issues[0].path, 'options.photo')
})

test('bulk: a journal takes an entry only after the one before it, and serves one environment and partner', () =>
  checkJournal(createMemoryJournal))
