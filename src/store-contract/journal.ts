/** What every journal must do. */
import type { Journal, JournalEntry, JournalScope } from '../bulk/journal.ts'
import { checkOpener, mustBe, rejectionOf, type StoreCase, storeCase, times } from './cases.ts'

/**
 * Opens the journal that is kept at a place, such as a table or a file of that name (letters, digits and
 * underscores): one at the same place each time, another one at every other.
 */
export type JournalOpener = (place: string) => Journal | Promise<Journal>

const SCOPE: JournalScope = { environment: 'sandbox', partnerId: '085' }

/** Workers at one journal, each with a connection of its own where `open` gives one. */
const WORKERS = 4
const ROWS = 50

function entry(key: string, rev = 1, more: Partial<JournalEntry> = {}): JournalEntry {
  const at = '2026-01-05T10:00:00.000Z'
  return { key, rev, state: 'sending', at, attempts: rev, digest: 'ab'.repeat(16), ...more }
}

/**
 * The cases that a journal must pass: it belongs to one scope, gives each row to one of those who claim it,
 * whatever their clocks say, and knows what was written once it is opened again.
 *
 * @throws {SmileIdInputError} `invalid_input`: `open` is no function.
 *
 * @param open is given a new place by each case, and the same one again within it. What is opened is left to
 *   you to close: keep it, or use one connection for all.
 *
 * @example
 * ```ts
 * import { createMemoryJournal, type Journal } from 'smileid-edge/bulk'
 * import { testJournal } from 'smileid-edge/store-contract'
 *
 * const journals = new Map<string, Journal>()
 * function open(place: string): Journal {
 *   const journal = journals.get(place) ?? createMemoryJournal()
 *   journals.set(place, journal)
 *   return journal
 * }
 * for (const { name, run } of testJournal(open)) await run().then(() => console.log('keeps:', name))
 * ```
 */
export function testJournal(open: JournalOpener): readonly StoreCase[] {
  checkOpener(open)
  const bound = async (place: string): Promise<Journal> => {
    const journal = await open(place)
    await journal.bind(SCOPE)
    return journal
  }

  return [
    storeCase('belongs to the scope that was bound first, and to no other', (place) =>
      bindsOnce(open, place),
    ),
    storeCase('writes an entry when its rev is one above the latest, and never else', async (place) =>
      writesNext(await bound(place)),
    ),
    storeCase('keeps all that an entry has, and nothing of the one before', async (place) =>
      keepsEntries(await bound(place)),
    ),
    storeCase('goes by rev alone, whatever the clocks of its writers say', async (place) =>
      ignoresClocks(await bound(place)),
    ),
    storeCase('gives a row to one of those who claim it at once', async (place) =>
      givesOnce(await Promise.all(times(WORKERS, () => bound(place)))),
    ),
    storeCase('lets one of two end a row, the one who has it', async (place) =>
      endsOnce(await bound(place), await bound(place)),
    ),
    storeCase('knows after a crash what was written before', async (place) => {
      await (await bound(place)).write(entry('sandbox:085:u1', 1, { leaseUntil: '2026-01-05T10:02:00.000Z' }))
      await remembers(await bound(place))
    }),
    storeCase('lists the latest entry of each key', async (place) => listsEntries(await bound(place))),
  ]
}

async function bindsOnce(open: JournalOpener, place: string): Promise<void> {
  const [first, second] = [await open(place), await open(place)]
  const [secret, same] = await Promise.all([first.bind(SCOPE), second.bind({ ...SCOPE, hideUserIds: false })])
  mustBe(same, secret, 'the key of two who bind at once')
  mustBe(secret.length >= 32, true, 'that the key has 32 characters or more')
  mustBe(await (await open(place)).bind(SCOPE), secret, 'the key of one who binds later')
  for (const change of [{ partnerId: '86' }, { environment: 'production' as const }, { hideUserIds: true }]) {
    const error = await rejectionOf(second.bind({ ...SCOPE, ...change }))
    mustBe(error !== undefined, true, `that bind rejects another ${Object.keys(change)[0]}`)
  }
  mustBe(await first.bind(SCOPE), secret, 'the key after others were refused')
}

