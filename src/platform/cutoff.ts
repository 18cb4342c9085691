/** A limit of time on work that an abort ends, too. */
import { onAbort } from './abort.ts'
import type { Interruption } from './bytes.ts'

export type CutoffReason = 'timeout' | 'abort'

export interface Cutoff {
  /** Aborted once the time is over, or with the reason of the signal that was given. */
  signal: AbortSignal
  /** Settles before `signal` aborts. */
  reached: Promise<CutoffReason>
  /** The same for one reader at a time, as it happens: without a listener on a signal. */
  interrupt: Interruption
  /** Nothing is cut off any more. */
  release(): void
}

/** AbortSignal.any is missing in edge-runtime, and ofetch's own timeout stops at the headers. */
export function createCutoff(timeoutMs: number, signal: AbortSignal | undefined): Cutoff {
  const controller = new AbortController()
  let stop = () => {}
  let cutOff!: (reason: CutoffReason) => void
  const reached = new Promise<CutoffReason>((resolve) => {
    cutOff = (reason) => {
      resolve(reason)
      stop()
      controller.abort(reason === 'abort' ? signal?.reason : new DOMException('too late', 'TimeoutError'))
    }
  })
  const timer = setTimeout(() => cutOff('timeout'), timeoutMs)
  const stopListening = onAbort(signal, () => cutOff('abort'))
  return {
    signal: controller.signal,
    reached,
    interrupt(stopReading) {
      stop = stopReading
      return () => {
        stop = () => {}
      }
    },
    release() {
      clearTimeout(timer)
      stopListening()
    },
  }
}
