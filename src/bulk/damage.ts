/** Rows that can be sent, and look as if an export had damaged them: an id is used once, for ever. */
import type { InputIssue } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'
import type { Bytes } from '../platform/bytes.ts'
import { createSeen } from './seen.ts'

/** What looks damaged, as an issue of the code `'suspicious'`; `undefined` for what does not. */
export interface DamageCheck {
  ofId(user_id: string): InputIssue | undefined
  /** Takes milliseconds since 1970. */
  ofDate(ms: number): InputIssue | undefined
  ofPhoto(bytes: Bytes): InputIssue | undefined
}

/** Remembers ids and photos by their hashes alone, some 20 bytes each. */
export function createDamageCheck(): DamageCheck {
  const isKnownId = createSeen()
  const isKnownPhoto = createSeen()
  return {
    ofId(user_id) {
      const isLikeEarlier = isKnownId(foldedId(user_id))
      const found = DAMAGED_IDS.find(({ pattern }) => pattern.test(user_id))
      if (found) return suspicious('user_id', found.message)
      return isLikeEarlier ? suspicious('user_id', LIKE_EARLIER) : undefined
    },
    ofDate(ms) {
      const found = ms < YEAR_1990_MS && DAMAGED_DATES.find(({ from, until }) => ms > from && ms < until)
      return found ? suspicious('user_created_at', found.message) : undefined
    },
    ofPhoto(bytes) {
      return isKnownPhoto(sampleOf(bytes)) ? suspicious('photo', 'is that of an earlier row') : undefined
    },
  }
}

function suspicious(path: string, message: string): InputIssue {
  return issue(path, 'suspicious', message)
}

const LIKE_EARLIER =
  'is that of an earlier row but for upper and lower case, blanks, or how its letters are encoded'

const MADE_A_DATE = 'is a date that a spreadsheet has made of it: export the column as text'

const DAMAGED_IDS: readonly { pattern: RegExp; message: string }[] = [
  {
    pattern: /^[+-]?\d+([.,]\d+E[+-]?|E[+-])\d+$/i,
    message: 'is a number that a spreadsheet has rounded: export the column as text',
  },
  {
    pattern: /^\d{15}0{3,}$/,
    message: 'has zeros from its 16th digit on, as a number that a spreadsheet has rounded',
  },
  {
    pattern: /^[+-]?\d+[.,]0+$/,
    message: 'ends in .0, as whole numbers do in a column with gaps: export the column as text',
  },
  {
    pattern: /^(#(N\/A|GETTING_DATA|[A-Z\d/]+[!?])|#+|Err:\d+)$/i,
    message: 'is what a spreadsheet writes in place of a value',
  },
  {
    pattern: /^([<([]?(null|none|nil|nan|nat|undefined|n\/?a)[>)\]]?|\\N|-+|\[object \w+\])$/i,
    message: 'is what exports write for no value',
  },
  {
    pattern: /^\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(-\d{2,4})?$/i,
    message: MADE_A_DATE,
  },
  {
    pattern: /^(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)-\d{2,4}$/i,
    message: MADE_A_DATE,
  },
  {
    pattern: /^'[=+@\t\r-]/,
    message: 'begins with an apostrophe, which keeps it from being a formula: export it without',
  },
  {
    pattern: /(^|[^\\])\\\\(?!\\)/,
    message: 'has a doubled backslash, as text formats of databases write one: export it as CSV',
  },
  {
    pattern: /\ufffd/,
    message: 'has U+FFFD in place of letters that were lost: export the file as UTF-8',
  },
]

const PLAIN = /^[!-~]*$/

/** The same for ids that people would take for one. */
function foldedId(user_id: string): string {
  if (PLAIN.test(user_id)) return user_id.toLowerCase()
  return user_id
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, '')
}

const DAY_MS = 86_400_000
const YEAR_1990_MS = Date.UTC(1990, 0, 1)
const SPREADSHEET_ZERO_MS = Date.UTC(1899, 11, 31)

/** The first that fits; each a day wider, since zones differ. */
const DAMAGED_DATES: readonly { from: number; until: number; message: string }[] = [
  {
    from: SPREADSHEET_ZERO_MS - 2 * DAY_MS,
    until: SPREADSHEET_ZERO_MS + 2 * DAY_MS,
    message: 'is day 0 of a spreadsheet, which stands for an empty cell',
  },
  { from: -DAY_MS, until: DAY_MS, message: 'is moment 0 of Unix time, which stands for no date' },
  { from: -Infinity, until: YEAR_1990_MS, message: 'is before 1990' },
]

/** Photos up to this size are compared as a whole. */
const SAMPLE_BYTES = 256
const TAIL_BYTES = SAMPLE_BYTES / 2

/**
 * Of a larger photo, its length, its last 128 bytes and 128 others spread over it: once two photos
 * differ, all bytes behind that differ. To hash all of a photo would cost more than to check it.
 */
function sampleOf(bytes: Bytes): string {
  const { length } = bytes
  if (length <= SAMPLE_BYTES) return textOf(bytes)
  const sample = new Uint8Array(SAMPLE_BYTES)
  const step = Math.floor((length - TAIL_BYTES) / TAIL_BYTES)
  for (let i = 0; i < TAIL_BYTES; i++) sample[i] = bytes[i * step]!
  sample.set(bytes.subarray(length - TAIL_BYTES), TAIL_BYTES)
  return `${length} ${textOf(sample)}`
}

function textOf(bytes: Uint8Array): string {
  // Spread out, they would be taken one by one.
  return String.fromCharCode.apply(null, bytes as unknown as number[])
}
