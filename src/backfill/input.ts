/** What an enrolment is made of, and what can be wrong with it but for its photo. */
import { must, wellFormed } from '../input/rules.ts'
import {
  allOf,
  check,
  type Checked,
  elsewhere,
  json,
  objectOf,
  once,
  openObjectOf,
  recordOf,
  type Schema,
} from '../input/schema.ts'
import { utf8 } from '../platform/bytes.ts'
import type { PhotoSource } from '../photo/read.ts'
import { hasFourDigitYear, timeOf } from '../platform/realms.ts'

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
    photo: elsewhere(),
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
  openObjectOf<Omit<BackfillInput, 'photo'> & { photo?: unknown }>({
    ...rowEntries(),
    user_id: rowUserId(),
    photo: elsewhere(),
  }),
)

const wholeRow = /* @__PURE__ */ once(() =>
  recordOf<Omit<BackfillInput, 'photo'> & { photo?: unknown }>(json(), {
    ...rowEntries(),
    user_id: rowUserId(),
    photo: elsewhere(),
  }),
)

/** An enrolment, its photo not looked at. */
export type CheckedEnrolment = Checked<EnrolmentMembers>

type EnrolmentMembers = Partial<Omit<BackfillInput, 'photo'>> & { photo?: unknown }

/**
 * The input of one enrolment, and what is wrong with it, but for its photo. No input at all is of a wrong
 * type.
 */
export function checkEnrolment(input: unknown): CheckedEnrolment {
  return check<EnrolmentMembers>(backfillInput(), input ?? null)
}

/** The same for rows whose further columns travel with them, as JSON has them. */
export function checkWholeRow(input: unknown): CheckedEnrolment {
  return check<EnrolmentMembers>(wholeRow(), input ?? null)
}

/** The same for rows, which may have further columns, and are kept in journals and queues. */
export function checkRow(input: unknown): CheckedEnrolment {
  return check<EnrolmentMembers>(row(), input ?? null)
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
  return allOf(
    wellFormed<Date | string>(isDate, message),
    must(hasUsualYear, 'must be of a year from 0 to 9999', 'wrong_format'),
  )
}

function isDate(date: unknown): boolean {
  if (typeof date === 'string') return isDateText(date)
  return Number.isFinite(timeOf(date))
}

function hasUsualYear(date: unknown): boolean {
  return typeof date === 'string' || hasFourDigitYear(timeOf(date)!)
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
  return new Date(timeOf(date)!)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '+0000')
}
