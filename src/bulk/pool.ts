/** A few pieces of work at once, as an async iterable of what comes of them. */

/**
 * Yields in order of completion what `work` resolves to, but for `undefined`.
 *
 * An item is pulled when there is room for it, and the consumer makes room: no more than `concurrency` are
 * between source and consumer. Once `halt` is aborted nothing new begins, and it ends when all that is under
 * way has ended and been yielded. So it does after an error of the source or of work, which is handed to
 * `fail`; `break` waits for what is under way, too.
 */
export async function* pooled<T, O>(
  source: AsyncGenerator<T>,
  concurrency: number,
  halt: AbortController,
  fail: (error: unknown) => void,
  work: (item: T) => Promise<O | undefined>,
): AsyncGenerator<O, void, undefined> {
  const ready: O[] = []
  const running = new Set<Promise<void>>()
  let pulling = false
  let ended = false
  let wake = () => {}

  async function pull(): Promise<void> {
    pulling = true
    try {
      const { done, value } = await source.next()
      if (done) ended = true
      else if (!halt.signal.aborted) {
        const task = work(value)
          .then((outcome) => void (outcome === undefined || ready.push(outcome)))
          .catch(fail)
          .then(() => {
            running.delete(task)
            wake()
          })
        running.add(task)
      }
    } catch (error) {
      fail(error)
    }
    pulling = false
    wake()
  }

  halt.signal.addEventListener('abort', () => wake())
  try {
    for (;;) {
      const open = !ended && !halt.signal.aborted
      if (open && !pulling && running.size + ready.length < concurrency) void pull()
      if (ready.length) yield ready.shift()!
      else if (running.size || (open && pulling)) await new Promise<void>((resolve) => (wake = resolve))
      else break
    }
  } finally {
    halt.abort()
    await Promise.all(running)
    const closed = source.return(undefined).catch(() => {})
    // A source that was asked for a row answers this only after that, which may be never.
    if (!pulling) await closed
  }
}
