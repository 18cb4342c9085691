/** What becomes of each message: taken off, or brought again, and when. */
import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { backfillUser } from 'smileid-edge/backfill'
import { type BulkOutcome, createPaceGate } from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import {
  type BackfillConsumer,
  type BackfillMessage,
  createBackfillConsumer,
  createD1Journal,
  createD1PaceGate,
  createD1RunSwitch,
  type R2Like,
} from 'smileid-edge/cloudflare'
import { type Fault, samplePhoto } from 'smileid-edge/emulator'
import { expect, it, vi } from 'vitest'
import { env, keepingQueue, message, start, table } from './bindings'

/** Only a hang waits that long. */
const PATIENCE = { timeout: 200_000 }
const TIMES = { timestamp: new Date(0), attempts: 1 }

/** Delivers messages as one batch; `acked` and `again`, with seconds, by user. */
async function deliver(consumer: Partial<BackfillConsumer>, bodies: readonly unknown[], attempts = 1) {
  const batch = createMessageBatch(
    'rows',
    bodies.map((body, i) => ({ ...TIMES, id: `${i}`, attempts, body })),
  )
  const nameOf = (id: string) =>
    (bodies[Number(id)] as Partial<BackfillMessage> | undefined)?.user_id ?? `#${id}`
  // The platform's own result does not tell the delays.
  const again: Record<string, number | undefined> = {}
  let decisions = 0
  const messages = batch.messages.map((real) => ({
    body: real.body,
    attempts: real.attempts,
    ack() {
      decisions++
      real.ack()
    },
    retry(how?: { delaySeconds?: number }) {
      decisions++
      again[nameOf(real.id)] = how?.delaySeconds
      real.retry(how)
    },
  }))
  const handler = createBackfillConsumer(
    () => ({ photos: env.PHOTOS, concurrency: 1, ...consumer }) as BackfillConsumer,
  )
  let allAgain: number | undefined
  const retryAll = (how?: { delaySeconds?: number }) => {
    allAgain = how?.delaySeconds
    batch.retryAll(how)
  }
  const thrown: any = await handler({ messages, retryAll }, {}).then(
    () => undefined,
    (error: unknown) => error,
  )
  const { explicitAcks, retryMessages, retryBatch } = await getQueueResult(batch, createExecutionContext())
  expect(retryMessages.map(({ msgId }) => nameOf(msgId)).sort()).toEqual(Object.keys(again).sort())
  // Each is decided once: of two decisions, the platform would take the first.
  if (!retryBatch.retry)
    expect([explicitAcks.length + retryMessages.length, decisions]).toEqual([bodies.length, bodies.length])
  return { thrown, allAgain, acked: explicitAcks.map(nameOf).sort(), again }
}

const journalOf = () => {
  const name = table()
  return () => createD1Journal(env.DB, { table: name })
}

