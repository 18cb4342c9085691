/** How a run ends: stopped by the caller, or failed by the first error that ends it. */
import { onAbort } from '../platform/abort.ts'

export interface RunEnd {
  /** Aborted once the run ends: no row begins any more, and what only waits gives up. */
  readonly signal: AbortSignal
  /** Aborted with the reason of the caller's `signal`, if there is one: calls under way are cut off. */
  readonly cutOff: AbortSignal | undefined
  /** Ends the run without an error. */
  stop(): void
  /** Ends the run with an error; the first one counts. */
  fail(reason: unknown): void
  /** What was waited for, or `undefined`, without an error, when the run ended meanwhile. */
  orEnded<T>(wait: Promise<T>): Promise<T | undefined>
  throwIfFailed(): void
  /** Takes its listeners off the caller's signals. */
  close(): void
}

/** `stop` ends the run without an error; `signal` with its own reason, and cuts off calls under way. */
export function createRunEnd({
  signal,
  stop,
}: {
  signal: AbortSignal | undefined
  stop: AbortSignal | undefined
}): RunEnd {
  const end = new AbortController()
  const cutOff = signal && new AbortController()
  let failure: { reason: unknown } | undefined

  function fail(reason: unknown): void {
    failure ??= { reason }
    end.abort()
  }
  function stopRun(): void {
    end.abort()
  }
  function failRun(): void {
    fail(signal?.reason)
    cutOff?.abort(signal?.reason)
  }

  const stopListening = [onAbort(signal, failRun), onAbort(stop, stopRun)]
  if (stop?.aborted) stopRun()
  if (signal?.aborted) failRun()
  return {
    signal: end.signal,
    cutOff: cutOff?.signal,
    stop: stopRun,
    fail,
    async orEnded(wait) {
      try {
        return await wait
      } catch (error) {
        if (end.signal.aborted) return undefined
        throw error
      }
    },
    throwIfFailed() {
      if (failure) throw failure.reason
    },
    close() {
      for (const stopOne of stopListening) stopOne()
    },
  }
}
