/**
 * Timestamps as Smile ID's clients and server write them: ISO 8601, Ruby's and PHP's variants, epochs in
 * milliseconds.
 */
import { SmileIdInputError } from '../errors/classes.ts'
import { wrongType } from '../errors/issues.ts'

/** Milliseconds since 1970, NaN for what is no timestamp; without a zone it is read as UTC. */
export function parseTimestamp(text: string): number {
  return +text || Date.parse(text.replace(/[T ][\d:.]+$/, '$&Z'))
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