it('takes off what has ended, and brings again, one by one, what has not', async () => {
  const { emulator, client } = start({ choices: { minFaceSide: 100 } })
  const told: string[] = []
  const consumer = {
    client,
    journal: journalOf()(),
    onOutcome: ({ state, code }: BulkOutcome, { user_id }: BackfillMessage) =>
      void told.push(`${user_id} ${state} ${code}`),
  }
  await backfillUser(client, { user_id: 'old', user_created_at: '2021-08-12', photo: samplePhoto() })
  emulator.addFault({ after: 3, fault: { kind: 'reset', commit: true } })
  emulator.addFault({ after: 4, fault: { kind: 'status', status: 429, retryAfter: 9 } })
  emulator.addFault({ after: 5, fault: { kind: 'status', status: 503 } })
  const rows = [
    await message('new'),
    await message('old'),
    await message('small'),
    await message('lost'),
    await message('limited'),
    await message('down'),
    await message('nowhere', { photo: 'photos/nobody.jpg' }),
    await message('undated', { user_created_at: '12/08/2021' }),
    await message('keyless', { photo: '' }),
    await message('data', { photo: { bytes: 1 } as never }),
  ]
  await env.PHOTOS.put('photos/small.jpg', samplePhoto({ type: 'image/png' }))
  const first = await deliver(consumer, rows)
  expect(first.thrown).toBe(undefined)
  expect(first.acked).toEqual(['data', 'keyless', 'new', 'nowhere', 'old', 'small', 'undated'])
  expect(Object.keys(first.again).sort()).toEqual(['down', 'limited', 'lost'])
  expect(first.again.limited).toBe(9)
  for (const user of ['down', 'lost']) expect([3, 4, 5]).toContain(first.again[user])
  expect(told).toEqual([
    'new enrolled 0840',
    'old exists 2209',
    'small rejected 0001',
    'lost unknown network_error',
    'limited failed rate_limited',
    'down unknown server_error',
    'nowhere invalid missing',
    'undated invalid wrong_format',
    'keyless invalid missing',
    'data invalid wrong_type',
  ])
  expect(emulator.calls.length).toBe(7)

  told.length = 0
  expect((await deliver(consumer, rows.slice(3, 6), 2)).acked).toEqual(['down', 'limited', 'lost'])
  expect(told).toEqual(['lost exists 2209', 'limited enrolled 0840', 'down enrolled 0840'])
  expect([...emulator.users].length).toBe(5)
})

