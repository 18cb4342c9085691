/**
 * Power cuts in a bulk run. A real run is recorded, what it writes and what it syncs; then its journal is
 * opened as any cut may have left it: with any of the pages missing that were not on disk yet, and with any
 * size. In each state, what was on disk is there, nothing is that was not written, and the same run goes on:
 * whoever was sent before is settled.
 */
import fs, { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backfillUsers, type Journal, type JournalEntry } from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import { createEmulator } from 'smileid-edge/emulator'
import { openFileJournal } from 'smileid-edge/node'
import { all } from '../support/all.ts'
import { type Moment, recordFile, statesOf } from '../support/power-cut.ts'
import { rows } from '../support/rows.ts'

const ROWS = 10
/** After each write, in milliseconds, so that some fall into a sync. */
const PAUSES = [0, 7, 1, 2, 12, 4, 9]
/** How many states are tried. */
const LEAST = 900
const MOST = 950
/** Every so many states, the run itself goes on; in all others, only the journal is asked. */
const RUN_EACH = 5
const BOOT_ID = '/proc/sys/kernel/random/boot_id'
const SCOPE = { environment: 'sandbox', partnerId: '085' } as const

let dir = ''
let boot = 'boot-0'
const { readFileSync } = fs
beforeAll(async () => {
  // In memory: nothing here is to survive a real power cut.
  dir = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'power-cut-'))
  fs.readFileSync = ((path: string, ...rest: never[]) =>
    path === BOOT_ID ? boot : readFileSync(path, ...rest)) as typeof fs.readFileSync
  syncBuiltinESMExports()
})
afterAll(async () => {
  fs.readFileSync = readFileSync
  syncBuiltinESMExports()
  await rm(dir, { recursive: true })
})

interface Facts {
  /** Who was enrolled. */
  enrolled: string[]
  /** How many entries were written. */
  written: number
}

interface Recording {
  moments: Moment<Facts>[]
  /** All entries that were written, in their order. */
  entries: JournalEntry[]
}

/** Records a run over the first rows, on the journal at `path` as it is, in a new boot of the system. */
async function record(
  path: string,
  options: { count: number; enrolled: readonly string[]; faults?: boolean },
): Promise<Recording> {
  boot = `boot-${Number(boot.slice(5)) + 1}`
  const emulator = createEmulator()
  for (const user of options.enrolled) emulator.setUser(user, 'enrolled')
  if (options.faults) {
    emulator.addFault({ after: 1, times: 2, fault: { kind: 'reset', commit: true } })
    emulator.addFault({ after: 4, times: 1, fault: { kind: 'reset', commit: false } })
  }
  const entries: JournalEntry[] = []
  const facts = () => ({ enrolled: [...emulator.users].map((user) => user.user_id), written: entries.length })
  const recorder = await recordFile(path, facts)
  const journal = await openFileJournal(path)
  const recorded: Journal = {
    bind: (scope) => journal.bind(scope),
    read: (key) => journal.read(key),
    entries: () => journal.entries(),
    mayHaveLost: (key) => journal.mayHaveLost(key),
    async write(entry) {
      entries.push(entry)
      const isWritten = await journal.write(entry)
      recorder.look()
      // Else the run would be over before the second sync.
      await new Promise((resolve) => setTimeout(resolve, PAUSES[entries.length % PAUSES.length]))
      return isWritten
    },
  }
  const client = createClient(emulator.clientOptions)
  await all(backfillUsers(client, rows(options.count), { journal: recorded, concurrency: 2, maxRetries: 0 }))
  await journal.close()
  recorder.look()
  return { moments: recorder.stop(), entries }
}

const enrolledBy = ({ moments }: Recording) => moments.at(-1)!.facts.enrolled
const lineOf = ({ key, rev, state, digest }: JournalEntry) => [key, rev, state, digest].join(' ')
const keyOf = (user: string) => `sandbox:085:${user}`

/** The entries whose lines are whole in a file, read without the SDK. */
function linesIn(bytes: Buffer): JournalEntry[] {
  return bytes
    .toString('latin1')
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => {
      try {
        const value = JSON.parse(line) as JournalEntry
        return value.key ? [value] : []
      } catch {
        return []
      }
    })
}

