/** Single entries of the file of a journal, by where their lines begin. */
import type { FileHandle } from 'node:fs/promises'
import type { JournalEntry } from '../bulk/journal.ts'
import type { SmileIdInputError } from '../errors/classes.ts'
import type { Appender } from './appender.ts'
import { MAX_LINE_BYTES, parseEntry } from './journal-format.ts'
import { createLineReader } from './line-reader.ts'
import { journalError } from './load-journal.ts'

/** Creates a function that reads the entry whose line begins at a byte of the file. */
export function createEntryReader({
  file,
  appender,
  loadedSize,
}: {
  file: FileHandle
  appender: Appender
  /** The size of the file when the lock was taken. */
  loadedSize: number
}): (offset: number) => JournalEntry {
  const lineAt = createLineReader(file.fd, { fileSize: appender.size, maxLineBytes: MAX_LINE_BYTES })
  return (offset) => {
    const line = lineAt(offset)
    const entry = line === undefined ? undefined : parseEntry(line)
    if (!entry) throw changedError()
    // Whatever was written before the lock was taken is from a process that has ended.
    const isLeaseOver = entry.state === 'sending' && offset < loadedSize
    return isLeaseOver ? { ...entry, leaseUntil: entry.at } : entry
  }
}

export function changedError(): SmileIdInputError {
  return journalError('wrong_format', 'changed while it was open: open it again')
}
