/** A lock beside a file, for processes of one machine. */
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import process from 'node:process'
import { inputError, issue } from '../errors/issues.ts'

interface Owner {
  pid: number
  host: string
  /** When the process started, as the system counts; '' where it does not say. */
  started: string
  /**
   * What counts processes: the same number under another count is another process. '' where the system does
   * not say.
   */
  counter: string
  /** Tells two locks of one process apart. */
  token: string
}

/**
 * Takes the lock or rejects; what it returns gives the lock back.
 *
 * A lock whose process has ended, or whose number another process has by now, is taken over; one of another
 * machine or container, or from before a restart of the system, never is, since nothing tells whether its
 * process still runs. Synchronous from end to end, to leave others as little time in between as can be.
 */
export function lockFile(path: string): () => void {
  const lock = `${path}.lock`
  const own = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid) ?? '',
    counter: processCounter(),
    token: crypto.randomUUID(),
  } satisfies Owner)
  for (let tries = 0; !take(lock, own); tries++) {
    const held = contentOf(lock)
    if (held === undefined && tries < 100) continue
    const problem = held === undefined ? 'is locked and unlocked all the time' : problemWith(held)
    if (problem) throw inputError([issue('journal', 'not_allowed', problem)])
    removeStale(lock, held!, own)
  }
  return () => {
    if (contentOf(lock) === own) rmSync(lock, { force: true })
  }
}

// Made whole under another name: at its place, nobody finds it half-written, nor empty for good because the
// disk was full.
function take(lock: string, own: string): boolean {
  const made = besideOf(lock, own)
  try {
    writeFileSync(made, own, { flag: 'wx', mode: 0o600 })
    linkSync(made, lock)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (hasNoLinks(error)) return takeInPlace(lock, own)
    throw error
  } finally {
    rmSync(made, { force: true })
  }
}

/** For file systems without hard links, such as those of memory cards. */
function takeInPlace(lock: string, own: string): boolean {
  try {
    writeFileSync(lock, own, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    rmSync(lock, { force: true })
    throw error
  }
}

const hasNoLinks = (error: unknown) =>
  (error as NodeJS.ErrnoException).syscall === 'link' &&
  /^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK)$/.test(`${codeOf(error)}`)

/** A name that no other process chooses. */
const besideOf = (lock: string, own: string): string => `${lock}.${(JSON.parse(own) as Owner).token}`

/** Why the lock is not to be touched; nothing when its owner is gone. */
function problemWith(held: string): string | undefined {
  const owner = parseOwner(held)
  if (!owner) return 'has a lock file beside it that cannot be read: delete it if no other run is going'
  if (owner.host !== hostname())
    return `is locked by process ${owner.pid} of another machine: delete the lock file beside it if that run has ended`
  const runs = isRunning(owner)
  if (runs === undefined)
    return `is locked by process ${owner.pid}, and nothing tells whether it still runs: delete the lock file beside it if it does not`
  return runs ? `is in use by process ${owner.pid}: wait until that run has ended` : undefined
}

// Between reading the lock and removing it, another process may have put its own there: moved aside, it can
// be looked at and put back.
function removeStale(lock: string, held: string, own: string): void {
  const aside = besideOf(lock, own)
  try {
    renameSync(lock, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (contentOf(aside) !== held) linkSync(aside, lock)
  rmSync(aside, { force: true })
}

/** `undefined` where the system does not say, as in Deno without --allow-run. */
function isRunning({ pid, started, counter }: Owner): boolean | undefined {
  if (counter !== processCounter()) return undefined
  const now = startOf(pid)
  if (now !== undefined && started) return now === started
  try {
    // Signal 0 is none: it asks whether there is such a process.
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'ESRCH' ? false : codeOf(error) === 'EPERM' || undefined
  }
}

/**
 * Linux only: clock ticks from boot to the start of the process, since a number is given to a new process
 * sooner or later; `'ended'` as long as its parent has not asked how.
 */
function startOf(pid: number): string | undefined {
  try {
    // The name of the program, in brackets, may hold spaces and brackets of its own.
    const facts = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').split(' ')
    return /[ZX]/.test(facts[1]!) ? 'ended' : facts[20]
  } catch {
    return undefined
  }
}

/**
 * Linux only: the boot and the PID namespace, which containers have one each of, even where they share the
 * host's name.
 */
function processCounter(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}

function parseOwner(held: string): Owner | undefined {
  try {
    const owner = JSON.parse(held) as Owner
    return Number.isInteger(owner.pid) && typeof owner.host === 'string' ? owner : undefined
  } catch {
    return undefined
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
