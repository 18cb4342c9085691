/** The process that holds a lock, and whether it still runs. */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import process from 'node:process'
import { errnoCode } from './errno.ts'
import { bootId, isOnLocalFileSystem } from './system-facts.ts'

/** What a lock file holds, as JSON. */
export interface LockOwner {
  pid: number
  host: string
  /** When the process started, as the system counts; empty where the system does not say. */
  started: string
  /** Within what the process ids are unique; empty where the system does not say. */
  counter: string
  /** Tells all locks apart; a part of file names. */
  token: string
}

export type OwnerStatus = 'running' | 'ended' | 'on another machine' | 'unknown'

/** This process, with a new token. */
export function createOwner(): LockOwner {
  return {
    pid: process.pid,
    host: hostname(),
    started: startTime(process.pid) ?? '',
    counter: pidScope(),
    token: crypto.randomUUID(),
  }
}

export function parseOwner(text: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(text) as LockOwner
    const { pid, host, token } = owner
    const isOwner = Number.isInteger(pid) && typeof host === 'string' && /^[\w-]{1,64}$/.test(token)
    return isOwner ? owner : undefined
  } catch {
    return undefined
  }
}

/**
 * Whether the owner of the lock at a path still runs:
 *
 * | the lock is of                            | the owner                                         |
 * | ----------------------------------------- | ------------------------------------------------- |
 * | another host                              | may run on another machine                        |
 * | this host, another boot, a local file     | has ended with that boot                          |
 * | this host, another boot, any other file   | may run on another machine of the same name       |
 * | this boot, other process ids              | may run in another container                      |
 * | the same process ids                      | is looked for; its start tells it from a later one |
 */
export function ownerStatus({ pid, host, started, counter }: LockOwner, lockPath: string): OwnerStatus {
  if (host !== hostname()) return 'on another machine'
  const ownCounter = pidScope()
  if (counter !== ownCounter) {
    const areKnown = Boolean(counter && ownCounter)
    const isOfAnotherBoot = areKnown && bootOf(counter) !== bootOf(ownCounter)
    return isOfAnotherBoot && isOnLocalFileSystem(lockPath) ? 'ended' : 'unknown'
  }
  const startedNow = startTime(pid)
  if (startedNow === undefined || !started) return statusBySignal(pid)
  return startedNow === started ? 'running' : 'ended'
}

function bootOf(counter: string): string {
  return counter.split(' ')[0]!
}

/** Without permission for it, as in Deno without --allow-run, the status is unknown. */
function statusBySignal(pid: number): OwnerStatus {
  try {
    // Signal 0 is never sent: the system only checks whether it could be.
    process.kill(pid, 0)
    return 'running'
  } catch (error) {
    const code = errnoCode(error)
    if (code === 'ESRCH') return 'ended'
    // It runs, but as another user.
    if (code === 'EPERM') return 'running'
    return 'unknown'
  }
}

/**
 * The start of a process, in clock ticks since the boot of the system, which tells it from a later process
 * with the same id. `'ended'` for a zombie, whose parent has not asked for its exit code yet. Linux only.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the name of the program in brackets, may hold spaces and brackets itself.
    const [, state, ...fields] = stat.replace(/^.*\)/s, '').split(' ')
    const isZombie = state === 'Z' || state === 'X'
    return isZombie ? 'ended' : fields[18]
  } catch {
    return undefined
  }
}

/**
 * Within what process ids are unique: the boot of the system and the PID namespace. Containers have a
 * namespace each, even if they share the name of the host. Linux only.
 */
function pidScope(): string {
  const boot = bootId()
  if (boot === '') return ''
  try {
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}
