/** Dates as people and spreadsheets write them, which only the caller can tell apart. */
import { must, oneOf } from '../input/rules.ts'
import { check, type Checked, type Entries, objectOf, once, optional } from '../input/schema.ts'
import { dateFlaw, flawOf } from './date-flaws.ts'
import {
  type DateParts,
  type DateReading,
  type ReadDate,
  readDate,
  type ReadLocalTime,
  readParts,
} from './dates.ts'
import { createLocalTimes, isTimeZone } from './time-zones.ts'

export interface DateOptions {
  /**
   * The zone of times that have none: an IANA name such as `Africa/Lagos`, or `UTC`. A time that clocks
   * showed twice is taken for the earlier one. @default none: such times are refused
   */
  timeZone?: string | undefined
  /**
   * What else dates may be, beside those with the year first: `'dmy'` the day first (31/08/2021), `'mdy'` the
   * month first (8/31/2021 3:14 PM), `'excel'` a spreadsheet's number of days since 1900. @default 'iso'
   */
  dateFormat?: 'iso' | 'dmy' | 'mdy' | 'excel' | undefined
}

export function dateOptionEntries(): Entries<DateOptions> {
  return {
    timeZone: optional(must<string>(isTimeZone, 'must be a time zone such as Africa/Lagos', 'wrong_format')),
    dateFormat: optional(oneOf('iso', 'dmy', 'mdy', 'excel')),
  }
}

const dateOptions = /* @__PURE__ */ once(() => objectOf<DateOptions>(dateOptionEntries()))

export function checkDateOptions(options: unknown): Checked<DateOptions> {
  return check(dateOptions(), options ?? {}, 'options')
}

/** Reads dates as the options say; those with the year first can stand among all others. */
export function createReadDate(options: DateOptions): ReadDate {
  const read = readAs(options)
  // Each date is read twice in a row, by the check and for its moment, and columns often repeat one.
  let lastText: string | undefined
  let lastReading: DateReading
  return (text) => {
    if (text !== lastText) {
      lastReading = read(text)
      lastText = text
    }
    return lastReading
  }
}

function readAs({ timeZone, dateFormat = 'iso' }: DateOptions): ReadDate {
  const readLocalTime = timeZone === undefined ? undefined : createLocalTimes(timeZone)
  return (text) => {
    if (dateFormat === 'excel' && SERIAL.test(text)) return readSerial(text, readLocalTime)
    if (dateFormat === 'dmy' || dateFormat === 'mdy') {
      const found = YEAR_LAST.exec(text.trim())
      if (found) return readYearLast(found, { dateFormat, readLocalTime })
    }
    return readDate(text, readLocalTime)
  }
}

/** Two numbers and the year; the time. */
const YEAR_LAST = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:(?:T|,? )(.+))?$/i
/** Hours, minutes, seconds with fraction; AM or PM; zone. */
const CLOCK = /^(\d{1,2}):(\d\d)(:\d\d(?:\.\d{1,9})?)?(?: ?([AP])M)?(?: ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$/i

function readYearLast(
  found: RegExpExecArray,
  { dateFormat, readLocalTime }: { dateFormat: 'dmy' | 'mdy'; readLocalTime: ReadLocalTime | undefined },
): DateReading {
  const [, first, , second, year, clock] = found
  const [day, month] = dateFormat === 'dmy' ? [first!, second!] : [second!, first!]
  // The other way round it would be one: then the format is wrong, and not the calendar.
  if (Number(month) > 12 && Number(day) <= 12) return { ok: false, flaw: flawOf(found[0]) }
  const parts: DateParts = { day: `${year}-${twoDigits(month)}-${twoDigits(day)}` }
  if (clock !== undefined) {
    const [, hours, minutes, seconds = ':00', half, zone] = CLOCK.exec(clock) ?? []
    if (hours === undefined) return dateFlaw('form')
    parts.time = timeOfDay({ hours, minutes: minutes!, seconds, half })
    parts.zone = zone
  }
  return readParts(parts, readLocalTime)
}

interface ClockTime {
  hours: string
  minutes: string
  seconds: string
  /** A or P, before and after noon. */
  half: string | undefined
}

function timeOfDay({ hours, minutes, seconds, half }: ClockTime): string {
  let hour = Number(hours)
  if (half) {
    // 13 PM is no time: 99 is refused further on.
    if (hour < 1 || hour > 12) hour = 99
    else hour = (hour % 12) + (/p/i.test(half) ? 12 : 0)
  }
  return `${twoDigits(String(hour))}:${minutes}${seconds}`
}

function twoDigits(number: string): string {
  return number.padStart(2, '0')
}

const SERIAL = /^\s*\d{1,7}([.,]\d+)?\s*$/
const DAY_MS = 86_400_000
/** Day 0 from March 1900 on: before that, spreadsheets count a 29th of February that never was. */
const SERIAL_EPOCH_MS = Date.UTC(1899, 11, 30)
const SERIAL_OF_MARCH_1900 = 61
const LAST_SERIAL = 2_958_465

/** A spreadsheet's days since 1900, with the time as their fraction. */
function readSerial(text: string, readLocalTime: ReadLocalTime | undefined): DateReading {
  const serial = Number(text.trim().replace(',', '.'))
  const days = Math.floor(serial)
  if (days === SERIAL_OF_MARCH_1900 - 1 || days > LAST_SERIAL) return dateFlaw('no_day')
  const shift = days > 0 && days < SERIAL_OF_MARCH_1900 ? DAY_MS : 0
  // Fifteen digits tell milliseconds, and no less.
  const ms = Math.round((serial - days) * DAY_MS)
  const written = new Date(SERIAL_EPOCH_MS + shift + days * DAY_MS + ms).toISOString()
  const [day = '', clock = ''] = written.slice(0, -1).split('T')
  return readParts({ day, time: ms === 0 ? undefined : clock.replace(/\.000$/, '') }, readLocalTime)
}
