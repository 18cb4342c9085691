/** The row of D1 that the gates of one table share, and what this gate has observed since it last wrote. */
import type { PaceGate } from '../bulk/pace-input.ts'
import { PAUSE_MS, RECOVERY_RATE } from '../bulk/pace-rules.ts'
import { closeGate, createPaceTable, grantTimes, type PaceRow, selectPace } from './d1-pace-sql.ts'
import { createQuery, type D1Like } from './d1-query.ts'

export type Grant =
  /** Times for the calls: the first, and milliseconds from one to the next. */
  | { ok: true; first: number; spacingMs: number }
  /** All times up to the horizon are given. */
  | { ok: false; askAgainAt: number }

export interface SharedPace {
  /** No call may go out before, as last heard. */
  readonly closedUntil: number
  /** Whether something was observed that D1 does not know yet. */
  readonly hasNews: boolean
  /** Remembers how a call ended; true when the others must know of it at once. */
  note(call: Parameters<PaceGate['observe']>[0]): boolean
  /** Writes what was noted, and asks for times that begin within the horizon. */
  grant(calls: number, horizonMs: number): Promise<Grant>
  /** The same, as D1 has it now. */
  readClosedUntil(): Promise<number>
}

/** What closes the gate. */
interface Closing {
  at: number
  limited: boolean
  retryAfterMs: number | undefined
}

export function openSharedPace(
  db: D1Like,
  { table, ceiling, now }: { table: string; ceiling: number; now: () => number },
): SharedPace {
  const query = createQuery(db, createPaceTable(table, ceiling))
  const closings: Closing[] = []
  let successes = 0
  let closedUntil = 0

  async function read(): Promise<PaceRow> {
    const [row] = await query<PaceRow>(selectPace(table))
    closedUntil = row!.closed_until
    return row!
  }

  async function writeClosings(): Promise<void> {
    for (let [closing] = closings; closing; [closing] = closings) {
      const { at, limited, retryAfterMs = null } = closing
      const [row] = await query<PaceRow>(closeGate(table), at, Number(limited), retryAfterMs, ceiling)
      // Only now: what D1 did not take is written the next time.
      closings.shift()
      closedUntil = row!.closed_until
    }
  }

  return {
    get closedUntil() {
      return closedUntil
    },
    get hasNews() {
      return closings.length > 0 || successes > 0
    },
    note({ ok, limited, retryAfterMs }) {
      if (ok) successes++
      if (!limited && retryAfterMs === undefined) return false
      closings.push({ at: now(), limited, retryAfterMs })
      closedUntil = Math.max(closedUntil, now() + (retryAfterMs ?? PAUSE_MS))
      return true
    },
    async grant(calls, horizonMs) {
      await writeClosings()
      const gained = successes
      const raise = gained * RECOVERY_RATE
      const [row] = await query<PaceRow>(grantTimes(table), now(), calls, horizonMs, raise, ceiling)
      if (!row) {
        const { slot, closed_until } = await read()
        return { ok: false, askAgainAt: Math.max(closed_until, slot - horizonMs / 2) }
      }
      successes -= gained
      closedUntil = row.closed_until
      return { ok: true, first: row.granted, spacingMs: calls && (row.slot - row.granted) / calls }
    },
    async readClosedUntil() {
      const row = await read()
      return row.closed_until
    },
  }
}
