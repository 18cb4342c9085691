/** The process that holds a lock, and whether it still runs. */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import process from 'node:process'
import { errnoCode } from './errno.ts'

/** What a lock file holds, as JSON. */
export interface LockOwner {
  pid: number
  host: string
  /** When the process started, as the system counts; empty where the system does not say. */
  started: string
  /** Within what the process ids are unique; empty where the system does not say. */
  counter: string
  /** Tells the locks of one process apart. */
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
    const isOwner = Number.isInteger(owner.pid) && typeof owner.host === 'string'
    return isOwner ? owner : undefined
  } catch {
    return undefined
  }
}

export function ownerStatus({ pid, host, started, counter }: LockOwner): OwnerStatus {
  if (host !== hostname()) return 'on another machine'
  if (counter !== pidScope()) return 'unknown'
  const startedNow = startTime(pid)
  if (startedNow === undefined || !started) return statusBySignal(pid)
  return startedNow === started ? 'running' : 'ended'
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
  try {
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const namespace = readlinkSync('/proc/self/ns/pid')
    return `${bootId} ${namespace}`
  } catch {
    return ''
  }
}
