/** Appends to a file in groups: what arrives while the disk is busy shares its next turn. */
import { fstatSync, statSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { systemCode } from '../internal/network.ts'

export interface Appender {
  /**
   * The byte that the text begins at, once it survives this process or, with `synced`, the power too. A failure leaves the file as it was before; a file that is
   * no longer at its path is one.
   */
  append(text: string, synced: boolean): Promise<number>
  /** Up to here all is written. */
  size(): number
  /** Waits for all that is under way, and has all of it survive the power. */
  settled(): Promise<void>
}

interface Waiting {
  text: string
  done(offset: number): void
  failed(error: Error): void
}

export function createAppender(file: FileHandle, path: string, size: number): Appender {
  let waiting = { written: [] as Waiting[], synced: [] as Waiting[] }
  let running: Promise<void> | undefined
  // What a failed write left behind the end.
  let dirty = false
  let unsynced = false

  async function run(): Promise<void> {
    while (waiting.written.length || waiting.synced.length) {
      const { written, synced } = waiting
      waiting = { written: [], synced: [] }
      await commit(written, async () => void (unsynced = true))
      await commit(synced, async () => {
        await file.datasync()
        unsynced = false
      })
    }
    running = undefined
  }

  async function commit(group: Waiting[], secure: () => Promise<void>): Promise<void> {
    if (!group.length) return
    try {
      const bytes = Buffer.from(group.map(({ text }) => text).join(''))
      if (dirty) await file.truncate(size)
      dirty = true
      for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at, bytes.length - at, size + at)).bytesWritten
      await secure()
      // Afterwards: what is confirmed has been where the next run looks for it.
      if (!isAt(file, path)) throw new Error('lost')
      dirty = false
      for (const { text, done } of group) {
        done(size)
        size += Buffer.byteLength(text)
      }
    } catch (error) {
      const cause = systemCode(error)
      const reason = isAt(file, path) ? cause?.message ?? 'unknown' : 'its file was deleted or replaced while it was open'
      for (const { failed } of group) failed(new Error(`the journal could not be written: ${reason}`, cause && { cause }))
    }
  }

  return {
    append: (text, synced) => new Promise((done, failed) => {
      waiting[synced ? 'synced' : 'written'].push({ text, done, failed })
      running ??= run()
    }),
    size: () => size,
    async settled() {
      await running
      if (dirty) await file.truncate(size)
      if (unsynced) await file.datasync()
    },
  }
}

/** Whether the open file is still the one that the path leads to. Not asynchronous: two promises would cost more than the two calls. */
function isAt(file: FileHandle, path: string): boolean {
  const own = fstatSync(file.fd, { bigint: true })
  const there = statSync(path, { bigint: true, throwIfNoEntry: false })
  return own.nlink !== 0n && there?.ino === own.ino && there.dev === own.dev
}