it('takes off what is no row at all, and says so', async () => {
  const { emulator, client } = start()
  const outcomes: BulkOutcome[] = []
  const result = await deliver(
    { client, journal: journalOf()(), onOutcome: (outcome) => void outcomes.push(outcome) },
    [null, 'text', 5, [], {}],
  )
  expect([result.acked.length, result.again, result.thrown, emulator.calls.length]).toEqual([
    5,
    {},
    undefined,
    0,
  ])
  expect(outcomes.map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(
    Array.from({ length: 5 }, () => 'invalid 0'),
  )
})

it('sends one row once, however many consumers have it at once, and whenever it comes again', async () => {
  const { emulator } = start({ clock: 'real' })
  let answered = 0
  // The call lasts until the two others have been turned away.
  const client = createClient({
    ...emulator.clientOptions,
    fetch: async (url, init) => {
      await vi.waitUntil(() => answered === 2, PATIENCE)
      return emulator.fetch(url, init)
    },
  })
  const open = journalOf()
  const row = await message('twice')
  const both = await Promise.all(
    [1, 2, 3].map(() => deliver({ client, journal: open() }, [row]).finally(() => answered++)),
  )
  expect(emulator.calls.length).toBe(1)
  expect(both.map(({ acked }) => acked.length).sort()).toEqual([0, 0, 1])
  const busy = both.filter(({ acked }) => !acked.length).map(({ again }) => again.twice!)
  // The lease is the timeout and 75 seconds.
  for (const seconds of busy) expect(seconds).toSatisfy((given: number) => given > 95 && given <= 105)
  expect((await deliver({ client, journal: open() }, [row])).acked).toEqual(['twice'])
  expect(emulator.calls.length).toBe(1)
})

it('settles a row whose consumer died at work, once its lease is over', async () => {
  const { emulator, client } = start()
  const open = journalOf()
  const row = await message('dead')
  const dying = {
    ...open(),
    write: async (entry: { state: string }) =>
      entry.state === 'sending' ? open().write(entry as never) : new Promise<never>(() => {}),
  }
  void deliver({ client, journal: dying }, [row])
  await vi.waitUntil(() => emulator.isEnrolled('dead'), PATIENCE)
  const { again } = await deliver({ client, journal: open() }, [row])
  expect(again.dead).toBeGreaterThan(30)
  await emulator.advance(again.dead! * 1000)
  const outcomes: BulkOutcome[] = []
  expect(
    (
      await deliver(
        { client, journal: open(), onOutcome: (outcome) => void outcomes.push(outcome) },
        [row],
        2,
      )
    ).acked,
  ).toEqual(['dead'])
  expect(outcomes).toEqual([expect.objectContaining({ state: 'exists', attempted: true, attempts: 2 })])
})

it('waits longer each time for what says nothing of when', async () => {
  const { client } = start({ faults: [{ times: 99, fault: { kind: 'reset', commit: false } }] })
  const journal = journalOf()()
  const row = await message('slow')
  const delays: number[] = []
  for (const attempts of [1, 2, 3, 4, 5, 11, 100])
    delays.push((await deliver({ client, journal }, [row], attempts)).again.slow!)
  ;[5, 10, 20, 40, 80, 3600, 3600].forEach((most, i) =>
    expect(delays[i]).toSatisfy((seconds: number) => seconds >= most / 2 && seconds <= most),
  )
})

it('has no more photos in memory than it may', async () => {
  const { client } = start({ clock: 'real', faults: [{ times: 99, fault: { kind: 'latency', ms: 100 } }] })
  let open = 0
  const most: Record<string, number> = {}
  const rows = await Promise.all(Array.from({ length: 12 }, (_, i) => message(`c${i}`)))
  for (const concurrency of [undefined, 2]) {
    const journal = journalOf()()
    const photos: R2Like = {
      get: (key) => (
        (most[`${concurrency}`] = Math.max(most[`${concurrency}`] ?? 0, ++open)),
        env.PHOTOS.get(key)
      ),
    }
    const { acked } = await deliver(
      { client, journal, photos, concurrency, onOutcome: () => void open-- },
      rows,
    )
    expect(acked.length).toBe(12)
  }
  expect(most).toEqual({ undefined: 4, 2: 2 })
})

it('sends back, with the rest of the batch, what no row would survive, and tells', async () => {
  const { emulator, client } = start()
  const rows = await Promise.all(Array.from({ length: 6 }, (_, i) => message(`f${i}`)))
  for (const onStop of [undefined, vi.fn()]) {
    const journal = journalOf()()
    emulator.reset()
    emulator.addFault({ after: 2, fault: { kind: 'code', code: '2205' } })
    const { acked, again, thrown, allAgain } = await deliver({ client, journal, onStop }, rows)
    expect(acked).toEqual(['f0', 'f1'])
    expect(again).toEqual({ f2: 300, f3: 300, f4: 300, f5: 300 })
    expect([emulator.calls.length, allAgain]).toEqual([3, undefined])
    if (onStop)
      expect([thrown, onStop.mock.calls]).toEqual([
        undefined,
        [[expect.objectContaining({ code: 'unauthorized' })]],
      ])
    else expect(thrown).toMatchObject({ code: 'unauthorized' })
    expect((await deliver({ client, journal }, rows.slice(2), 2)).acked.length).toBe(4)
    expect([...emulator.users].length).toBe(6)
  }
})

it.each<[string, Fault, string]>([
  ['2205', { kind: 'code', code: '2205' }, 'unauthorized: Check partner id, API key, environment and clock.'],
  ['2405', { kind: 'code', code: '2405' }, 'unauthorized: Check partner id, API key, environment and clock.'],
  ['403', { kind: 'status', status: 403 }, 'unauthorized: Check partner id, API key, environment and clock.'],
  ['402', { kind: 'status', status: 402 }, 'payment_required: Top up the wallet.'],
  ['2220', { kind: 'code', code: '2220' }, 'not_enabled: Ask Smile ID to enable it.'],
  ['a reply with a wrong signature', { kind: 'body', body: 'bad_signature' }, 'signature_mismatch: '],
])(
  'pauses the run at %s, says why, and makes no call until somebody resumes it',
  async (_, fault, reason) => {
    const { emulator, client } = start({ faults: [{ after: 2, fault }] })
    const rows = await Promise.all(Array.from({ length: 6 }, (_, i) => message(`h${i}`)))
    const [run, { queue, sent }] = [createD1RunSwitch(env.DB, { table: table() }), keepingQueue()]
    const consumer = { client, journal: journalOf()(), run, queue, onStop: () => {} }
    expect(await run.reason()).toBe(undefined)
    const first = await deliver(consumer, rows)
    // Sent anew, none of them retried, so that no delivery counts.
    expect([first.acked, first.again, sent.splice(0)]).toEqual([
      rows.map(({ user_id }) => user_id),
      {},
      rows.slice(2).map((body) => ({ body, delaySeconds: 300 })),
    ])
    expect([await run.read(), await run.reason(), emulator.calls.length]).toEqual([
      'paused',
      expect.stringMatching(new RegExp(`^${reason}`)),
      3,
    ])
    for (let i = 0; i < 3; i++) {
      expect((await deliver(consumer, rows.slice(2), 99)).again).toEqual({})
      expect(sent.splice(0)).toEqual(rows.slice(2).map((body) => ({ body, delaySeconds: 300 })))
    }
    expect(emulator.calls.length).toBe(3)
    await run.set('running')
    expect(await run.reason()).toBe(undefined)
    expect([(await deliver(consumer, rows.slice(2))).acked.length, sent, [...emulator.users].length]).toEqual(
      [4, [], 6],
    )
    expect(emulator.calls.filter(({ committed }) => committed).length).toBe(6)
  },
)

it('pauses when rows, one after the other, are refused for what may be common to all', async () => {
  const refuse = (after: number, times: number) => ({
    after,
    times,
    fault: { kind: 'code' as const, code: '2213' },
  })
  const { emulator, client } = start({ faults: [refuse(0, 4), refuse(5, 4), refuse(10, 99)] })
  const rows = await Promise.all(Array.from({ length: 20 }, (_, i) => message(`d${i}`)))
  const run = createD1RunSwitch(env.DB, { table: table() })
  const handler = createBackfillConsumer(() => ({
    client,
    photos: env.PHOTOS,
    journal,
    run,
    onStop: () => {},
  }))
  const journal = journalOf()()
  const states: string[] = []
  const one = async (body: BackfillMessage) => {
    await handler({ messages: [{ body, attempts: 1, ack() {}, retry() {} }], retryAll() {} }, {})
    states.push(await run.read())
  }
  // Four, a good one, four; one row again and again is no other row.
  for (const row of rows.slice(0, 9)) await one(row)
  for (const row of [
    rows[9]!,
    ...Array.from({ length: 4 }, () => rows[10]!),
    rows[11]!,
    rows[12]!,
    rows[13]!,
  ])
    await one(row)
  expect([new Set(states), emulator.calls.length]).toEqual([new Set(['running']), 17])
  await one(rows[14]!)
  expect([states.at(-1), await run.reason(), emulator.calls.length]).toEqual([
    'paused',
    expect.stringMatching(/^invalid_request: /),
    18,
  ])
})

it('waits for a server that cannot be reached, and goes on by itself', async () => {
  const { emulator, client } = start({ faults: [{ times: 5, fault: { kind: 'reset', commit: false } }] })
  const run = createD1RunSwitch(env.DB, { table: table() })
  const [journal, { queue, sent }] = [journalOf()(), keepingQueue()]
  const handler = createBackfillConsumer(() => ({
    client,
    photos: env.PHOTOS,
    journal,
    run,
    queue,
    concurrency: 1,
  }))
  /** Users whose messages were retried, which counts; acked; and sent anew, with their seconds. */
  async function give(bodies: readonly BackfillMessage[]) {
    const [retried, acked]: [string[], string[]] = [[], []]
    const messages = bodies.map((body) => ({
      body,
      attempts: 1,
      ack: () => void acked.push(body.user_id),
      retry: () => void retried.push(body.user_id),
    }))
    await handler({ messages, retryAll() {} }, {})
    const anew = sent.splice(0).map(({ body, delaySeconds }) => `${body.user_id} ${delaySeconds}`)
    return { retried, anew, done: acked.length - anew.length, calls: emulator.calls.length }
  }
  const rows = await Promise.all(Array.from({ length: 6 }, (_, i) => message(`w${i}`)))
  const allAfter = (...seconds: number[]) =>
    rows.map(({ user_id }, i) => `${user_id} ${seconds[i] ?? seconds[0]}`)

  expect(await give(rows)).toEqual({
    retried: ['w0', 'w1'],
    anew: allAfter(5).slice(2),
    done: 0,
    calls: 3,
  })
  const { host } = new URL(client.baseUrl)
  const note = `network_error ECONNRESET: ${host} does not answer: waiting for it; the run goes on by itself.`
  expect([await run.read(), await run.reason()]).toEqual(['running', note])
  // Each time one row tries, the first; before its time nobody does.
  await emulator.advance(2000)
  expect(await give(rows)).toEqual({ retried: [], anew: allAfter(3), done: 0, calls: 3 })
  for (const [passed, next, calls] of [
    [3, 10, 4],
    [10, 20, 5],
  ] as const) {
    await emulator.advance(passed * 1000)
    expect(await give(rows)).toEqual({ retried: [], anew: allAfter(next), done: 0, calls })
  }
  // A person's pause keeps what it says.
  await run.set('paused', 'lunch')
  await give(rows)
  expect([await run.read(), await run.reason()]).toEqual(['paused', 'lunch'])
  await run.set('running')
  await emulator.advance(20_000)
  expect(await give(rows)).toEqual({ retried: [], anew: [], done: 6, calls: 5 + 6 })
  expect([await run.read(), await run.reason(), [...emulator.users].length]).toEqual([
    'running',
    undefined,
    6,
  ])
})

it('leaves a cancelled run cancelled, and takes no failure of the world for a refusal', async () => {
  const { client } = start({ faults: [{ fault: { kind: 'code', code: '2205' } }] })
  const run = createD1RunSwitch(env.DB, { table: table() })
  const journal = journalOf()()
  const row = await message('stays')
  const cancelling = {
    ...journal,
    write: async (entry: { state: string }) => (await run.set('cancelled'), journal.write(entry as never)),
  }
  await deliver({ client, journal: cancelling, run, onStop: () => {} }, [row])
  expect([await run.read(), await run.reason()]).toEqual(['cancelled', undefined])
  await run.set('running')
  await deliver(
    {
      client,
      journal: { ...journal, read: () => Promise.reject(new Error('D1_ERROR')) },
      run,
      onStop: () => {},
    },
    [row],
  )
  expect(await run.read()).toBe('running')
  // Nor is it one of the row's own.
  expect((await deliver({ client, journal, run }, [row], 2)).acked).toEqual(['stays'])
})

it('retries what the queue does not take back', async () => {
  const { client } = start({ faults: [{ fault: { kind: 'code', code: '2205' } }] })
  const run = createD1RunSwitch(env.DB, { table: table() })
  const rows = await Promise.all(['q1', 'q2'].map((user) => message(user)))
  const { again, acked } = await deliver(
    {
      client,
      journal: journalOf()(),
      run,
      queue: { sendBatch: () => Promise.reject(new Error('queue is full')) },
      onStop: () => {},
    },
    rows,
  )
  expect([again, acked]).toEqual([{ q1: 300, q2: 300 }, []])
})

it('lets those finish that are under way when the others stop', async () => {
  const { emulator } = start({ clock: 'real', faults: [{ fault: { kind: 'code', code: '2205' } }] })
  const real = journalOf()()
  let refused = false
  const journal = {
    ...real,
    async write(entry: Parameters<typeof real.write>[0]) {
      const written = await real.write(entry)
      if (entry.state === 'failed') refused = true
      return written
    },
  }
  let calls = 0
  const client = createClient({
    ...emulator.clientOptions,
    fetch: async (url, init) => {
      const isFirst = ++calls === 1
      const reply = await emulator.fetch(url, init)
      // The refusal comes once the two others are under way, and they end once it has been written down.
      await vi.waitUntil(() => (isFirst ? calls === 3 : refused), PATIENCE)
      return reply
    },
  })
  const rows = await Promise.all(Array.from({ length: 8 }, (_, i) => message(`w${i}`)))
  const { acked, again } = await deliver({ client, journal, concurrency: 3, onStop: () => {} }, rows)
  expect([
    acked.length,
    Object.keys(again).length,
    emulator.calls.length,
    [...emulator.users].length,
  ]).toEqual([2, 6, 3, 2])
})

it('sends all back when the journal, the switch or the setup fails', async () => {
  const { emulator, client } = start()
  const rows = await Promise.all(['a', 'b'].map((user) => message(user)))
  const broken = () => Promise.reject(new Error('D1_ERROR: Network connection lost.'))
  for (const part of [
    { journal: { ...journalOf()(), read: broken } },
    { journal: journalOf()(), run: { read: broken, set: broken } },
  ]) {
    const { again, thrown } = await deliver({ client, ...part }, rows)
    expect([again, thrown.message]).toEqual([{ a: 300, b: 300 }, 'D1_ERROR: Network connection lost.'])
  }
  const setup = await deliver(
    {
      client,
      photos: {},
      concurrency: 0,
      run: {},
      queue: {},
      pacer: 1,
      signal: AbortSignal.abort(),
    } as never,
    rows,
  )
  expect([setup.allAgain, setup.again]).toEqual([300, {}])
  expect(setup.thrown.issues.map(({ path }: { path: string }) => path).sort()).toEqual([
    'setup.concurrency',
    'setup.journal',
    'setup.pacer',
    'setup.photos',
    'setup.queue',
    'setup.run',
    'setup.signal',
  ])
  expect(emulator.calls.length).toBe(0)
})

it('tells again, without another call, when nobody could be told', async () => {
  const { emulator, client } = start()
  const journal = journalOf()()
  const rows = [await message('told'), await message('bad', { photo: 'none' })]
  const onOutcome = vi
    .fn()
    .mockRejectedValueOnce(new Error('report'))
    .mockImplementationOnce(() => {
      throw new Error('report')
    })
  const first = await deliver({ client, journal, onOutcome }, rows)
  expect([first.thrown, first.acked, Object.keys(first.again).sort()]).toEqual([
    undefined,
    [],
    ['bad', 'told'],
  ])
  expect((await deliver({ client, journal, onOutcome }, rows, 2)).acked).toEqual(['bad', 'told'])
  expect(onOutcome.mock.calls.map(([{ state, resumed }]) => `${state} ${resumed}`)).toEqual([
    'enrolled false',
    'invalid false',
    'enrolled true',
    'invalid false',
  ])
  expect(emulator.calls.length).toBe(1)
})

it('does not take a bucket that fails for a photo that is not there', async () => {
  const { emulator, client } = start()
  const journal = journalOf()()
  const row = await message('CANARY')
  const outcomes: BulkOutcome[] = []
  const fail = async () => {
    throw Object.assign(new Error('get: CANARY: internal error (10001)'), { code: 'ECONNRESET' })
  }
  for (const photos of [{ get: fail }, { get: async () => ({ size: 9, arrayBuffer: fail }) }]) {
    const { again, acked } = await deliver(
      { client, journal, photos, onOutcome: (outcome) => void outcomes.push(outcome) },
      [row],
    )
    expect([acked, Object.keys(again)]).toEqual([[], ['CANARY']])
  }
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({
      state: 'failed',
      code: 'network_error',
      error: { outcome: 'not_sent', retryable: true },
    })
    expect(
      JSON.stringify([outcome.text, outcome.code, (outcome as any).error, `${(outcome as any).error.stack}`]),
    ).not.toContain('CANARY')
  }
  expect(emulator.calls.length).toBe(0)
  // What is too large is not even read.
  const read = vi.fn()
  const { acked } = await deliver(
    {
      client,
      journal,
      photos: { get: async () => ({ size: 5_000_001, arrayBuffer: read }) },
      onOutcome: (outcome) => void outcomes.push(outcome),
    },
    [row],
  )
  expect([acked, outcomes.at(-1)?.code, read.mock.calls]).toEqual([['CANARY'], 'photo_too_large', []])
})

