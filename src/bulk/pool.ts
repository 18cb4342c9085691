/** A few pieces of work at once, as an async iterable of their results. */
import type { RunEnd } from './run-end.ts'

export interface Pool<T, O> {
  source: AsyncGenerator<T>
  /** The most items between source and consumer. */
  concurrency: number
  end: Pick<RunEnd, 'signal' | 'stop' | 'fail'>
  /** `undefined`: there is nothing to yield. */
  work(item: T): Promise<O | undefined>
}

/**
 * Yields the results of `work` in order of completion.
 *
 * An item is pulled when there is room for it, and the consumer makes room. Once the run ends nothing new
 * begins, and the iterable ends when all that is under way has ended and been yielded. An error of the source
 * or of the work ends the run; `break` does so, too, and waits for what is under way.
 */
export async function* pooled<T, O>(pool: Pool<T, O>): AsyncGenerator<O, void, undefined> {
  const { source, concurrency, end } = pool
  const results: O[] = []
  const running = new Set<Promise<void>>()
  let pulling = false
  let sourceEnded = false
  let wake = () => {}

  async function begin(item: T): Promise<void> {
    try {
      const result = await pool.work(item)
      if (result !== undefined) results.push(result)
    } catch (error) {
      end.fail(error)
    }
  }

  async function pull(): Promise<void> {
    pulling = true
    try {
      const { done, value } = await source.next()
      if (done) sourceEnded = true
      else if (!end.signal.aborted) {
        const task = begin(value).then(() => {
          running.delete(task)
          wake()
        })
        running.add(task)
      }
    } catch (error) {
      end.fail(error)
    }
    pulling = false
    wake()
  }

  end.signal.addEventListener('abort', () => wake())
  try {
    for (;;) {
      const isOpen = !sourceEnded && !end.signal.aborted
      if (isOpen && !pulling && running.size + results.length < concurrency) void pull()
      const result = results.shift()
      if (result !== undefined) yield result
      else if (running.size || (isOpen && pulling)) await new Promise<void>((resolve) => (wake = resolve))
      else break
    }
  } finally {
    end.stop()
    await Promise.all(running)
    const closed = source.return(undefined).catch(() => {})
    // A source that was asked for a row answers this only after that, which may be never.
    if (!pulling) await closed
  }
}
