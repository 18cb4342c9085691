/** What numbers in cells stand for, by their formats: dates, whole numbers, or something else. */

/** The text of a number. `doubt` says why it may not be what the cell shows. */
export interface NumberText {
  text: string
  doubt?: string
}

/** Formats that files name by number alone (ECMA-376, 18.8.30); languages have dates of their own there. */
export function builtInFormat(id: number): string {
  if (id === 0) return 'General'
  if (id === 1) return '0'
  if (id === 49) return '@'
  const isDate = (id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)
  if (isDate) return 'yyyy-mm-dd'
  const isTime = (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47)
  if (isTime) return 'hh:mm:ss'
  if (id === 22) return 'yyyy-mm-dd hh:mm'
  return `number format ${id}`
}

/** Excel keeps so many digits. */
const FIRST_INEXACT = 1e15

export function numberText(raw: string, format: string, isFrom1904: boolean): NumberText {
  const number = Number(raw)
  if (raw.trim() === '' || !Number.isFinite(number)) return { text: raw, doubt: 'is no number' }
  const kind = kindOf(format)
  if (kind.is === 'date') return { text: dateText(number, isFrom1904) }
  if (Number.isInteger(number) && Math.abs(number) >= FIRST_INEXACT) {
    const doubt = 'is a number of more than 15 digits, of which Excel keeps no more: make the column text'
    return { text: raw, doubt }
  }
  if (kind.is === 'other') {
    const doubt = 'is a number in a format of its own: make the column text, or give it the format 0'
    return { text: String(number), doubt }
  }
  if (!Number.isInteger(number)) return { text: String(number), doubt: 'is no whole number' }
  if (number < 0) return { text: String(number) }
  return { text: kind.prefix + String(number).padStart(kind.digits, '0') }
}

type FormatKind = { is: 'date' } | { is: 'whole'; prefix: string; digits: number } | { is: 'other' }

const kinds = new Map<string, FormatKind>()

function kindOf(format: string): FormatKind {
  const known = kinds.get(format)
  if (known) return known
  const kind = readKind(format)
  // Files bring formats of their own.
  if (kinds.size < 1000) kinds.set(format, kind)
  return kind
}

function readKind(format: string): FormatKind {
  if (/^(general|@|0?)$/i.test(format)) return { is: 'whole', prefix: '', digits: 1 }
  const [, prefix = '', digits] = /^(?:"([^"]*)")?(0+)$/.exec(format) ?? []
  if (digits !== undefined) return { is: 'whole', prefix, digits: digits.length }
  // Texts, colours, languages and elapsed times are in quotes and brackets.
  const plain = format.replace(/"[^"]*"|\\.|\[[^[\]]*\]|_./g, '').split(';')[0]!
  const isDate = /[yd]/i.test(plain) && !/[#?%]|general/i.test(plain)
  return isDate ? { is: 'date' } : { is: 'other' }
}

const DAY_MS = 86_400_000
/** Day 0. Excel takes 1900 for a leap year: days before the 29th of February count one less. */
const DAY_ZERO = Date.UTC(1899, 11, 30)
const DAY_ZERO_1904 = Date.UTC(1904, 0, 1)
const FALSE_LEAP_DAY = 60

function dateText(serial: number, isFrom1904: boolean): string {
  const isEarly = !isFrom1904 && serial >= 1 && serial < FALSE_LEAP_DAY
  const zero = isFrom1904 ? DAY_ZERO_1904 : DAY_ZERO
  // Fifteen digits tell milliseconds, and no less.
  const ms = Math.round((serial + Number(isEarly)) * DAY_MS)
  const date = new Date(zero + ms)
  if (Number.isNaN(date.getTime())) return String(serial)
  const [day = '', clock = ''] = date.toISOString().slice(0, -1).split('T')
  const time = clock.replace(/\.000$/, '')
  return time === '00:00:00' ? day : `${day} ${time}`
}
