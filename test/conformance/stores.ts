/** What every journal and every replay store must do, wherever it keeps what it knows. */
import type { Journal, JournalEntry } from 'smileid-edge/bulk'
import type { ReplayStore } from 'smileid-edge/callback'
import { equal, rejection } from './harness'

/**
 * `open` gives a journal that nobody has used, the same one each time where it lasts longer than the object.
 */
export async function checkJournal(open: () => Journal): Promise<void> {
  const journal = open()
  const scope = { environment: 'sandbox', partnerId: '085' } as const
  const [secret, again] = await Promise.all([journal.bind(scope), journal.bind(scope)])
  equal([again, await journal.bind(scope), secret.length >= 32], [secret, secret, true])
  for (const other of [
    { ...scope, partnerId: '86' },
    { ...scope, environment: 'production' as const },
    { ...scope, hideUserIds: true },
  ]) {
    const error = await rejection(journal.bind(other))
    equal([error.code, error.issues[0].path], ['invalid_input', 'options.journal'])
  }
  const entry: JournalEntry = {
    key: 'sandbox:085:ü "𝄞"\n\',',
    rev: 1,
    state: 'sending',
    at: '2026-01-01T00:00:00.000Z',
    attempts: 1,
    digest: 'd',
  }
  const full: JournalEntry = {
    ...entry,
    rev: 2,
    state: 'exists',
    attempts: 2,
    digest: 'e',
    code: '2209',
    smileJobId: '0000000001',
    attempted: true,
    leaseUntil: '2026-01-01T00:01:00.000Z',
  }
  const sorted = (given: JournalEntry | undefined) => given && Object.entries(given).sort()
  equal(
    await Promise.all([
      journal.write(full),
      journal.write(entry),
      journal.write({ ...entry, state: 'failed' }),
      journal.write(full),
    ]),
    [false, true, false, true],
  )
  equal(sorted(await journal.read(entry.key)), sorted(full))
  // What an entry does not have, it does not keep from the one before it.
  for (const rev of [1, 2, 4, 5]) equal(await journal.write({ ...entry, rev }), false)
  equal(await journal.write({ ...entry, rev: 3, attempted: false }), true)
  equal(sorted(await journal.read(entry.key)), sorted({ ...entry, rev: 3, attempted: false }))
  equal(await journal.read('sandbox:085:other'), undefined)
  equal(
    await Promise.all(
      Array.from({ length: 9 }, () => journal.write({ ...entry, key: 'sandbox:085:a' })),
    ).then((written) => written.filter(Boolean).length),
    1,
  )
  const keys: string[] = []
  for await (const { key, rev } of journal.entries()) keys.push(`${key} ${rev}`)
  equal(keys.sort(), ['sandbox:085:a 1', `${entry.key} 3`])
}

/** `open` gives a store that nobody has used. */
export async function checkReplayStore(open: (now: () => number) => ReplayStore): Promise<void> {
  let now = 0
  const store = open(() => now)
  equal(
    [await store.claim('a', 100), await store.claim('a', 100), await store.claim('b', 100)],
    ['claimed', 'busy', 'claimed'],
  )
  now = 101
  equal([await store.claim('a', 100), await store.claim('a', 100)], ['claimed', 'busy'], 'the lease is over')
  await store.release('a')
  equal(await store.claim('a', 100), 'claimed')
  await store.complete('a', 1000)
  equal([await store.claim('a', 100), await store.claim('a', 100)], ['done', 'done'])
  now = 2000
  equal(await store.claim('a', 100), 'claimed', 'no longer kept')
  await store.complete('never claimed', 100)
  equal(await store.claim('never claimed', 100), 'done')
  await store.release('never claimed')
  equal((await Promise.all(Array.from({ length: 9 }, () => store.claim('c', 100)))).sort(), [
    ...Array.from({ length: 8 }, () => 'busy'),
    'claimed',
  ])
  await checkOwners(store, (ms) => void (now += ms))
  await checkCounts(store, (ms) => void (now += ms))
}

async function checkOwners(store: ReplayStore, advance: (ms: number) => void): Promise<void> {
  equal([await store.claim('d', 100, 'one'), await store.claim('d', 100, 'one')], ['claimed', 'busy'])
  await store.release('d', 'other')
  await store.complete('d', 1000, 'other')
  equal(await store.claim('d', 100, 'other'), 'busy', "another's claim")
  advance(101)
  equal(await store.claim('d', 100, 'two'), 'claimed')
  await store.release('d', 'one')
  await store.complete('d', 1000, 'one')
  equal(await store.claim('d', 100, 'three'), 'busy', 'claimed again by another')
  await store.complete('d', 1000, 'two')
  for (const owner of ['one', 'two']) await store.release('d', owner)
  equal(await store.claim('d', 100, 'three'), 'done', 'done is not undone')
  equal(await store.claim('e', 100, 'one'), 'claimed')
  await store.release('e', 'one')
  equal(await store.claim('e', 100, 'two'), 'claimed')
  advance(101)
  await store.complete('e', 1000, 'two')
  equal(await store.claim('e', 100, 'one'), 'done', 'late, and nobody else has it')
}

async function checkCounts(store: ReplayStore, advance: (ms: number) => void): Promise<void> {
  if (!store.count) return
  equal(
    [await store.count(['p', 'q'], 100), await store.count(['q', 'r'], 100)],
    [
      [1, 1],
      [2, 1],
    ],
  )
  advance(99)
  equal(await store.count(['p'], 100), [2])
  advance(1)
  equal(await store.count(['p', 'r'], 100), [1, 1], 'a new window')
  advance(-10_000)
  equal(await store.count(['p'], 100), [1], 'the clock was set back')
  advance(10_000)
}