/** Opens the journal after the cut, asks it for all that it knows, and uses it. */
async function checkState(
  state: Buffer,
  { durable, facts }: Moment<Facts>,
  { known, goesOn }: { known: readonly JournalEntry[]; goesOn: boolean },
): Promise<void> {
  const path = join(dir, 'state.ndjson')
  await writeFile(path, state)
  boot = `boot-${Number(boot.slice(5)) + 1}`
  const journal = await openFileJournal(path)
  await journal.bind(SCOPE)
  const written = new Set(known.map(lineOf))
  for (const entry of await all(journal.entries())) expect(written).toContain(lineOf(entry))
  for (const { key, rev } of linesIn(durable))
    expect((await journal.read(key))?.rev).toBeGreaterThanOrEqual(rev)
  for (const user of facts.enrolled) {
    const entry = await journal.read(keyOf(user))
    const isOpen = entry === undefined || entry.state === 'failed' || entry.state === 'rejected'
    if (isOpen) expect(journal.mayHaveLost(keyOf(user)), user).toBe(true)
  }
  if (goesOn) await goOn(journal, facts)
  const added = { key: 'later', rev: 1, state: 'failed', at: '', attempts: 1, digest: '' } as const
  expect(await journal.write(added)).toBe(true)
  await journal.close()

  const again = await openFileJournal(path)
  expect(again.droppedBytes).toBe(0)
  expect(await again.read(added.key)).toEqual(added)
  await again.close()
}

const emulator = createEmulator()
const client = createClient(emulator.clientOptions)

async function goOn(journal: Journal, { enrolled }: Facts): Promise<void> {
  emulator.reset()
  for (const user of enrolled) emulator.setUser(user, 'enrolled')
  const outcomes = await all(backfillUsers(client, rows(ROWS), { journal, concurrency: 2 }))
  for (const outcome of outcomes) {
    const { user_id } = outcome.row
    const isKnown = outcome.state === 'enrolled'
    const isSettled = outcome.state === 'exists' && outcome.attempted
    if (enrolled.includes(user_id)) expect(isKnown ? outcome.resumed : isSettled, user_id).toBe(true)
    else expect([isKnown, outcome.resumed], user_id).toEqual([true, false])
  }
}

interface State {
  bytes: Buffer
  moment: Moment<Facts>
  known: readonly JournalEntry[]
}

const unsynced = ({ durable, current }: Moment<Facts>) => current.length - durable.length

/** The states of three runs on one journal: a short one, one that goes on, and one after a cut of that. */
async function recordRuns(name: string): Promise<State[]> {
  const path = join(dir, `${name}.ndjson`)
  const first = await record(path, { count: 4, enrolled: [] })
  const second = await record(path, { count: ROWS, enrolled: enrolledBy(first), faults: true })
  const [cut] = [...second.moments].sort((a, b) => unsynced(b) - unsynced(a))
  const cuts = [...statesOf(cut!, 1)]
  const broken = cuts.filter((state) => state.includes(0)).at(-1) ?? cuts[0]!
  await writeFile(path, broken)
  const third = await record(path, { count: ROWS, enrolled: cut!.facts.enrolled })

  const states: State[] = []
  const known: JournalEntry[] = []
  for (const { moments, entries } of [first, second, third]) {
    known.push(...entries)
    for (const moment of moments) {
      for (const bytes of statesOf(moment, states.length)) states.push({ bytes, moment, known: [...known] })
    }
  }
  return states
}

it('loses nothing that was on disk, invents nothing, and goes on from every state of the file', async () => {
  const found: State[] = []
  while (found.length < LEAST) found.push(...(await recordRuns(`run-${found.length}`)))
  const step = Math.max(1, found.length / MOST)
  let tried = 0
  for (let index = 0; index < found.length; index += step) {
    const { bytes, moment, known } = found[Math.floor(index)]!
    await checkState(bytes, moment, { known, goesOn: tried % RUN_EACH === 0 })
    tried++
  }
  expect(tried).toBeGreaterThanOrEqual(LEAST)
}, 600_000)
