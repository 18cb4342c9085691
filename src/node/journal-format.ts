/**
 * The lines in the file of a journal: a header, then entries and marks, each with a checksum.
 *
 * A line is an object in JSON whose last member, `crc`, is the CRC-32 of all bytes before that member, as 8
 * hex digits. Lines of format 1, and those that somebody mended by hand, have none.
 */
import type { JournalEntry, JournalScope } from '../bulk/journal.ts'
import { crc32Of } from './crc32.ts'

export interface JournalHeader extends JournalScope {
  /** The version of the format. */
  smileid_journal: number
  /** ISO 8601 */
  created: string
  /** The key of the digests: 32 random bytes in base64. */
  digestKey: string
}

/** What a journal says of itself between its entries. */
export interface JournalMark {
  /** All bytes of the file before this one were on disk when the mark was written. */
  synced: number
  /** A process begins to write. ISO 8601 */
  opened?: string | undefined
  /** The boot of the system in which it does; empty where the system does not say. */
  boot?: string | undefined
  /** What the process before it wrote last may be lost. */
  lost?: boolean | undefined
  /** The process has written all it had to. */
  closed?: boolean | undefined
}

/** The format that is written; 1 is read, too. It has neither checksums nor marks. */
export const FORMAT = 2

/** The longest entry in bytes, its line end included and its checksum not. */
export const MAX_ENTRY_BYTES = 65_536

const CRC_DIGITS = 8
const CRC_BEGIN = ',"crc":"'
const CRC_END = '"}'
const CLOSING_BRACE = 0x7d
const DIGIT_0 = 0x30
const DIGITS_END = 0x3a
const LETTER_A = 0x61
/** The member with the checksum, and the end of the object. */
const CRC_LENGTH = CRC_BEGIN.length + CRC_DIGITS + CRC_END.length

/** As an entry, with its checksum before the end of the object. */
export const MAX_LINE_BYTES = MAX_ENTRY_BYTES + CRC_LENGTH - 1

/** How the file of a journal begins; the number of the format is next. */
export const MAGIC = '{"smileid_journal":'

const STATES: readonly unknown[] = [
  'sending',
  'enrolled',
  'exists',
  'rejected',
  'failed',
  'unknown',
] satisfies JournalEntry['state'][]

/** The line of an entry, of these members alone: nothing else may get into the file. */
export function entryLine(entry: JournalEntry): Buffer {
  const { key, rev, state, at, leaseUntil, attempts, digest, code, smileJobId, attempted } = entry
  return encodeLine({ key, rev, state, at, leaseUntil, attempts, digest, code, smileJobId, attempted })
}

export function headerLine(header: JournalHeader): Buffer {
  const { smileid_journal, environment, partnerId, hideUserIds, created, digestKey } = header
  return encodeLine({ smileid_journal, environment, partnerId, hideUserIds, created, digestKey })
}

export function markLine({ synced, opened, boot, lost, closed }: JournalMark): Buffer {
  return encodeLine({ synced, opened, boot, lost, closed })
}

function encodeLine(members: object): Buffer {
  const json = JSON.stringify(members)
  const line = Buffer.from(`${json.slice(0, -1)}${CRC_BEGIN}${'0'.repeat(CRC_DIGITS)}${CRC_END}\n`)
  const crcStart = line.length - 1 - CRC_LENGTH
  line.write(crcText(line.subarray(0, crcStart)), crcStart + CRC_BEGIN.length, 'latin1')
  return line
}

function crcText(bytes: Uint8Array): string {
  return crc32Of(bytes).toString(16).padStart(CRC_DIGITS, '0')
}

/**
 * The object of a line without its line end, or `undefined` if the line is damaged. The bytes of a checksum
 * are used up.
 */
export function parseLine(bytes: Buffer): object | undefined {
  const crcStart = bytes.length - CRC_LENGTH
  if (!hasCrc(bytes, crcStart)) return parseObject(bytes.toString())
  if (crc32Of(bytes.subarray(0, crcStart)) !== hexAt(bytes, crcStart + CRC_BEGIN.length)) return undefined
  // JSON.parse would keep each checksum in a table of strings, which takes longer than all the rest.
  bytes[crcStart] = CLOSING_BRACE
  return parseObject(bytes.toString('utf8', 0, crcStart + 1))
}

/** The number in hex digits at a place, or some other number if they are none: faster than as text. */
function hexAt(bytes: Buffer, start: number): number {
  let number = 0
  for (let index = start; index < start + CRC_DIGITS; index++) {
    const code = bytes[index]!
    number = number * 16 + (code < DIGITS_END ? code - DIGIT_0 : code - LETTER_A + 10)
  }
  return number
}

function hasCrc(bytes: Buffer, crcStart: number): boolean {
  for (let index = 0; index < CRC_BEGIN.length; index++) {
    if (bytes[crcStart + index] !== CRC_BEGIN.charCodeAt(index)) return false
  }
  return true
}

export function isEntry(value: Partial<JournalEntry>): value is JournalEntry {
  return (
    typeof value.key === 'string' &&
    Number.isInteger(value.rev) &&
    value.rev! > 0 &&
    STATES.includes(value.state) &&
    typeof value.at === 'string' &&
    Number.isFinite(value.attempts) &&
    typeof value.digest === 'string'
  )
}

export function isMark(value: Partial<JournalMark>): value is JournalMark {
  return Number.isInteger(value.synced) && value.synced! >= 0
}

/** The entry of a line that was checked when the journal was opened, or written since. */
export function parseEntry(line: string): JournalEntry | undefined {
  const value: Partial<JournalEntry> | undefined = parseObject(
    line.startsWith(CRC_BEGIN, line.length - CRC_LENGTH) ? `${line.slice(0, -CRC_LENGTH)}}` : line,
  )
  return value && isEntry(value) ? value : undefined
}

export function isHeader(value: Partial<JournalHeader>): value is JournalHeader {
  const { smileid_journal, environment, partnerId, digestKey } = value
  const texts: unknown[] = [environment, partnerId, digestKey]
  const areTexts = texts.every((text) => typeof text === 'string' && text !== '')
  return areTexts && Number.isInteger(smileid_journal)
}

function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
