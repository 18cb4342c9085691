/**
 * A bulk run over a file, against a server that fails at random: killed again and again and started anew,
 * until every row has ended. What became of the users is asked of the server, never of the run.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { samplePhoto } from 'smileid-edge/emulator'
import { seeded } from '../../src/emulator/random.ts'
import type { ReportLine, ProcessSettings } from './bulk-process.ts'
import type { FromServer, ServerFacts, ToServer } from './faulty-server.ts'

export interface CrashOptions {
  /** An empty folder. */
  dir: string
  /** The script of the server, made of faulty-server.ts. */
  server: string
  /** The script of a run, made of bulk-process.ts. */
  worker: string
  /** Rows that can be enrolled; some that cannot come between them. */
  rows: number
  kills: number
  seed: number
  concurrency: number
}

export interface CrashReport {
  /** Processes that were killed, and all that were started. */
  kills: number
  runs: number
  requests: number
  /** Requests but for those that were turned away with the word that nothing happened. */
  submissions: number
  faults: Record<string, number>
  /** Attempts whose outcome nobody could know: cut off, truncated, a plain 503. */
  unclear: number
  /** Rows that the journal had in flight when a process was killed. */
  inFlight: number
  /** Enrolments that the server made, and of how many users. */
  committed: number
  users: number
  /** Outcomes that were reported in all runs. */
  reported: number
  /** Ids that were enrolled by a call whose reply never came. */
  settled: number
  /** What must be empty. */
  lost: string[]
  wrongPhoto: string[]
  wronglyReported: string[]
  ms: number
}

/** A call whose process was killed keeps nothing waiting for longer than this. */
const TIMEOUT_MS = 10_000
/** The clock of each start is put forward by more than the lease of a call, which is its time and 75 s. */
const AHEAD_MS = TIMEOUT_MS + 76_000
/** How many runs there may be beyond those that are killed, until every row has ended. */
const MOST_SETTLING_RUNS = 10
/** A run ends so by itself: all rows were taken, or it stopped at a refusal (see bulk-process.ts). */
const DONE = '0'
const STOPPED = '3'