it('pauses, goes on and is cancelled by a switch', async () => {
  const { emulator, client } = start()
  const run = createD1RunSwitch(env.DB, { table: table() })
  const rows = await Promise.all(['p1', 'p2'].map((user) => message(user)))
  const onCancelled = vi.fn()
  const onOutcome = vi.fn()
  const consumer = { client, journal: journalOf()(), run, onCancelled, onOutcome }
  await run.set('paused')
  const paused = await deliver(consumer, rows, 3)
  expect([
    paused.acked,
    Object.values(paused.again).every((seconds) => seconds! >= 10 && seconds! <= 20),
    emulator.calls.length,
  ]).toEqual([[], true, 0])
  await run.set('running')
  expect((await deliver(consumer, rows.slice(0, 1), 4)).acked).toEqual(['p1'])
  await run.set('cancelled')
  onCancelled.mockRejectedValueOnce(new Error('report'))
  expect((await deliver(consumer, rows.slice(1), 4)).acked).toEqual([])
  expect((await deliver(consumer, rows.slice(1), 5)).acked).toEqual(['p2'])
  expect([onOutcome.mock.calls.length, onCancelled.mock.calls, emulator.calls.length]).toEqual([
    1,
    [[rows[1]], [rows[1]]],
    1,
  ])
})

