/** Pauses, work that ends early at an abort, and a clock that never goes backwards. */
import { onAbort } from './abort.ts'

/** Timers take no more than 31 bits: longer ones would fire at once. */
const MAX_TIMER_MS = 0x7fffffff

/** Resolves after `ms` milliseconds, at most 24 days. An abort rejects at once with the signal's reason. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const onTimeout = () => {
      stopListening()
      resolve()
    }
    const timer = setTimeout(onTimeout, Math.min(ms, MAX_TIMER_MS))
    const stopListening = onAbort(signal, () => {
      clearTimeout(timer)
      reject(signal!.reason)
    })
  })
}

/**
 * Settles as the work does. An abort that comes after the work has begun rejects at once with the signal's
 * reason, even if the work does not listen to the signal.
 */
export async function orAborted<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  let stopListening = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stopListening = onAbort(signal, () => reject(signal!.reason))
  })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    stopListening()
  }
}

/** By what every signal has: older polyfills have no method for it. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason
}

/** Lets other tasks that are due run first. */
export function nextTask(): Promise<void> {
  // Node, Bun and Deno have it; a timer takes a millisecond at least.
  const { setImmediate } = globalThis as { setImmediate?(run: () => void): unknown }
  return new Promise((resolve) => void (setImmediate ?? setTimeout)(resolve))
}

/**
 * Lets all that is due in this turn of the event loop run first: by messages, which come sooner than timers.
 * Where there are none, nothing is waited for.
 */
export function nextTurn(): Promise<void> {
  if (typeof MessageChannel === 'undefined') return Promise.resolve()
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    const onMessage = () => {
      port1.close()
      resolve()
    }
    port1.addEventListener('message', onMessage)
    port1.start()
    port2.postMessage(undefined)
  })
}

/**
 * A clock in milliseconds that follows the given one, but never goes backwards: it stands still when the
 * given one is set back, and when it returns no finite number.
 */
export function steadyClock(clock: () => number): () => number {
  let lastReading = NaN
  let setBackBy = 0
  let latest = 0
  return () => {
    const reading = clock()
    if (!Number.isFinite(reading)) return latest
    if (reading < lastReading) setBackBy += lastReading - reading
    lastReading = reading
    latest = reading + setBackBy
    return latest
  }
}
