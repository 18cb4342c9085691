/** What a column of dates looks like as a whole, where single dates do not say it. */
import type { DateFlawKind } from '../../../backfill/date-flaws.ts'
import { readDate } from '../../../backfill/dates.ts'

export interface DateColumn {
  /** Takes what a row has, whatever it is. */
  add(date: unknown): void
  /** The dates that a flag would tell how to read, and the flag. */
  hints(): string[]
}

/** Counts how dates are written; keeps none of them. */
export function createDateColumn(): DateColumn {
  const counts: Partial<Record<DateFlawKind, number>> = {}
  return {
    add(date) {
      if (typeof date !== 'string') return
      const reading = readDate(date)
      const kind = reading.ok ? undefined : reading.flaw.kind
      if (kind) counts[kind] = (counts[kind] ?? 0) + 1
    },
    hints: () => [...orderHints(counts), ...otherHints(counts)],
  }
}

type Counts = Readonly<Partial<Record<DateFlawKind, number>>>

function orderHints({ day_first = 0, month_first = 0, day_or_month_first = 0 }: Counts): string[] {
  const total = day_first + month_first + day_or_month_first
  if (total === 0) return []
  const dates = `user_created_at: ${total} dates have day or month first`
  if (day_first > 0 && month_first > 0) {
    return [
      `${dates}, of which ${day_first} can only have the day first and ${month_first} only the month: ` +
        'they have to be written one way',
    ]
  }
  if (day_first > 0) {
    return [`${dates}, and ${day_first} of them begin with more than 12: if all have the day first, ${DMY}`]
  }
  if (month_first > 0) {
    return [
      `${dates}, and ${month_first} of them have more than 12 in second place: ` +
        `if all have the month first, ${MDY}`,
    ]
  }
  return [`${dates}, and none has a number above 12, which would tell: ${DMY} or ${MDY}, whichever it is`]
}

const DMY = '--date-format dmy'
const MDY = '--date-format mdy'

function otherHints({ serial = 0, no_zone = 0 }: Counts): string[] {
  const hints: string[] = []
  if (serial > 0) {
    hints.push(`user_created_at: ${serial} look like dates as a spreadsheet counts them: --date-format excel`)
  }
  if (no_zone > 0) {
    hints.push(
      `user_created_at: ${no_zone} have a time without a time zone: --time-zone with the zone that they ` +
        'were written in, such as --time-zone Africa/Lagos or --time-zone UTC',
    )
  }
  return hints
}