it('stops in the middle of a batch when the run is paused', async () => {
  const { emulator, client } = start()
  const run = createD1RunSwitch(env.DB, { table: table() })
  const rows = await Promise.all(Array.from({ length: 5 }, (_, i) => message(`m${i}`)))
  const { acked, again } = await deliver(
    {
      client,
      journal: journalOf()(),
      run,
      onOutcome: (_, { user_id }) => user_id === 'm1' && run.set('paused'),
    },
    rows,
  )
  expect([acked, Object.keys(again), emulator.calls.length]).toEqual([['m0', 'm1'], ['m2', 'm3', 'm4'], 2])
})

it('holds one pace with all others, and waits in the queue for a gate that is closed for long', async () => {
  const { emulator, client } = start({
    clock: 'real',
    faults: [{ fault: { kind: 'status', status: 429, retryAfter: 120 } }],
  })
  const name = table()
  const journal = journalOf()()
  const rows = await Promise.all(Array.from({ length: 4 }, (_, i) => message(`g${i}`)))
  const first = await deliver(
    { client, journal, pace: createD1PaceGate(env.DB, { table: name }) },
    rows.slice(0, 2),
  )
  expect(first.again.g0).toBe(120)
  expect(first.again.g1).toSatisfy((seconds: number) => seconds > 110 && seconds <= 120)
  expect(emulator.calls.length).toBe(1)
  // Another consumer has not heard yet, and nobody waits longer than half a minute of the platform's time.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const pace = createD1PaceGate(env.DB, { table: name })
    const second = deliver({ client, journal, pace }, rows.slice(2))
    await vi.waitUntil(() => pace.closedForMs > 0, PATIENCE)
    await vi.advanceTimersByTimeAsync(30_000)
    const { again, thrown } = await second
    expect(thrown).toBe(undefined)
    for (const seconds of Object.values(again))
      expect(seconds).toSatisfy((given: number) => given > 80 && given <= 120)
    expect([Object.keys(again), emulator.calls.length]).toEqual([['g2', 'g3'], 1])
  } finally {
    vi.useRealTimers()
  }
  // Nothing was claimed meanwhile.
  expect((await deliver({ client, journal, pace: createPaceGate() }, rows.slice(2), 2)).acked).toEqual([
    'g2',
    'g3',
  ])
})

it('tells all others of the pace before it ends, and says when it cannot', async () => {
  const { client } = start({
    clock: 'real',
    faults: [{ fault: { kind: 'status', status: 429, retryAfter: 60 } }],
  })
  const pace = {
    closedForMs: 0,
    wait: async () => {},
    observe: () => {},
    flush: vi.fn().mockRejectedValue(new Error('D1_ERROR')),
  }
  const onStop = vi.fn()
  const { again } = await deliver({ client, journal: journalOf()(), pace, onStop }, [
    await message('flushed'),
  ])
  expect([again, pace.flush.mock.calls.length, onStop.mock.calls]).toEqual([
    { flushed: 60 },
    1,
    [[new Error('D1_ERROR')]],
  ])
})
