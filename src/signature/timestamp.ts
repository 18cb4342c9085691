/**
 * Timestamps as Smile ID's clients and server write them: ISO 8601, Ruby's and PHP's variants, epochs in
 * seconds or milliseconds.
 */
import { SmileIdInputError } from '../errors/classes.ts'
import { wrongType } from '../errors/issues.ts'

/** Smaller numbers are seconds: as milliseconds they would be before March 1973. */
const FIRST_MILLISECONDS = 1e11
const NAMED_ZONE =
  /(?:[\d\s](?:z|utc|gmt|[ecmp][sd]t)|(?:gmt|utc|:[\d.,]+)\s?[+-]\d\d(?::?\d\d)?)(?:\s*\([^()]*\))?$/i
const ISO_DATE = /^\d{4}-\d\d-\d\d$/

/**
 * Milliseconds since 1970, NaN for what is no timestamp. A number is seconds or milliseconds, by its size; a
 * time without a zone is UTC wherever it is read.
 */
export function parseTimestamp(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    const number = Number(text)
    return number < FIRST_MILLISECONDS ? number * 1000 : number
  }
  if (NAMED_ZONE.test(text) || ISO_DATE.test(text)) return Date.parse(text)
  return Date.parse(/\dT\d/.test(text) ? `${text}Z` : `${text} UTC`)
}

/**
 * The moment of a clock as it travels and as journals have it; a clock that gives no moment is the caller's
 * mistake.
 */
export function timeText(ms: number): string {
  // As far as Date reaches.
  if (typeof ms === 'number' && Math.abs(ms) <= 8.64e15) return new Date(ms).toISOString()
  throw new SmileIdInputError([wrongType('now', 'must give milliseconds')])
}
