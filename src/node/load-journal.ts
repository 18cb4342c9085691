/** The file of a journal, opened, read, and repaired at its end. */
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { IssueCode } from '../errors/classes.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import { errnoCode } from './errno.ts'
import { type JournalHeader, MAGIC, parseEntry, parseHeader } from './journal-format.ts'
import { createJournalIndex, type JournalIndex } from './journal-index.ts'
import { type Line, readLines } from './line-reader.ts'

/** Something wrong with a journal. */
export function journalError(code: IssueCode, message: string, cause?: Error): SmileIdInputError {
  return new SmileIdInputError([issue('journal', code, message)], cause)
}

/** Opens the file of a journal, or creates one that is readable by its owner alone. */
export async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if (errnoCode(error) !== 'ENOENT') throw error
  }
  const file = await open(path, 'wx+', 0o600)
  await syncFolder(dirname(path))
  return file
}

/** Has the name of a new file on disk. Not every system can sync a folder. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}

export interface LoadedJournal {
  /** `undefined` in a journal that nobody has bound yet. */
  header: JournalHeader | undefined
  index: JournalIndex
  /** The size of the file in bytes, without what was dropped. */
  size: number
  /** The bytes of a half-written last line. */
  droppedBytes: number
}

/** What is known after a line was read. */
interface Progress extends LoadedJournal {
  /** The number of the line, from 1. */
  lineNumber: number
  /** Whether the last line is complete but for its line end. */
  lacksLineEnd: boolean
}

/**
 * Reads a journal. A last line that is half-written is dropped, and one without a line end gets it.
 *
 * @throws {SmileIdInputError} `invalid_input`: the file is no journal, or a line is damaged.
 */
export async function loadJournal(file: FileHandle): Promise<LoadedJournal> {
  const progress: Progress = {
    header: undefined,
    index: createJournalIndex(),
    size: 0,
    droppedBytes: 0,
    lineNumber: 0,
    lacksLineEnd: false,
  }
  for await (const lines of readLines(file.fd)) {
    for (const line of lines) readLine(progress, line)
  }
  await repairEnd(file, progress)
  return progress
}

function readLine(progress: Progress, line: Line): void {
  progress.lineNumber++
  const isKept = progress.lineNumber === 1 ? readHeader(progress, line) : readEntry(progress, line)
  if (!isKept) {
    progress.droppedBytes = line.end - line.start
    return
  }
  // An editor may have removed the last line end.
  progress.lacksLineEnd = !line.isEnded
  progress.size = line.isEnded ? line.end : line.end + 1
}

/** Returns whether the line is complete. */
function readHeader(progress: Progress, { text, isEnded }: Line): boolean {
  progress.header = parseHeader(text)
  if (progress.header) return true
  // Half a header is dropped, but not the line of another file.
  const isHalfHeader = !isEnded && (MAGIC.startsWith(text) || text.startsWith(MAGIC))
  if (!isHalfHeader) throw journalError('wrong_format', 'is another file, not a journal')
  return false
}

/** Returns whether the line is complete. The write of an entry that is not was confirmed to nobody. */
function readEntry({ index, lineNumber }: Progress, { text, start, isEnded }: Line): boolean {
  const entry = parseEntry(text)
  if (!entry && !isEnded) return false
  const isNext = entry !== undefined && entry.rev === index.rev(entry.key) + 1
  if (!isNext)
    throw journalError('wrong_format', `is damaged in line ${lineNumber}: mend or delete that line`)
  index.set(entry.key, { rev: entry.rev, offset: start })
  return true
}

async function repairEnd(file: FileHandle, { size, droppedBytes, lacksLineEnd }: Progress): Promise<void> {
  if (droppedBytes > 0) await file.truncate(size)
  if (lacksLineEnd) await file.write('\n', size - 1)
  if (droppedBytes > 0 || lacksLineEnd) await file.datasync()
}
