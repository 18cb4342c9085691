/** When the next call may go out: one gate for all consumers, in one row of D1. */
import { RATE, type PaceGate, type PaceOptions } from '../bulk/pace.ts'
import { checkTable, createQuery, type D1Like, NOW } from './d1-table.ts'
import { CALLABLE } from '../input/rules.ts'
import { CLOSE, CREATE, LEASE } from './d1-pace-sql.ts'
import { sleep as realSleep } from '../platform/time.ts'

export interface D1PaceGate extends PaceGate {
  /** Milliseconds for which nobody may call, as last heard. */
  readonly closedForMs: number
  /** Resolves once all have been told what was observed: to be awaited before an invocation ends. */
  flush(): Promise<void>
}

export interface D1PaceOptions extends PaceOptions {
  /** One gate each. @default 'smileid_pace' */
  table?: string | undefined
}

/** So many calls a second that it is no limit. */
const UNLIMITED = 1e9
/** How far ahead calls are given a time: who gives up waiting leaves no more of it unused. */
const HORIZON_MS = 5_000
/** As with `createPaceGate`: each success raises the rate by 4 % of a call a second. */
const RECOVERY = 0.04
const PAUSE_MS = 1_000

/**
 * Makes the gate that all consumers of a queue share: it paces as `createPaceGate` does, but its rate, its
 * pauses and whose turn it is stand in D1; its table makes itself.
 *
 * Those who wait at once in one consumer are given their times together, in one statement, so that a call
 * costs one write at most, and a read where it had to wait. A 429, or `Retry-After`, closes it for all as
 * soon as it is written; calls that have their time already look once more before they go. `ratePerSecond` is
 * never passed, as long as the clocks agree. Make it in each invocation, with the same `ratePerSecond`.
 * Throws `SmileIdInputError` for wrong arguments; errors of D1 reject as they are.
 *
 * @example
 * ```ts
 * import { createD1PaceGate, type D1Like } from 'smileid-edge/cloudflare'
 *
 * export const gateOf = (env: { DB: D1Like }) => createD1PaceGate(env.DB, { ratePerSecond: 5 })
 * ```
 */
export function createD1PaceGate(db: D1Like, options: D1PaceOptions = {}): D1PaceGate {
  checkTable(db, options, { ...NOW, ratePerSecond: RATE, sleep: CALLABLE })
  const {
    table = 'smileid_pace',
    ratePerSecond: ceiling = UNLIMITED,
    now = Date.now,
    sleep = realSleep,
  } = options ?? {}
  const [create, insert] = CREATE(table)
  const query = createQuery(db, [[create], [insert, ceiling]])
  let closedUntil = 0
  let successes = 0
  let closings: { at: number; limited: boolean; retryAfterMs: number | undefined }[] = []
  let asking: { count: number; block?: Promise<Block> } = { count: 0 }
  let last: Promise<unknown> = Promise.resolve()

  /** Those who ask while the block before theirs is on its way get the next one together. */
  async function turn(): Promise<{ at: number; mine: boolean }> {
    const block = asking
    const place = block.count++
    last = block.block ??= last
      .catch(() => {})
      .then(() => {
        asking = { count: 0 }
        return lease(block.count, HORIZON_MS)
      })
    const { first, spacing } = await block.block
    return spacing === undefined ? { at: first, mine: false } : { at: first + place * spacing, mine: true }
  }

  async function lease(count: number, horizonMs: number): Promise<Block> {
    for (let [closing] = closings; closing; [closing] = closings) {
      const { at, limited, retryAfterMs = null } = closing
      const [row] = await query<Row>(CLOSE(table), at, Number(limited), retryAfterMs, ceiling)
      closings.shift()
      closedUntil = row!.closed_until
    }
    const gained = successes
    const [row] = await query<Row>(LEASE(table), now(), count, horizonMs, gained * RECOVERY, ceiling)
    if (!row) return nextTry()
    successes -= gained
    closedUntil = row.closed_until
    return { first: row.granted, spacing: count && (row.slot - row.granted) / count }
  }

  /** When to ask again, since all times up to the horizon are given. */
  async function nextTry(): Promise<Block> {
    const { slot, closed_until } = await look()
    return { first: Math.max(closed_until, slot - HORIZON_MS / 2) }
  }

  async function look(): Promise<Row> {
    const [row] = await query<Row>(`SELECT granted, slot, closed_until FROM ${table}`)
    closedUntil = row!.closed_until
    return row!
  }

  async function flush(): Promise<void> {
    if (!closings.length && !successes) return
    await (last = last.catch(() => {}).then(() => lease(0, Number.MAX_SAFE_INTEGER)))
    return flush()
  }

  return {
    get closedForMs() {
      return Math.max(0, closedUntil - now())
    },
    async wait(signal) {
      for (;;) {
        signal?.throwIfAborted()
        const { at, mine } = await turn()
        signal?.throwIfAborted()
        const waited = now() < at
        // Timers may fire a little early.
        while (now() < at) await sleep(at - now(), signal)
        // It may have been closed meanwhile, by others.
        if (mine && !(waited && (await look()).closed_until > now())) return
      }
    },
    observe({ ok, limited, retryAfterMs }) {
      if (ok) successes++
      if (!limited && retryAfterMs === undefined) return
      closings.push({ at: now(), limited, retryAfterMs })
      closedUntil = Math.max(closedUntil, now() + (retryAfterMs ?? PAUSE_MS))
      // Told at once; what fails here is told with the next turn, or by flush.
      flush().catch(() => {})
    },
    flush,
  }
}

/**
 * Times for some calls, from `first` on; without `spacing` there are none yet, and `first` is when to ask
 * again.
 */
interface Block {
  first: number
  spacing?: number
}

interface Row {
  granted: number
  slot: number
  closed_until: number
}
