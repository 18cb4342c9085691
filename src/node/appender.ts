/** Appends to a file, and has the disk follow. */
import { fstatSync, ftruncateSync, statSync, writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { systemCode } from '../platform/system-errors.ts'

export interface Appender {
  /**
   * The byte that the text begins at. It survives this process from now on, and the power as soon as the disk
   * has followed. A failure leaves the file as it was before; once the disk fails, or the file is no longer
   * at its path, every later append is one.
   */
  append(text: string): number
  /** Waits for a disk that has fallen behind. */
  keepUp(): Promise<void> | undefined
  /** Up to here all is written. */
  size(): number
  /** Has all of it survive the power; rejects when it will not, unless an append has said so. */
  settled(): Promise<void>
}

/** Between two syncs: each costs as much as a tenth of a row's call. */
const SYNC_EVERY_MS = 50
/** A sync that takes longer holds up what would be lost with the power. */
const PATIENCE_MS = 100

export function createAppender(file: FileHandle, path: string, size: number): Appender {
  // What a failed write left behind the end.
  let dirty = false
  let unsynced = false
  let syncing: Promise<void> | undefined
  let begun = 0
  let pause: ReturnType<typeof setTimeout> | undefined
  let failure: Error | undefined
  let told = false

  async function sync(): Promise<void> {
    unsynced = false
    try {
      if (!isAt(file, path)) throw new Error('lost')
      await file.datasync()
    } catch (error) {
      // For good: what the system could not bring to the disk it does not try again.
      failure = broken(error)
    }
  }

  function follow(): void {
    if (syncing || pause || !unsynced || failure) return
    begun = performance.now()
    syncing = sync().then(() => {
      syncing = undefined
      pause = setTimeout(() => {
        pause = undefined
        follow()
      }, SYNC_EVERY_MS)
    })
  }

  function broken(error: unknown): Error {
    const cause = systemCode(error)
    const reason = isAt(file, path)
      ? (cause?.message ?? 'unknown')
      : 'its file was deleted or replaced while it was open'
    return new Error(`the journal could not be written: ${reason}`, cause && { cause })
  }

  return {
    append(text) {
      if (failure) {
        told = true
        throw failure
      }
      const bytes = Buffer.from(text)
      try {
        if (dirty) ftruncateSync(file.fd, size)
        dirty = true
        // Not asynchronous: the system takes it into its cache in a twentieth of the time that a promise
        // takes.
        for (let at = 0; at < bytes.length;) at += writeSync(file.fd, bytes, at, bytes.length - at, size + at)
        dirty = false
      } catch (error) {
        throw broken(error)
      }
      const start = size
      size += bytes.length
      unsynced = true
      follow()
      return start
    },
    keepUp: () => (syncing && performance.now() - begun > PATIENCE_MS ? syncing : undefined),
    size: () => size,
    async settled() {
      await syncing
      clearTimeout(pause)
      if (dirty) ftruncateSync(file.fd, size)
      if (unsynced && !failure) await sync()
      if (failure && !told) throw failure
    },
  }
}

/** Whether the open file is still the one that the path leads to. */
function isAt(file: FileHandle, path: string): boolean {
  const own = fstatSync(file.fd, { bigint: true })
  const there = statSync(path, { bigint: true, throwIfNoEntry: false })
  return own.nlink !== 0n && there?.ino === own.ino && there.dev === own.dev
}
