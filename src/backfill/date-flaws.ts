/** What can be wrong with a date that was given as text: each cause by its name, with the cure. */
import type { Flaw } from '../input/rules.ts'

export type DateFlawKind =
  | 'empty'
  | 'no_value'
  | 'day_first'
  | 'month_first'
  | 'day_or_month_first'
  | 'short_year'
  | 'serial'
  | 'unix'
  | 'no_day'
  | 'no_time'
  | 'no_offset'
  | 'no_zone'
  | 'skipped'
  | 'future'
  | 'form'

export interface DateFlaw extends Flaw {
  kind: DateFlawKind
}

const MESSAGES: Readonly<Record<DateFlawKind, string>> = {
  empty: 'is empty',
  no_value: 'is what exports write for no date',
  day_first: 'has the day first: write 2021-08-31, or say so by dateFormat (--date-format dmy)',
  month_first: 'has the month first: write 2021-08-31, or say so by dateFormat (--date-format mdy)',
  day_or_month_first:
    'has day or month first, and nobody can tell which: write 2021-08-12, or say it by dateFormat ' +
    '(--date-format dmy or mdy)',
  short_year: 'has a year of two digits: write all four, such as 2021-08-12',
  serial: 'is the number that a spreadsheet keeps for a date: say so by dateFormat (--date-format excel)',
  unix: 'is a Unix time: write it as a date, such as 2021-05-18 15:14:43+0000',
  no_day: 'is no day of the calendar',
  no_time: 'has no time from 00:00:00 to 23:59:59',
  no_offset: 'has an offset that no time zone has',
  no_zone:
    'has a time without a time zone: write it behind the time, such as +0000, or give it for all rows by ' +
    'timeZone (--time-zone)',
  skipped: 'never was in that time zone, where clocks were put forward then: is it the right zone?',
  future: 'is in the future',
  form: 'must be a Date or text such as 2021-08-12 or 2021-05-18 15:14:43-0700',
}

export function dateFlaw(kind: DateFlawKind): { ok: false; flaw: DateFlaw } {
  return { ok: false, flaw: flawOfKind(kind) }
}

export function flawOfKind(kind: DateFlawKind): DateFlaw {
  return { kind, code: kind === 'empty' ? 'missing' : 'wrong_format', message: MESSAGES[kind] }
}

/** What is wrong with a text that does not begin with year, month and day. */
export function flawOf(text: string): DateFlaw {
  return flawOfKind(kindOf(text.trim()))
}

const DAY_OR_MONTH_FIRST = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?!\d)/
/** The 31st of December 9999, the last day that spreadsheets know. */
const LAST_SERIAL = 2_958_465

function kindOf(text: string): DateFlawKind {
  if (text === '') return 'empty'
  if (/^(null|none|na[nt]|n\/a|\\N|-)$/i.test(text)) return 'no_value'
  const number = Number(text)
  if (/^\d{5,7}([.,]\d+)?$/.test(text) && Number.parseInt(text, 10) <= LAST_SERIAL) return 'serial'
  if (/^\d{9,19}(\.\d+)?$/.test(text) && number > 0) return 'unix'
  const found = DAY_OR_MONTH_FIRST.exec(text)
  if (!found) return 'form'
  const [, first, , second, year] = found
  if (year!.length < 4) return 'short_year'
  return orderOf(Number(first), Number(second))
}

function orderOf(first: number, second: number): DateFlawKind {
  if (first > 12 && second > 12) return 'no_day'
  if (first > 12) return 'day_first'
  return second > 12 ? 'month_first' : 'day_or_month_first'
}
