/** Work that is begun ahead, whose results come in the order of the items. */
import type { Rows } from './input.ts'

export interface WorkInOrder<T, W> {
  items: Rows<T>
  /** Pieces of work under way at once. */
  concurrency: number
  work(item: T): Promise<W>
}

/**
 * Yields the results of `work` in the order of the items, and rejects in the place of the item whose work
 * failed; an error of the source comes after the results of all items before.
 */
export async function* inOrder<T, W>(options: WorkInOrder<T, W>): AsyncGenerator<W, void, undefined> {
  const { items, concurrency, work } = options
  const begun: Promise<W>[] = []
  for await (const taken of takenFrom(items)) {
    const result = 'item' in taken ? work(taken.item) : Promise.reject(taken.error)
    // Nobody may come to ask for it: after an earlier error, or a `break`.
    result.catch(() => {})
    begun.push(result)
    if (begun.length === concurrency) yield await begun.shift()!
  }
  for (const result of begun) yield await result
}

type Taken<T> = { item: T } | { error: unknown }

async function* takenFrom<T>(items: Rows<T>): AsyncGenerator<Taken<T>, void, undefined> {
  try {
    for await (const item of items) yield { item }
  } catch (error) {
    yield { error }
  }
}
