/** How a run ends: stopped by the caller, or failed by the first error that ends it. */

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
  function onStop(): void {
    end.abort()
  }
  function onAbort(): void {
    fail(signal?.reason)
    cutOff?.abort(signal?.reason)
  }

  signal?.addEventListener('abort', onAbort)
  stop?.addEventListener('abort', onStop)
  if (stop?.aborted) onStop()
  if (signal?.aborted) onAbort()
  return {
    signal: end.signal,
    cutOff: cutOff?.signal,
    stop: onStop,
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
      signal?.removeEventListener('abort', onAbort)
      stop?.removeEventListener('abort', onStop)
    },
  }
}
