/** A few pieces of work at once, as an async iterable of what comes of them. */

/** What ends a run early: those under way finish, and nothing new begins. */
export interface Halt {
  /** Ends whatever only waits. */
  readonly signal: AbortSignal
  /** The first one given; the run rejects with it in the end. */
  readonly failure: { reason: unknown } | undefined
  fail(reason: unknown): void
  stop(): void
}

export function createHalt(): Halt {
  const controller = new AbortController()
  let failure: Halt['failure']
  return {
    signal: controller.signal,
    get failure() {
      return failure
    },
    fail(reason) {
      failure ??= { reason }
      controller.abort()
    },
    stop: () => controller.abort(),
  }
}

/**
 * Yields in order of completion what `work` resolves to, but for `undefined`.
 *
 * An item is pulled when there is room for it, and the consumer makes room: no more than `concurrency` are between source and consumer. A failure, of
 * the source or of work, is thrown once everything under way has ended and been yielded; `break` waits for those under way, too.
 */
export async function* pooled<T, O>(source: AsyncGenerator<T>, concurrency: number, halt: Halt, work: (item: T) => Promise<O | undefined>): AsyncGenerator<O, void, undefined> {
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
        const task = run(value).then(() => {
          running.delete(task)
          wake()
        })
        running.add(task)
      }
    } catch (error) {
      ended = true
      halt.fail(error)
    }
    pulling = false
    wake()
  }

  async function run(item: T): Promise<void> {
    try {
      const outcome = await work(item)
      if (outcome !== undefined) ready.push(outcome)
    } catch (error) {
      halt.fail(error)
    }
  }

  const onHalt = () => wake()
  halt.signal.addEventListener('abort', onHalt)
  try {
    for (;;) {
      const open = !ended && !halt.signal.aborted
      if (open && !pulling && running.size + ready.length < concurrency) void pull()
      if (ready.length) yield ready.shift()!
      else if (running.size || (open && pulling)) await new Promise<void>((resolve) => (wake = resolve))
      else break
    }
    if (halt.failure) throw halt.failure.reason
  } finally {
    halt.stop()
    await Promise.all(running)
    const closed = source.return(undefined).catch(() => {})
    // A source that was asked for a row answers this only after that, which may be never.
    if (!pulling) await closed
  }
}
