/**
 * A lock file beside a file, for the processes of one machine.
 *
 * Whoever holds the lock has its owner in `<file>.lock`. That file is only ever created where there is none,
 * replaced by another one as a whole, or removed by its own process. A lock whose process has ended is not
 * removed, which two might do at once, and then each remove the other's: it gets a successor.
 *
 * `<file>.lock.next-<token>` holds the successor of the lock with that token, and is only created where there
 * is none, so a lock has one successor at most. Successors may have ended, too, and have successors; the lock
 * file and they are a chain. A process takes the lock over so:
 *
 * 1. It reads the lock file and follows the chain to its last lock. If the process of that one has not ended,
 *    the lock is held, unless it is the process itself, which goes on with step 3.
 * 2. It creates the successor of the last lock, with itself as the owner. If there is one by now, it begins
 *    anew.
 * 3. If the lock file is not the one that it read in step 1 any more, it begins anew. Else it holds the lock.
 * 4. It replaces the lock file by one of its own, and only then removes the chain before it.
 *
 * No two processes hold the lock at once. Tokens are used once, so while the lock file is the one of step 1,
 * nobody has been at step 4 with its chain, and nothing of the chain was removed: it has only grown at its
 * end, where each place was given to one process. Nobody goes beyond a place whose process runs. So of all
 * who pass step 3 with one lock file, only the last one in the chain runs. All who come later find it there,
 * or find its own lock file. Who was slow, and creates a successor in a chain that was removed meanwhile,
 * finds another lock file in step 3. It must not remove that successor then: it may belong to the chain of
 * the new lock file, where others may have read it. Once it knows that it does not, it does so.
 *
 * A process may end anywhere in this: what it leaves behind has a successor.
 */
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import { errnoCode } from './errno.ts'
import { createOwner, type LockOwner, ownerStatus, parseOwner } from './lock-owner.ts'

interface Lock {
  path: string
  token: string
  /** Of the lock file, if this process holds the lock. */
  content: string
  /** A file with the content, at a path that no other process uses. */
  temporaryPath: string
  /** Successors that this process has created. */
  successors: string[]
}

/** How often others may change the lock between a look at it and the attempt to take it. */
const MAX_TRIES = 1000
/** How often a lock without content is looked at: it may just be written. */
const MAX_LOOKS = 20
const LOOK_AGAIN_MS = 5

/**
 * Takes the lock of a file, and returns the function that releases it.
 *
 * A lock whose process has ended is taken over. Where nothing tells whether it has, as on another machine or
 * in another container, it is not. Everything is synchronous, to keep other processes waiting as little as
 * possible.
 *
 * @throws {SmileIdInputError} `invalid_input`: another process holds the lock, or may hold it.
 */
export function lockFile(path: string): () => void {
  const owner = createOwner()
  const { token } = owner
  const lockPath = `${path}.lock`
  const lock: Lock = {
    path: lockPath,
    token,
    content: JSON.stringify(owner),
    temporaryPath: `${lockPath}.${token}`,
    successors: [],
  }
  try {
    writeWhole(lock)
    acquire(lock)
  } finally {
    rmSync(lock.temporaryPath, { force: true })
  }
  return () => release(lock)
}

function acquire(lock: Lock): void {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const head = readIfExists(lock.path)
    const isTaken = head === undefined ? create(lock, lock.path) : takeOver(lock, head)
    if (isTaken) {
      removeSuccessors(lock)
      return
    }
  }
  throw refusal('is locked and unlocked all the time')
}

function release({ path, content }: Lock): void {
  if (isSame(path, content)) rmSync(path, { force: true })
}

/** Returns whether the lock was taken over; if not, it has changed meanwhile. */
function takeOver(lock: Lock, head: string): boolean {
  const last = lastOwner(lock.path, head)
  if (last?.token !== lock.token) {
    const status = last && ownerStatus(last, lock.path)
    if (status !== 'ended') {
      if (!isSame(lock.path, head)) return false
      removeSuccessors(lock)
      throw status ? heldBy(last!, status) : unreadable()
    }
    const successor = successorPath(lock.path, last!.token)
    if (!create(lock, successor)) return false
    lock.successors.push(successor)
  }
  if (!isSame(lock.path, head)) return false
  renameSync(lock.temporaryPath, lock.path)
  removeChains(lock)
  return true
}

/** To be called once none of them is in the chain of the lock file. */
function removeSuccessors({ successors }: Lock): void {
  for (const path of successors) rmSync(path, { force: true })
}

function isSame(path: string, content: string): boolean {
  return readIfExists(path) === content
}

/** The owner of the last lock in a chain, or `undefined` if a lock cannot be read. */
function lastOwner(lockPath: string, head: string): LockOwner | undefined {
  let owner = parseOwner(head) ?? readOwner(lockPath)
  while (owner) {
    const next = successorPath(lockPath, owner.token)
    const content = readIfExists(next)
    if (content === undefined) return owner
    owner = parseOwner(content) ?? readOwner(next)
  }
  return undefined
}

/** Without hard links, a lock may be seen before its content is written. */
function readOwner(path: string): LockOwner | undefined {
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const owner = parseOwner(readIfExists(path) ?? '')
    if (owner) return owner
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS)
  }
  return undefined
}

function successorPath(lockPath: string, token: string): string {
  return `${lockPath}.next-${token}`
}

/** To be called by who holds the lock: of all successors, only those of its own are of use. */
function removeChains({ path, token }: Lock): void {
  const folder = dirname(path)
  const prefix = successorPath(basename(path), '')
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix) && name !== prefix + token) rmSync(join(folder, name), { force: true })
  }
}

/** On disk before anybody sees it: after a power cut, a lock is whole or is not there. */
function writeWhole({ temporaryPath, content }: Lock): void {
  const file = openSync(temporaryPath, 'wx', 0o600)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Creates a lock with its content, unless there is one. */
function create(lock: Lock, path: string): boolean {
  try {
    linkSync(lock.temporaryPath, path)
    return true
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false
    if (NO_LINKS.includes(errnoCode(error))) return createInPlace(lock, path)
    throw error
  }
}

/** For file systems without hard links, such as those of memory cards. */
function createInPlace({ content }: Lock, path: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600, flush: true })
    return true
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false
    rmSync(path, { force: true })
    throw error
  }
}

const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

function heldBy(
  { pid }: LockOwner,
  status: Exclude<ReturnType<typeof ownerStatus>, 'ended'>,
): SmileIdInputError {
  const cure = 'delete the lock file beside it if'
  switch (status) {
    case 'running':
      return refusal(`is in use by process ${pid}: wait until that run has ended`)
    case 'on another machine':
      return refusal(`is locked by process ${pid} of another machine: ${cure} that run has ended`)
    case 'unknown':
      return refusal(
        `is locked by process ${pid}, and nothing tells whether it still runs: ${cure} it does not`,
      )
  }
}

function unreadable(): SmileIdInputError {
  return refusal('has a lock file beside it that cannot be read: delete it if no other run is going')
}

function refusal(message: string): SmileIdInputError {
  return new SmileIdInputError([issue('journal', 'not_allowed', message)])
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
