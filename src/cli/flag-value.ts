/** Reads the value of one flag. */
import type { InputIssue } from '../errors.ts'
import { issue } from '../errors/issues.ts'
import { DEFAULT_VALUE_NAME, type Flag } from './flags.ts'

export interface FlagToken {
  /** The flag as it was typed, with its dashes. */
  rawName: string
  value: string | undefined
  /** Whether the value was tied to the flag with an equals sign. */
  isInline: boolean
}

export type FlagValueResult = { ok: true; value: unknown } | { ok: false; issue: InputIssue }

/** An issue never quotes the value. */
export function readFlagValue(flag: Flag, { rawName, value, isInline }: FlagToken): FlagValueResult {
  if (flag.kind === 'switch') {
    return isInline ? wrongFormat(rawName, 'takes no value') : { ok: true, value: true }
  }
  // What begins with a dash is the next flag, unless it is tied on with an equals sign. A dash alone means
  // standard input.
  const isNextFlag = value !== undefined && !isInline && /^-./.test(value)
  if (!value || isNextFlag) {
    const valueName = flag.value ?? DEFAULT_VALUE_NAME
    return { ok: false, issue: issue(rawName, 'missing', `needs a value: ${rawName} ${valueName}`) }
  }
  if (flag.kind === 'text') return { ok: true, value }
  if (typeof flag.kind === 'object') {
    if (flag.kind.includes(value)) return { ok: true, value }
    return wrongFormat(rawName, `must be ${flag.kind.join(' or ')}`)
  }
  const { read, message } = NUMBERS[flag.kind]
  const number = read(value)
  return number === undefined ? wrongFormat(rawName, message) : { ok: true, value: number }
}

function wrongFormat(rawName: string, message: string): FlagValueResult {
  return { ok: false, issue: issue(rawName, 'wrong_format', message) }
}

interface NumberReader {
  /** `undefined` for text that is no such number. */
  read(text: string): number | undefined
  message: string
}

const NUMBERS: Readonly<Record<'count' | 'number' | 'duration', NumberReader>> = {
  count: { read: readCount, message: 'must be a whole number from 1' },
  number: { read: readPositiveNumber, message: 'must be a number above 0' },
  duration: { read: readDuration, message: 'must be a time such as 500ms, 30s, 5m or 2h' },
}

function readCount(text: string): number | undefined {
  const count = Number(text)
  return /^\d+$/.test(text) && count > 0 && Number.isSafeInteger(count) ? count : undefined
}

function readPositiveNumber(text: string): number | undefined {
  const number = Number(text)
  return number > 0 && number < Infinity ? number : undefined
}

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Timers take no more than 31 bits. */
const MAX_DURATION_MS = 0x7fffffff

function readDuration(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  if (unit === undefined) return undefined
  const ms = Number(number) * MS_PER_UNIT[unit]!
  return ms > 0 && ms <= MAX_DURATION_MS ? ms : undefined
}