export async function runWithCrashes(options: CrashOptions): Promise<CrashReport> {
  const { dir, rows, kills, seed, concurrency } = options
  const began = performance.now()
  const { csv, expected } = await writeRows(dir, rows)
  const random = seeded(seed)
  const server = await startServer(options.server, seed)
  const [journal, report] = [join(dir, 'run.ndjson'), join(dir, 'report.ndjson')]
  const counts = { kills: 0, runs: 0, inFlight: 0, reported: 0 }
  const wronglyReported: string[] = []
  const settledIds = new Set<number>()

  /** One process, killed once so many requests have come, and a moment later. */
  async function run(killAfter?: number): Promise<{ how: string; lines: ReportLine[] }> {
    if (counts.runs === 2 * kills + MOST_SETTLING_RUNS) throw new Error('it does not come to an end')
    const settings: ProcessSettings = {
      baseUrl: server.url,
      csv,
      journal,
      report,
      concurrency,
      timeoutMs: TIMEOUT_MS,
      aheadMs: counts.runs++ * AHEAD_MS,
    }
    const child = spawn(process.execPath, [options.worker, JSON.stringify(settings)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const ended = new Promise<string>((resolve) =>
      child.once('close', (code, signal) => resolve(signal ?? String(code))),
    )
    let stderr = ''
    child.stderr.on('data', (text) => (stderr += String(text)))
    if (killAfter !== undefined) {
      await Promise.race([server.reached(killAfter), ended])
      await new Promise((resolve) => setTimeout(resolve, random() * 20))
      child.kill('SIGKILL')
    }
    const how = await ended
    if (how === 'SIGKILL') {
      counts.kills++
      counts.inFlight += await sendingIn(journal)
    } else if (how !== DONE && how !== STOPPED) {
      throw new Error(`a run ended with ${how}: ${stderr}`)
    }
    const lines = await newLines()
    await checkLines(lines)
    return { how, lines }
  }

  async function newLines(): Promise<ReportLine[]> {
    const lines = (await wholeLines(report)) as ReportLine[]
    const fresh = lines.slice(counts.reported)
    counts.reported = lines.length
    return fresh
  }

  /** What was reported must be so at once, not only at the end. */
  async function checkLines(lines: ReportLine[]): Promise<void> {
    const users = new Map((await server.facts()).users)
    for (const line of lines) {
      const row = expected[line.index]!
      if (!isSo(line, row, users.get(row.user_id))) {
        const found = users.has(row.user_id) ? 'enrolled' : 'not enrolled'
        wronglyReported.push(`row ${line.index}: ${JSON.stringify(line)}, ${found}`)
      }
      if (line.state === 'exists') settledIds.add(line.index)
    }
  }

  try {
    while (counts.kills < kills) await run(1 + Math.floor((random() * 1.5 * rows) / kills))
    for (let open = true; open;) {
      const { how, lines } = await run()
      if (how === DONE && lines.length !== expected.length) {
        wronglyReported.push(`a run that ended reported ${lines.length} rows of ${expected.length}`)
      }
      open = how !== DONE || lines.some(({ state }) => state === 'failed' || state === 'unknown')
    }
    const facts = await server.facts()
    return {
      ...counts,
      ...summary(facts),
      ...wrongUsers(facts.users, expected),
      settled: settledIds.size,
      users: facts.users.length,
      wronglyReported,
      ms: performance.now() - began,
    }
  } finally {
    server.stop()
  }
}

/** Whether what is said of a row fits the photo that the server has of its user. */
function isSo(line: ReportLine, row: Expected, photoSha256: string | undefined): boolean {
  if (!row.valid) return line.state === 'invalid'
  const enrolled = photoSha256 === row.photoSha256
  switch (line.state) {
    case 'enrolled':
      return enrolled
    case 'exists':
      // Nobody else enrols here: who exists was enrolled by a call of ours.
      return enrolled && line.attempted === true
    case 'failed':
      return photoSha256 === undefined
    default:
      return line.state === 'unknown'
  }
}

function wrongUsers(
  found: ServerFacts['users'],
  expected: Expected[],
): Pick<CrashReport, 'lost' | 'wrongPhoto'> {
  const users = new Map(found)
  const valid = new Map(expected.filter((row) => row.valid).map((row) => [row.user_id, row.photoSha256]))
  return {
    lost: [...valid.keys()].filter((user_id) => !users.has(user_id)),
    // Of a user who is no row that can be enrolled, any photo is the wrong one.
    wrongPhoto: found
      .filter(([user_id, photoSha256]) => valid.get(user_id) !== photoSha256)
      .map(([user_id]) => user_id),
  }
}

function summary({
  requests,
  turnedAway,
  faults,
  committed,
}: ServerFacts): Pick<CrashReport, 'requests' | 'submissions' | 'faults' | 'unclear' | 'committed'> {
  const count = (...names: string[]) => names.reduce((sum, name) => sum + (faults[name] ?? 0), 0)
  return {
    requests,
    submissions: requests - turnedAway,
    faults,
    unclear: count('503', 'reset before commit', 'reset after commit', 'truncated'),
    committed,
  }
}

interface Expected {
  user_id: string
  photoSha256: string
  valid: boolean
}

/**
 * A CSV file with photos beside it. To every fifty rows come three that are not to be sent: a wrong date, a
 * photo cut off, and an id of a row before under another photo.
 */
async function writeRows(dir: string, rows: number): Promise<{ csv: string; expected: Expected[] }> {
  const photos = join(dir, 'photos')
  await mkdir(photos)
  const expected: Expected[] = []
  const lines = ['user_id,user_created_at,photo']
  const add = async (user_id: string, photo: Uint8Array, { valid = true, date = '2021-08-12' } = {}) => {
    const name = `photos/${expected.length}.jpg`
    await writeFile(join(dir, name), photo)
    lines.push(`${user_id},${date},${name}`)
    expected.push({ user_id, photoSha256: createHash('sha256').update(photo).digest('hex'), valid })
  }
  for (let i = 0; i < rows; i++) {
    await add(`user-${i}`, samplePhoto({ seed: i }))
    const other = samplePhoto({ seed: rows + i })
    if (i % 50 === 10) await add(`date-${i}`, other, { valid: false, date: '12/08/2021' })
    if (i % 50 === 20) await add(`photo-${i}`, other.subarray(0, 300), { valid: false })
    if (i % 50 === 30) await add(`user-${i - 5}`, other, { valid: false })
  }
  const csv = join(dir, 'users.csv')
  await writeFile(csv, `${lines.join('\n')}\n`)
  return { csv, expected }
}

/** Lines of JSON, without a last one that was cut off. */
const wholeLines = async (path: string): Promise<unknown[]> =>
  existsSync(path)
    ? (await readFile(path, 'utf8'))
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown)
    : []

/** Rows whose latest line in the journal says that they are being sent. */
async function sendingIn(journal: string): Promise<number> {
  const latest = new Map(
    ((await wholeLines(journal)) as { key: string; state: string }[])
      .slice(1)
      .map(({ key, state }) => [key, state]),
  )
  return [...latest.values()].filter((state) => state === 'sending').length
}

interface Server {
  url: string
  /** Resolves once so many requests have come from now on. */
  reached(requests: number): Promise<unknown>
  /** Once no request is under way. */
  facts(): Promise<ServerFacts>
  stop(): void
}

async function startServer(script: string, seed: number): Promise<Server> {
  const child: ChildProcess = spawn(process.execPath, [script, String(seed)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const said = <T>(read: (message: FromServer) => T | undefined) =>
    new Promise<T>((resolve, reject) => {
      const onMessage = (message: FromServer) => {
        const value = read(message)
        if (value === undefined) return
        child.off('message', onMessage)
        child.off('exit', onExit)
        resolve(value)
      }
      const onExit = () => reject(new Error('the server ended'))
      child.on('message', onMessage)
      child.once('exit', onExit)
    })
  const ask = <T>(message: ToServer, read: (message: FromServer) => T | undefined): Promise<T> => {
    const answer = said(read)
    child.send(message)
    return answer
  }
  return {
    url: await said((message) => (typeof message === 'object' && 'url' in message ? message.url : undefined)),
    reached: (reached) => ask({ reached }, (message) => (message === 'reached' ? true : undefined)),
    facts: () =>
      ask('facts', (message) =>
        typeof message === 'object' && 'facts' in message ? message.facts : undefined,
      ),
    stop: () => child.disconnect(),
  }
}
