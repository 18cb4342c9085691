/** Counts, reasons and a timeline of a run, in memory that does not grow with its rows. */
import type { SmileIdInputError } from '../../../errors.ts'

/** In the order of reports. */
export const STATES = ['enrolled', 'exists', 'rejected', 'invalid', 'failed', 'unknown', 'busy'] as const

export type State = (typeof STATES)[number]

/** Rows by state in one span of time. */
export type TimelineBin = Partial<Record<State, number>>

export interface Timeline {
  /** The length of a span, in milliseconds. */
  binMs: number
  /** From the start of the run. */
  bins: TimelineBin[]
}

/** Why rows ended as they did: never anything of the rows themselves. */
export interface Reason {
  state: State
  code: string
  text: string
  count: number
}

export interface RunStatistics {
  counts: Record<State, number>
  /** Rows that an earlier run had ended; the timeline has none of them. */
  resumed: number
  /** The most frequent first; those beyond the limit are counted as one for each state. */
  reasons(): Reason[]
  timeline(): Timeline
  add(row: CountedRow): void
}

interface CountedRow {
  state: State
  code?: string | undefined
  text?: string | undefined
  resumed?: boolean
  /** Counts its issues as reasons, in place of code and text. */
  error?: SmileIdInputError | undefined
}

export function createStatistics(now: () => number): RunStatistics {
  const timeline = createTimeline(now)
  const reasons = createReasons()
  const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>
  const statistics: RunStatistics = {
    counts,
    resumed: 0,
    reasons: reasons.list,
    timeline: timeline.read,
    add({ state, code = '', text = '', resumed, error }) {
      counts[state]++
      if (resumed) statistics.resumed++
      else timeline.add(state)
      if (!error?.issues) {
        reasons.add(state, code, text)
        return
      }
      for (const issue of error.issues) reasons.add(state, issue.code, describeIssue(issue))
    },
  }
  return statistics
}

/** Leaves out the number of the line and its numbers of cells, which would make each a reason of its own. */
function describeIssue({ path, message }: { path: string; message: string }): string {
  const isAboutLine = /^(line|file) \d+$/.test(path)
  if (!isAboutLine) return `${path} ${message}`
  return message.replace(/^has \d+ cells, the header has \d+$/, 'has more or fewer cells than the header')
}

const MAX_REASONS = 500

function createReasons() {
  const reasons = new Map<string, Reason>()

  function add(state: State, code: string, text: string): void {
    if (code === '' && text === '') return
    const isFull = reasons.size >= MAX_REASONS
    const reason = isFull ? { state, code: '…', text: 'others' } : { state, code, text }
    // A state alone stands for its other reasons.
    const key = isFull ? state : [state, code, text].join('\0')
    const known = reasons.get(key)
    if (known) known.count++
    else reasons.set(key, { ...reason, count: 1 })
  }

  function list(): Reason[] {
    return [...reasons.values()].sort(
      (one, other) => other.count - one.count || STATES.indexOf(one.state) - STATES.indexOf(other.state),
    )
  }

  return { add, list }
}

const MAX_BINS = 120
const FIRST_BIN_MS = 250

/** Once the spans are too many, each two become one. */
function createTimeline(now: () => number) {
  const startedAt = now()
  let bins: TimelineBin[] = []
  let binMs = FIRST_BIN_MS

  function add(state: State): void {
    // A clock that was set back must not reach before the start.
    const elapsedMs = Math.max(0, now() - startedAt)
    while (elapsedMs >= binMs * MAX_BINS) {
      binMs *= 2
      bins = mergePairs(bins)
    }
    const index = Math.floor(elapsedMs / binMs)
    const bin = (bins[index] ??= {})
    bin[state] = (bin[state] ?? 0) + 1
  }

  function read(): Timeline {
    // Spans without rows are holes.
    return { binMs, bins: Array.from({ length: bins.length }, (_, index) => bins[index] ?? {}) }
  }

  return { add, read }
}

function mergePairs(bins: readonly TimelineBin[]): TimelineBin[] {
  return Array.from({ length: Math.ceil(bins.length / 2) }, (_, index) =>
    mergeBins(bins[2 * index], bins[2 * index + 1]),
  )
}

function mergeBins(first: TimelineBin = {}, second: TimelineBin = {}): TimelineBin {
  const merged: TimelineBin = {}
  for (const state of STATES) {
    const count = (first[state] ?? 0) + (second[state] ?? 0)
    if (count > 0) merged[state] = count
  }
  return merged
}
