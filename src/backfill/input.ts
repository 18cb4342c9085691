/** What an enrolment is made of, and what can be wrong with it but for its photo. */
import { newId } from '../input/ids.ts'
import { type Flaw, judged } from '../input/rules.ts'
import {
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
import type { PhotoSource } from '../photo/read.ts'
import { hasFourDigitYear, timeOf } from '../platform/realms.ts'
import { flawOfKind } from './date-flaws.ts'
import { isInFuture, type ReadDate, readDate, wireMoment } from './dates.ts'

export interface BackfillInput {
  /**
   * Used once, for ever: the same id cannot be enrolled again. At most 60,000 bytes, without white space
   * around it, control characters, and what cannot be seen (zero-width characters and joiners, marks of
   * direction, spaces but for the plain one).
   */
  user_id: string
  /**
   * When the photo was taken or the account made, not in the future. A Date goes out as
   * `yyyy-mm-dd hh:mm:ss+0000`. Text must be a date (`2021-08-12`) or a date with time and zone; as
   * `2021-05-18 15:14:43-0700` and in ISO 8601 with seconds it travels unchanged, other forms of databases
   * (`2021-05-18 15:14:43.1+00`, `2021-05-18 15:14 UTC`, `2021-05-18T15:14Z`) as `yyyy-mm-dd hh:mm:ss±hhmm`
   * with their fraction, at the same moment.
   */
  user_created_at: Date | string
  photo: PhotoSource
}

/** An enrolment, its photo not looked at. */
export type CheckedEnrolment = Checked<EnrolmentMembers>

type EnrolmentMembers = Partial<Omit<BackfillInput, 'photo'>> & { photo?: unknown }

/** Checks the input of one enrolment, but for its photo. No input at all is of a wrong type. */
export type EnrolmentCheck = (input: unknown) => CheckedEnrolment

type Unread = Omit<BackfillInput, 'photo'> & { photo?: unknown }

/** The photo is read apart from the rest, since it may be large, lazy or a stream. */
function entries(read: ReadDate) {
  return { user_id: newId(), user_created_at: creationDate(read), photo: elsewhere() }
}

const backfillInput = /* @__PURE__ */ once(() => objectOf<Unread>(entries(readDate)))

export function checkEnrolment(input: unknown): CheckedEnrolment {
  return check<EnrolmentMembers>(backfillInput(), input ?? null)
}

/** The same for rows, which may have further columns. */
export function createRowCheck(read: ReadDate): EnrolmentCheck {
  const row = openObjectOf<Unread>(entries(read))
  return (input) => check<EnrolmentMembers>(row, input ?? null)
}

/** The same for rows whose further columns travel with them, as JSON has them. */
export function createWholeRowCheck(read: ReadDate): EnrolmentCheck {
  const row = recordOf<Unread>(json(), entries(read))
  return (input) => check<EnrolmentMembers>(row, input ?? null)
}

function creationDate(read: ReadDate): Schema<Date | string> {
  return judged((date: unknown) => (typeof date === 'string' ? textFlaw(read, date) : momentFlaw(date)))
}

function textFlaw(read: ReadDate, date: string): Flaw | undefined {
  const reading = read(date)
  return reading.ok ? undefined : reading.flaw
}

function momentFlaw(date: unknown): Flaw | undefined {
  const ms = timeOf(date) ?? Number.NaN
  if (Number.isNaN(ms)) return { code: 'wrong_type', message: flawOfKind('form').message }
  if (!hasFourDigitYear(ms)) return { code: 'wrong_format', message: 'must be of a year from 0 to 9999' }
  return isInFuture(ms) ? flawOfKind('future') : undefined
}

/** A date that passed, as it travels. */
export function wireDate(date: Date | string, read: ReadDate = readDate): string {
  if (typeof date !== 'string') return wireMoment(timeOf(date)!)
  const reading = read(date)
  return reading.ok ? reading.wire : date
}

/** The moment of a date that passed, in milliseconds since 1970. */
export function momentOf(date: Date | string, read: ReadDate): number {
  if (typeof date !== 'string') return timeOf(date)!
  const reading = read(date)
  return reading.ok ? reading.ms : Number.NaN
}
