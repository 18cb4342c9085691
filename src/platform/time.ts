/** Pauses, and a clock that never goes backwards. */

/** Timers take no more than 31 bits, more would fire at once. */
const MAX_MS = 0x7fffffff

/** Resolves after `ms`, at the latest after 24 days, or rejects at once with the signal's own reason. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal!.reason)
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      },
      Math.min(ms, MAX_MS),
    )
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/**
 * As the work ends, but for an abort from its beginning on, which rejects at once with the signal's own
 * reason: what is deaf to it holds nobody up.
 */
export async function orAborted<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  let onAbort!: () => void
  const aborted = new Promise<never>((_, reject) =>
    signal?.addEventListener?.('abort', (onAbort = () => reject(signal.reason))),
  )
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal?.removeEventListener?.('abort', onAbort)
  }
}

/** Lets whatever else is due go first. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/**
 * The clock's own milliseconds, but for steps back, which count as no time at all; so do readings that are no
 * number.
 */
export function steadyClock(clock: () => number): () => number {
  let seen = NaN
  let behind = 0
  let latest = 0
  return () => {
    const time = clock()
    if (!Number.isFinite(time)) return latest
    if (time < seen) behind += seen - time
    seen = time
    return (latest = time + behind)
  }
}