async function writesNext(journal: Journal): Promise<void> {
  const key = 'sandbox:085:u1'
  const attempts = [
    { rev: 2, expected: false },
    { rev: 1, expected: true },
    { rev: 1, expected: false },
    { rev: 3, expected: false },
    { rev: 2, expected: true },
    { rev: 2, expected: false },
    { rev: 4, expected: false },
  ]
  for (const { rev, expected } of attempts)
    mustBe(await journal.write(entry(key, rev)), expected, `write of rev ${rev}`)
  mustBe((await journal.read(key))?.rev, 2, 'the rev that is read')
  mustBe(await journal.read('sandbox:085:other'), undefined, 'an entry that was never written')
}

async function keepsEntries(journal: Journal): Promise<void> {
  const key = 'sandbox:085:ü "𝄞"\n\', \\ %?1'
  const full = entry(key, 2, {
    state: 'exists',
    leaseUntil: '2026-01-05T10:02:00.123Z',
    code: '2209',
    smileJobId: '0000000001',
    attempted: true,
  })
  for (const written of [entry(key), full, entry(key, 3, { attempted: false }), entry(key, 4)]) {
    mustBe(await journal.write(written), true, `write of rev ${written.rev}`)
    mustBe(await journal.read(key), written, `entry ${written.rev}`)
  }
}

/** A clock that was set, or one that is a minute off, must neither win nor lose a row. */
async function ignoresClocks(journal: Journal): Promise<void> {
  const moments = ['2026-01-05T10:00:00.000Z', '2026-01-05T09:59:00.000Z', '1970-01-01T00:00:00.000Z']
  for (const [i, at] of [...moments, '2099-01-01T00:00:00.000Z', moments[0]!].entries()) {
    const next = entry('sandbox:085:u1', i + 1, { at, leaseUntil: at })
    mustBe(await journal.write(next), true, `write of rev ${i + 1} at ${at}`)
    mustBe(await journal.write(next), false, `write of rev ${i + 1} again`)
    mustBe(await journal.read(next.key), next, `the entry of ${at}`)
  }
}

async function givesOnce(journals: readonly Journal[]): Promise<void> {
  const keys = times(ROWS, (i) => `sandbox:085:u${i}`)
  for (const rev of [1, 2]) {
    // Each begins elsewhere, as workers do who are given the rows in orders of their own.
    const claims = journals.map((journal, worker) =>
      Promise.all(
        times(ROWS, (i) => {
          const key = keys[(i + worker * 7) % ROWS]!
          return journal.write(entry(key, rev, { digest: `${worker}` })).then((won) => ({ key, worker, won }))
        }),
      ),
    )
    const won = (await Promise.all(claims)).flat().filter((claim) => claim.won)
    mustBe(
      won.map(({ key }) => key).sort(),
      [...keys].sort(),
      `the rows of which rev ${rev} was won, each once`,
    )
    for (const { key, worker } of won)
      mustBe((await journals[0]!.read(key))?.digest, `${worker}`, 'the winner whose entry is read')
  }
}

async function endsOnce(first: Journal, second: Journal): Promise<void> {
  const key = 'sandbox:085:u1'
  mustBe(await first.write(entry(key)), true, 'the claim of the first')
  // Its lease is over, and another takes the row.
  mustBe(await second.write(entry(key, 2)), true, 'the claim of the second')
  mustBe(await first.write(entry(key, 2, { state: 'failed' })), false, 'the late end by the first')
  mustBe(await second.write(entry(key, 3, { state: 'enrolled' })), true, 'the end by the second')
  mustBe((await first.read(key))?.state, 'enrolled', 'the state that the first reads')
}

async function remembers(journal: Journal): Promise<void> {
  const known = entry('sandbox:085:u1', 1, { leaseUntil: '2026-01-05T10:02:00.000Z' })
  mustBe(await journal.read(known.key), known, 'the entry of the one that crashed')
  mustBe(await journal.write(known), false, 'that its row cannot be claimed as a new one')
  mustBe(await journal.write(entry(known.key, 2)), true, 'that it can be taken over')
}

async function listsEntries(journal: Journal): Promise<void> {
  const keys = times(ROWS, (i) => `sandbox:085:u${i}`)
  await Promise.all(keys.map((key) => journal.write(entry(key))))
  await journal.write(entry(keys[0]!, 2))
  const listed: string[] = []
  for await (const { key, rev } of journal.entries()) listed.push(`${key} ${rev}`)
  const expected = keys.map((key, i) => `${key} ${i === 0 ? 2 : 1}`)
  mustBe(listed.sort(), expected.sort(), 'the entries')
}
