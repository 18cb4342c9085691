/** How old a signature is. */
import { parseTimestamp } from '../../../signature/timestamp.ts'

export function describeAge(timestamp: string, now: number): string {
  const seconds = Math.round((now - parseTimestamp(timestamp)) / 1000)
  return seconds >= 0 ? `${seconds} s ago` : `${-seconds} s ahead of this machine's clock`
}
