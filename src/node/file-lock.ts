/** A lock file beside a file, for the processes of one machine. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { SmileIdInputError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'
import { errnoCode } from './errno.ts'
import { createOwner, ownerStatus, parseOwner } from './lock-owner.ts'

interface Lock {
  path: string
  /** Of the lock file, if this process holds the lock. */
  content: string
  /** A path that no other process uses. */
  temporaryPath: string
}

/** How often a lock may vanish between the attempt to take it and the look at who holds it. */
const MAX_TRIES = 100

/**
 * Takes the lock of a file, and returns the function that releases it.
 *
 * A lock whose process has ended is taken over. One of another machine or container, or from before a restart
 * of the system, is not, since nothing tells whether its process still runs. Everything is synchronous, to
 * leave other processes as little time in between as possible.
 *
 * @throws {SmileIdInputError} `invalid_input`: another process holds the lock, or may hold it.
 */
export function lockFile(path: string): () => void {
  const owner = createOwner()
  const lock: Lock = {
    path: `${path}.lock`,
    content: JSON.stringify(owner),
    temporaryPath: `${path}.lock.${owner.token}`,
  }
  acquire(lock)
  return () => release(lock)
}

function acquire(lock: Lock): void {
  for (let tries = 0; !tryToTake(lock); tries++) {
    const held = readIfExists(lock.path)
    if (held !== undefined) {
      const takeover = checkTakeover(held)
      if (!takeover.ok) throw new SmileIdInputError([takeover.issue])
      removeStale(lock, held)
    } else if (tries >= MAX_TRIES) {
      throw new SmileIdInputError([issue('journal', 'not_allowed', 'is locked and unlocked all the time')])
    }
  }
}

function release({ path, content }: Lock): void {
  if (readIfExists(path) === content) rmSync(path, { force: true })
}

/**
 * Creates the lock file, unless there is one. It is written under another name first, so that no process
 * finds it incomplete, and a full disk leaves no empty one.
 */
function tryToTake(lock: Lock): boolean {
  try {
    writeFileSync(lock.temporaryPath, lock.content, { flag: 'wx', mode: 0o600 })
    linkSync(lock.temporaryPath, lock.path)
    return true
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false
    if (isWithoutLinks(error)) return tryToTakeInPlace(lock)
    throw error
  } finally {
    rmSync(lock.temporaryPath, { force: true })
  }
}

/** For file systems without hard links, such as those of memory cards. */
function tryToTakeInPlace({ path, content }: Lock): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false
    rmSync(path, { force: true })
    throw error
  }
}

const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

function isWithoutLinks(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall === 'link' && NO_LINKS.includes(errnoCode(error))
}

type Takeover = { ok: true } | { ok: false; issue: InputIssue }

/** Whether a lock with this content may be taken over, because its process has ended. */
function checkTakeover(content: string): Takeover {
  const owner = parseOwner(content)
  if (!owner)
    return refuse('has a lock file beside it that cannot be read: delete it if no other run is going')
  const { pid } = owner
  switch (ownerStatus(owner)) {
    case 'ended':
      return { ok: true }
    case 'running':
      return refuse(`is in use by process ${pid}: wait until that run has ended`)
    case 'on another machine':
      return refuse(
        `is locked by process ${pid} of another machine: ` +
          'delete the lock file beside it if that run has ended',
      )
    case 'unknown':
      return refuse(
        `is locked by process ${pid}, and nothing tells whether it still runs: ` +
          'delete the lock file beside it if it does not',
      )
  }
}

function refuse(message: string): Takeover {
  return { ok: false, issue: issue('journal', 'not_allowed', message) }
}

/**
 * Removes the lock file of a process that has ended. In the meantime another process may have put its own
 * there, so the file is moved first, looked at, and put back if it is another one.
 */
function removeStale({ path, temporaryPath }: Lock, staleContent: string): void {
  try {
    renameSync(path, temporaryPath)
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return
    throw error
  }
  if (readIfExists(temporaryPath) !== staleContent) linkSync(temporaryPath, path)
  rmSync(temporaryPath, { force: true })
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = errnoCode(error)
    // ENOTDIR: a file is where the folder was.
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
