/** Tells those who only watch. */

/** Calls what only watches, with a copy. */
export function tell<E extends object, M extends object = object>(
  hook: ((event: E & M) => void) | undefined,
  event: E,
  more?: M,
): void {
  quietly(() => hook?.({ ...event, ...(more as M) }))
}

/** A log must change nothing, whatever it does. */
export function quietly(call: () => unknown): void {
  try {
    const returned = call()
    if (returned instanceof Promise) returned.catch(() => {})
  } catch {}
}
