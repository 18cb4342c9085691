/** Signals for the rows under way. */
import type { RunEnd } from './run-end.ts'

/** Each row has its own two, since Node warns of more than ten listeners on one signal. */
export interface RowSignals {
  /** Ends what only waits. */
  readonly wait: AbortSignal
  /** Cuts the row's call off; none in a run that nothing cuts off. */
  readonly call: AbortSignal | undefined
}

/** Does a row's work with signals that are the row's alone until it ends. */
export type WithRowSignals = <T>(work: (signals: RowSignals) => Promise<T>) => Promise<T>

interface Controllers {
  wait: AbortController
  call: AbortController | undefined
  /** Rows that had them so far. */
  rows: number
}

/**
 * New signals for each row would take a twentieth of its time. But a photo's function may leave listeners on
 * its signal, which go only with it, and ten are too many for Node.
 */
const ROWS_PER_SIGNAL = 8

export function createRowSignals(end: RunEnd): WithRowSignals {
  const inUse = new Set<Controllers>()
  const free: Controllers[] = []
  end.signal.addEventListener('abort', () => {
    for (const { wait } of inUse) wait.abort()
  })
  const { cutOff } = end
  cutOff?.addEventListener('abort', () => {
    for (const { call } of inUse) call?.abort(cutOff.reason)
  })

  return async (work) => {
    const own = free.pop() ?? { wait: new AbortController(), call: cutOff && new AbortController(), rows: 0 }
    inUse.add(own)
    try {
      return await work({ wait: own.wait.signal, call: own.call?.signal })
    } finally {
      inUse.delete(own)
      own.rows++
      if (own.rows < ROWS_PER_SIGNAL) free.push(own)
    }
  }
}
