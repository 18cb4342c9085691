/** The file of a journal, opened, read, and repaired where a process or the power was cut off. */
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createJournalIndex, type JournalIndex } from '../bulk/journal-index.ts'
import type { JournalEntry } from '../bulk/journal.ts'
import type { IssueCode } from '../errors/classes.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import { errnoCode } from './errno.ts'
import {
  FORMAT,
  isEntry,
  isHeader,
  isMark,
  type JournalHeader,
  type JournalMark,
  MAGIC,
  parseLine,
} from './journal-format.ts'
import { type Line, readLines } from './line-reader.ts'
import { bootId } from './system-facts.ts'

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
  /** The bytes of lines that were not whole, and counted as not written. */
  droppedBytes: number
  /** Entries behind this byte are the latest of their keys; of others, later ones may be lost. */
  lostBefore: number
  /** Whether what the last process wrote last may be lost. */
  isLost: boolean
}

/** What was not written as it should have been. */
interface Hole {
  /** The number of the line, from 1. */
  lineNumber: number
  start: number
  end: number
}

/** What is known after a line was read. */
interface Progress {
  header: JournalHeader | undefined
  index: JournalIndex
  size: number
  lineNumber: number
  /** Whether the last line is complete but for its line end. */
  lacksLineEnd: boolean
  /** A last line that was cut off in its middle. */
  tail: { bytes: number; hasZeros: boolean }
  /** Holes that no mark has said to be on disk. */
  holes: Hole[]
  /** Whether the file has holes that were filled when it was opened before. */
  hasFilledHoles: boolean
  lostBefore: number
  /** The boot of a process that began to write and has not said that it was done. */
  openBoot: string | undefined
}

/**
 * Reads a journal.
 *
 * What the last mark says to be on disk must be whole. What is not whole after it was never synced: after a
 * power cut, any part of it may be missing, and so may its end. It counts as not written: it is cut off at
 * the end, and filled with blanks in the middle. A last line without a line end gets it.
 *
 * @throws {SmileIdInputError} `invalid_input`: the file is no journal, or a line is damaged.
 */
export async function loadJournal(file: FileHandle): Promise<LoadedJournal> {
  const progress: Progress = {
    header: undefined,
    index: createJournalIndex(),
    size: 0,
    lineNumber: 0,
    lacksLineEnd: false,
    tail: { bytes: 0, hasZeros: false },
    holes: [],
    hasFilledHoles: false,
    lostBefore: 0,
    openBoot: undefined,
  }
  for await (const lines of readLines(file.fd)) {
    for (const line of lines) readLine(progress, line)
  }
  // Files of format 1 do not say what was on disk.
  if (progress.header?.smileid_journal === 1 && progress.holes[0]) throw damagedError(progress.holes[0])
  return repair(file, progress)
}

function readLine(progress: Progress, line: Line): void {
  progress.lineNumber++
  const isKept = progress.lineNumber === 1 ? readHeader(progress, line) : readNext(progress, line)
  if (!isKept && !line.isEnded) {
    progress.tail = { bytes: line.end - line.start, hasZeros: line.bytes.includes(0) }
    return
  }
  if (!isKept) {
    progress.holes.push({ lineNumber: progress.lineNumber, start: line.start, end: line.end })
  }
  // An editor may have removed the last line end.
  progress.lacksLineEnd = !line.isEnded
  progress.size = line.isEnded ? line.end : line.end + 1
}

/** Returns whether the line is complete. */
function readHeader(progress: Progress, { bytes, isEnded }: Line): boolean {
  const text = bytes.toString().replace(/\0+$/, '')
  checkFormat(text)
  const header: Partial<JournalHeader> | undefined = parseLine(bytes)
  if (header && isHeader(header)) {
    progress.header = header
    return true
  }
  // Half a header is dropped, zeros in its place, too, but not the line of another file.
  if (!isEnded && (MAGIC.startsWith(text) || text.startsWith(MAGIC))) return false
  const problem = text.startsWith(MAGIC)
    ? 'is damaged in line 1, which has its key: take that line from a copy'
    : 'is another file, not a journal'
  throw journalError('wrong_format', problem)
}

function checkFormat(firstLine: string): void {
  if (!firstLine.startsWith(MAGIC)) return
  const format = Number.parseInt(firstLine.slice(MAGIC.length))
  if (!(format > FORMAT)) return
  throw journalError(
    'wrong_format',
    `has format ${format}, and this version of the SDK knows formats up to ${FORMAT}: use a newer version`,
  )
}

/** Returns whether the line is complete. */
function readNext(progress: Progress, line: Line): boolean {
  const value: Partial<JournalEntry & JournalMark> | undefined = parseLine(line.bytes)
  if (!value) return isFilling(progress, line)
  if (isEntry(value)) return readEntry(progress, line, value)
  if (!isMark(value)) return false
  readMark(progress, line, value)
  return true
}

function isFilling(progress: Progress, { bytes, isEnded }: Line): boolean {
  const isBlank = isEnded && progress.header?.smileid_journal !== 1 && bytes.every((byte) => byte === BLANK)
  if (isBlank) progress.hasFilledHoles = true
  return isBlank
}

/** Returns whether the entry may stand where it does. */
function readEntry(
  { index, holes, hasFilledHoles }: Progress,
  { start }: Line,
  entry: JournalEntry,
): boolean {
  const expected = index.rev(entry.key) + 1
  const mayBeLater = hasFilledHoles || holes.length > 0
  if (entry.rev < expected || (entry.rev > expected && !mayBeLater)) return false
  index.set(entry.key, { rev: entry.rev, offset: start })
  return true
}

function readMark(progress: Progress, { start }: Line, mark: JournalMark): void {
  const [hole] = progress.holes
  if (hole && hole.start < mark.synced) throw damagedError(hole)
  if (mark.opened !== undefined) progress.openBoot = mark.boot ?? ''
  if (mark.lost) progress.lostBefore = start
  if (mark.closed) progress.openBoot = undefined
}

function damagedError({ lineNumber }: Hole): SmileIdInputError {
  return journalError('wrong_format', `is damaged in line ${lineNumber}: mend or delete that line`)
}

/** Whether a process wrote last whose lines a power cut may have taken before they were on disk. */
function mayBeCutOff({ openBoot }: Progress): boolean {
  if (openBoot === undefined) return false
  return openBoot === '' || openBoot !== bootId()
}

const BLANK = 0x20

async function repair(file: FileHandle, progress: Progress): Promise<LoadedJournal> {
  const { header, index, holes, tail, lacksLineEnd } = progress
  const isLost = holes.length > 0 || tail.hasZeros || mayBeCutOff(progress)
  let { size } = progress
  let droppedBytes = tail.bytes
  for (const { start, end } of holes) droppedBytes += end - start
  const isChanged = droppedBytes > 0 || lacksLineEnd

  while (holes.at(-1)?.end === size) size = holes.pop()!.start
  if (lacksLineEnd) await file.write('\n', size - 1)
  else if (droppedBytes > 0) await file.truncate(size)
  for (const { start, end } of holes) {
    const blanks = Buffer.alloc(end - start - 1, BLANK)
    await file.write(blanks, 0, blanks.length, start)
  }
  if (isChanged) await file.datasync()
  const lostBefore = isLost ? size : progress.lostBefore
  return { header, index, size, droppedBytes, lostBefore, isLost }
}
