/** What an enrolment is made of, and what can be wrong with it but for its photo. */
import type { InputIssue } from '../errors/codes.ts'
import { anything, wellFormed } from '../input/rules.ts'
import { issuesOf, objectOf, once, openObjectOf, optional, type Schema } from '../input/schema.ts'
import { utf8 } from '../platform/bytes.ts'
import type { PhotoSource } from '../photo/read.ts'

export interface BackfillInput {
  /**
   * Used once, for ever: the same id cannot be enrolled again. In a row of a bulk run, 60,000 bytes at most.
   */
  user_id: string
  /**
   * When the photo was taken or the account made. A Date goes out as `yyyy-mm-dd hh:mm:ss+0000`; text must be
   * a date (`2021-08-12`) or a date with time and zone (`2021-05-18 15:14:43-0700`, ISO 8601) and travels
   * unchanged.
   */
  user_created_at: Date | string
  photo: PhotoSource
}

function rowEntries() {
  return { user_id: userId(), user_created_at: creationDate() }
}

/** The photo is read apart from the rest, since it may be large, lazy or a stream. */
const backfillInput = /* @__PURE__ */ once(() =>
  objectOf<Omit<BackfillInput, 'photo'> & { photo?: unknown }>({
    ...rowEntries(),
    photo: optional(anything()),
  }),
)

/**
 * The longest user_id of a row, in bytes of UTF-8, written as in JSON, where quotes and backslashes take two.
 * It is below the least of what a row goes through:
 *
 * | what                  | takes           | beside the user_id                                           |
 * | --------------------- | --------------- | ------------------------------------------------------------ |
 * | a file journal's line | 65,536 bytes    | some 350, twice 1,200 for code and job id; the partner id    |
 * | a queue's message     | 128,000 bytes   | 100 of its own, 2,048 for an R2 key as JSON, 70 for the rest |
 * | a value in D1         | 2,000,000 bytes | the environment and the partner id, before the user_id       |
 *
 * So some 2,700 bytes are left for the partner id in the first, and 65,000 for further columns in the second.
 * No header has a user_id in it.
 */
const MAX_USER_ID_BYTES = 60_000
/** A UTF-16 unit takes six bytes at most: half a surrogate pair is written as \ud83d. */
const SURELY_SHORT = MAX_USER_ID_BYTES / 6

const row = /* @__PURE__ */ once(() =>
  openObjectOf<Omit<BackfillInput, 'photo'>>({ ...rowEntries(), user_id: rowUserId() }),
)

/** What is wrong with the input of one enrolment, but for its photo. No input at all is of a wrong type. */
export function backfillIssues(input: unknown): InputIssue[] {
  return issuesOf(backfillInput(), input ?? null)
}

/** The same for rows, which may have further columns, and are kept in journals and queues. */
export function rowIssues(input: unknown): InputIssue[] {
  return issuesOf(row(), input ?? null)
}

function userId(): Schema<string> {
  return wellFormed<string>(isTrimmedText, 'must be trimmed text without control characters')
}

function rowUserId(): Schema<string> {
  return wellFormed<string>(
    (id) => isTrimmedText(id) && fitsARow(id),
    `must be trimmed text without control characters, of at most ${MAX_USER_ID_BYTES} bytes`,
  )
}

function fitsARow(id: string): boolean {
  if (id.length <= SURELY_SHORT) return true
  const withQuotes = utf8(JSON.stringify(id)).length
  return withQuotes - 2 <= MAX_USER_ID_BYTES
}

function isTrimmedText(id: unknown): boolean {
  return typeof id === 'string' && id !== '' && id === id.trim() && !/[\x00-\x1f\x7f]/.test(id)
}

function creationDate(): Schema<Date | string> {
  const message = 'must be a Date or text such as 2021-08-12 or 2021-05-18 15:14:43-0700'
  return wellFormed<Date | string>(isDate, message)
}

function isDate(date: unknown): boolean {
  if (date instanceof Date) return date.getTime() < Infinity
  return typeof date === 'string' && isDateText(date)
}

/** 2021-08-12, 2021-05-18 15:14:43-0700, 2021-05-18T15:14:43.000Z */
function isDateText(text: string): boolean {
  const form = /^(\d{4}-\d\d-\d\d)([T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)? ?(Z|[+-]\d\d:?[0-5]\d))?$/
  const day = form.exec(text)?.[1]
  // Date rolls the 31st of February over: what does not come back as it went in is no day.
  return day !== undefined && new Date(day).getUTCDate() === Number(day.slice(8))
}

/** A date that passed, as it travels. */
export function wireDate(date: Date | string): string {
  if (typeof date === 'string') return date
  return date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '+0000')
}
