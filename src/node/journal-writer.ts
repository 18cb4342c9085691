/** Lines added to the file of a journal, with marks between them of what is on disk. */
import type { FileHandle } from 'node:fs/promises'
import type { Appender } from './appender.ts'
import { FORMAT, MAGIC, markLine } from './journal-format.ts'
import { bootId } from './system-facts.ts'

export interface JournalWriter {
  /** Whether lines may be added: `begin` has resolved. */
  isBegun(): boolean
  /** Has it on disk that this process writes to the journal, so that what a power cut takes is missed. */
  begin(): Promise<void>
  /** Adds a line, and returns the byte that it begins at. */
  append(line: Buffer): number
  /** Waits until all lines are on disk, and has it there that none is missing. */
  finish(): Promise<void>
}

export interface JournalWriterOptions {
  /** The format of the header. */
  format: () => number | undefined
  /** What was written last before may be lost. */
  isLost: boolean
}

export function createJournalWriter(
  file: FileHandle,
  appender: Appender,
  { format, isLost }: JournalWriterOptions,
): JournalWriter {
  let isBegun = false
  let beginning: Promise<void> | undefined
  /** What the latest mark says. */
  let markedSize = 0

  async function begin(): Promise<void> {
    // Of one digit, so it takes the place of the old one.
    if (format() !== FORMAT) await file.write(`${FORMAT}`, MAGIC.length)
    // The header, and what a process that was killed left to the system.
    await appender.sync()
    const opened = new Date().toISOString()
    const lost = isLost || undefined
    appender.append(markLine({ synced: appender.size(), opened, boot: bootId(), lost }))
    await appender.sync()
    markedSize = appender.syncedSize()
    isBegun = true
  }

  return {
    isBegun: () => isBegun,
    begin() {
      beginning ??= begin().catch((error: unknown) => {
        // The next write tries again.
        beginning = undefined
        throw error
      })
      return beginning
    },
    append(line) {
      const synced = appender.syncedSize()
      if (synced <= markedSize) return appender.append(line)
      const mark = markLine({ synced })
      const start = appender.append(Buffer.concat([mark, line]))
      markedSize = synced
      return start + mark.length
    },
    async finish() {
      await beginning?.catch(() => {})
      await appender.finish()
      if (!isBegun) return
      try {
        appender.append(markLine({ synced: appender.syncedSize(), closed: true }))
      } catch {
        // Without the mark, the next process looks closer; nothing is lost.
      }
      await appender.finish().catch(() => {})
    },
  }
}
