/** The moments of local times, by the time zones that the runtime knows. */
import type { ReadLocalTime } from './dates.ts'

const DAY_MS = 86_400_000

/** Whether the runtime knows it: an IANA name such as `Africa/Lagos`, or `UTC`. */
export function isTimeZone(name: unknown): boolean {
  if (typeof name !== 'string') return false
  try {
    return offsetFormat(name) !== undefined
  } catch {
    return false
  }
}

/**
 * Reads local times of a zone. A time that clocks showed twice, when they were put back, is the earlier of
 * the two; one that they never showed is none.
 */
export function createLocalTimes(timeZone: string): ReadLocalTime {
  const format = offsetFormat(timeZone)
  const offsetAt = (ms: number): number => offsetIn(format.format(ms))

  return (localMs) => {
    // No zone is as far from UTC as a day, nor are there two changes within two days.
    const before = offsetAt(localMs - DAY_MS)
    const after = offsetAt(localMs + DAY_MS)
    if (before === after) return { ok: true, ms: localMs - before }
    const moments = [localMs - before, localMs - after].filter((ms) => ms + offsetAt(ms) === localMs)
    return moments.length ? { ok: true, ms: Math.min(...moments) } : { ok: false }
  }
}

function offsetFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
}

/** Milliseconds, of a text that ends in `GMT`, `GMT+01:00` or `GMT-00:44:30`. */
function offsetIn(text: string): number {
  const found = /([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text)
  if (!found) return 0
  const [, sign, hours, minutes, seconds = 0] = found
  const size = 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds)
  return sign === '-' ? -1000 * size : 1000 * size
}
