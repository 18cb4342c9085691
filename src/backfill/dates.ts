/**
 * Dates as databases write them, and as they travel.
 *
 * What is known of the wire: a day (`2021-08-12`), or a day with time and offset
 * (`2021-05-18 15:14:43-0700`).
 */
import { dateFlaw, type DateFlaw, flawOf } from './date-flaws.ts'

export type DateReading =
  | {
      ok: true
      /** As it travels. */
      wire: string
      /** Milliseconds since 1970; of a day, its beginning in UTC. */
      ms: number
    }
  | { ok: false; flaw: DateFlaw }

/** Reads a date that was given as text. */
export type ReadDate = (text: string) => DateReading

/** A date taken apart, none of it looked at yet. */
export interface DateParts {
  /** yyyy-mm-dd */
  day: string
  /** hh:mm:ss, with up to nine digits of a fraction. */
  time?: string | undefined
  /** Z, UTC, GMT, ±hh, ±hhmm or ±hh:mm */
  zone?: string | undefined
}

/**
 * The moment of a local time, in milliseconds since 1970. Takes and gives milliseconds; the local time is
 * given as if it were UTC's.
 */
export type ReadLocalTime = (localMs: number) => { ok: true; ms: number } | { ok: false }

/** The forms that travel as they are. */
const WIRE_FORM = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d{1,9})? ?(Z|[+-]\d\d:?\d\d))?$/
const YEAR_FIRST = /^(\d{4})([-/])(\d\d)\2(\d\d)(?:[T ](.+))?$/i
/** Hours, minutes, seconds with fraction; zone. */
const CLOCK = /^(\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(?: ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$/i

/** Reads a date that has its year first: no other is certain. */
export function readDate(text: string, readLocalTime?: ReadLocalTime): DateReading {
  const [, year, , month, day, clock] = YEAR_FIRST.exec(text.trim()) ?? []
  if (year === undefined) return { ok: false, flaw: flawOf(text) }
  const parts: DateParts = { day: `${year}-${month}-${day}` }
  if (clock !== undefined) {
    const [, time, seconds = ':00', zone] = CLOCK.exec(clock) ?? []
    if (time === undefined) return dateFlaw('form')
    parts.time = `${time}${seconds}`
    parts.zone = zone
  }
  const reading = readParts(parts, readLocalTime)
  return reading.ok && WIRE_FORM.test(text) ? { ...reading, wire: text } : reading
}

/** The wire form of a date that was taken apart, at the same moment. */
export function readParts({ day, time, zone }: DateParts, readLocalTime?: ReadLocalTime): DateReading {
  const dayMs = msOfDay(day)
  // What MySQL keeps where there is none.
  if (day === '0000-00-00') return dateFlaw('no_value')
  if (Number.isNaN(dayMs)) return dateFlaw('no_day')
  if (!time) return notInFuture({ ok: true, wire: day, ms: dayMs })
  if (!/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d/.test(time)) return dateFlaw('no_time')
  const localMs = dayMs + msOfTime(time)
  if (!zone) return readZoneless(localMs, time.slice(8), readLocalTime)
  const offset = /^[+-]/.test(zone) ? zone.replace(':', '').padEnd(5, '0') : '+0000'
  const offsetMs = 60_000 * minutesOf(offset)
  if (Number.isNaN(offsetMs)) return dateFlaw('no_offset')
  return notInFuture({ ok: true, wire: `${day} ${time}${offset}`, ms: localMs - offsetMs })
}

function readZoneless(localMs: number, fraction: string, readLocalTime?: ReadLocalTime): DateReading {
  if (!readLocalTime) return dateFlaw('no_zone')
  const moment = readLocalTime(localMs)
  if (!moment.ok) return dateFlaw('skipped')
  const offset = (localMs - moment.ms) / 60_000
  // Before some zone was set in whole minutes, the moment counts more than what the clock there showed.
  const isWhole = Number.isInteger(offset)
  const wire = isWhole
    ? wireMoment(localMs, { fraction, offset: offsetText(offset) })
    : wireMoment(moment.ms, { fraction, offset: '+0000' })
  return notInFuture({ ok: true, wire, ms: moment.ms })
}

/** `yyyy-mm-dd hh:mm:ss±hhmm`; the milliseconds are of the clock with that offset. */
export function wireMoment(ms: number, { fraction = '', offset = '+0000' } = {}): string {
  const clock = new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
  return `${clock}${fraction}${offset}`
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  const digits = 100 * Math.floor(size / 60) + (size % 60)
  return `${minutes < 0 ? '-' : '+'}${String(digits).padStart(4, '0')}`
}

/** Of ±hhmm; NaN beyond what databases take, which is more than any zone ever had. */
function minutesOf(offset: string): number {
  const minutes = 60 * Number(offset.slice(1, 3)) + Number(offset.slice(3))
  if (Number(offset.slice(3)) > 59 || minutes >= 16 * 60) return Number.NaN
  return offset.startsWith('-') ? -minutes : minutes
}

const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** After so many the calendar begins anew. */
const CYCLE_YEARS = 400
const CYCLE_MS = 146_097 * 86_400_000

/** The beginning of a day, yyyy-mm-dd, in UTC; NaN for what is none. Date.parse takes ten times as long. */
function msOfDay(text: string): number {
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(5, 7))
  const day = Number(text.slice(8))
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const lastDay = month === 2 && isLeap ? 29 : DAYS_OF_MONTHS[month - 1]
  if (lastDay === undefined || day < 1 || day > lastDay) return Number.NaN
  // Date.UTC takes a year below 100 for one of the last century.
  return Date.UTC(year + CYCLE_YEARS, month - 1, day) - CYCLE_MS
}

/** Of hh:mm:ss, without its fraction. */
function msOfTime(text: string): number {
  const [hours, minutes, seconds] = [text.slice(0, 2), text.slice(3, 5), text.slice(6, 8)].map(Number)
  return 1000 * (3600 * hours! + 60 * minutes! + seconds!)
}

/** What clocks may differ by, and zones: a day that has begun in Kiribati has not in UTC. */
const DAY_MS = 86_400_000

export function isInFuture(ms: number): boolean {
  return ms > Date.now() + DAY_MS
}

function notInFuture(reading: DateReading & { ok: true }): DateReading {
  return isInFuture(reading.ms) ? dateFlaw('future') : reading
}
