/**
 * What a run came to, in memory that does not grow with its rows: counts, reasons, and when what happened.
 */
import type { SmileIdInputError } from '../../../errors.ts'

/** In the order of reports. */
export const STATES = ['enrolled', 'exists', 'rejected', 'invalid', 'failed', 'unknown', 'busy'] as const

export type State = (typeof STATES)[number]

/** Why rows ended as they did: never anything of the rows themselves. */
interface Reason {
  state: State
  code: string
  text: string
  count: number
}

export interface Tally {
  counts: Record<State, number>
  /** Rows that an earlier run had ended. */
  resumed: number
  /** The most frequent first; what does not fit is counted as one. */
  reasons(): Reason[]
  /** Rows by state in equal spans of time, from the start of the run. */
  timeline(): { binMs: number; bins: Partial<Record<State, number>>[] }
  add(row: {
    state: State
    code?: string | undefined
    text?: string | undefined
    resumed?: boolean
    error?: SmileIdInputError | undefined
  }): void
}

const MAX_BINS = 120
const MAX_REASONS = 500

export function createTally(now: () => number): Tally {
  const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>
  const reasons = new Map<string, Reason>()
  const started = now()
  let bins: Partial<Record<State, number>>[] = []
  let binMs = 250
  const tally: Tally = {
    counts,
    resumed: 0,
    reasons: () =>
      [...reasons.values()].sort(
        (a, b) => b.count - a.count || STATES.indexOf(a.state) - STATES.indexOf(b.state),
      ),
    timeline: () => ({ binMs, bins: Array.from({ length: bins.length }, (_, i) => bins[i] ?? {}) }),
    add({ state, code = '', text = '', resumed, error }) {
      counts[state]++
      if (resumed) tally.resumed++
      else mark(state)
      for (const why of error?.issues?.map((issue) => ({
        code: issue.code as string,
        text: textOf(issue),
      })) ?? [{ code, text }])
        note(state, why.code, why.text)
    },
  }
  return tally

  function note(state: State, code: string, text: string): void {
    if (!code && !text) return
    const key = reasons.size < MAX_REASONS ? [state, code, text].join('\0') : state
    const known = reasons.get(key)
    if (known) known.count++
    else
      reasons.set(
        key,
        key === state ? { state, code: '…', text: 'others', count: 1 } : { state, code, text, count: 1 },
      )
  }

  function mark(state: State): void {
    // A clock that was set back must not reach before the start.
    for (let at = now() - started; at >= binMs * MAX_BINS;) {
      binMs *= 2
      bins = Array.from({ length: Math.ceil(bins.length / 2) }, (_, i) =>
        merged(bins[2 * i], bins[2 * i + 1]),
      )
    }
    const bin = (bins[Math.max(0, Math.floor((now() - started) / binMs))] ??= {})
    bin[state] = (bin[state] ?? 0) + 1
  }
}

const merged = (
  a: Partial<Record<State, number>> = {},
  b: Partial<Record<State, number>> = {},
): Partial<Record<State, number>> =>
  Object.fromEntries(
    STATES.flatMap((state) => (a[state] || b[state] ? [[state, (a[state] ?? 0) + (b[state] ?? 0)]] : [])),
  )

// Which line it is would make each a reason of its own, and so would its numbers of cells.
const textOf = ({ path, message }: { path: string; message: string }): string =>
  /^(line|file) \d+$/.test(path)
    ? message.replace(/^has \d+ cells, the header has \d+$/, 'has more or fewer cells than the header')
    : `${path} ${message}`
