/** Tells those who only watch: hooks and logs of the caller, which must change nothing. */

/** Calls a hook with a copy of the event. */
export function tell<E extends object, M extends object = object>(
  hook: ((event: E & M) => void) | undefined,
  event: E,
  more?: M,
): void {
  if (hook) quietly(() => hook({ ...event, ...(more as M) }))
}

/** Calls something whose errors, rejections included, are ignored. */
export function quietly(call: () => unknown): void {
  try {
    const returned = call()
    if (returned instanceof Promise) returned.catch(() => {})
  } catch {
    // A log that fails is no failure of the call.
  }
}
