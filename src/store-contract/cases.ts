/** Cases of a contract, and how they say that it is not kept. */

import { throwIfAny } from '../errors/issues.ts'
import { callable } from '../input/rules.ts'
import { issuesOf } from '../input/schema.ts'

/** One thing that a store must do. */
export interface StoreCase {
  /** What it is, such as `gives a row to one of those who claim it at once`. */
  readonly name: string
  /** Resolves when the store does it; rejects with an error that says what it did instead. */
  run(): Promise<void>
}

/** A case over a place that no other case, and no other process, has. */
export function storeCase(name: string, run: (place: string) => Promise<void>): StoreCase {
  return {
    name,
    run: () => run(`contract_${crypto.randomUUID().replaceAll('-', '')}`),
  }
}

/** @throws {Error} what is there is not what must be there. */
export function mustBe(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [textOf(actual), textOf(expected)]
  if (is !== should) throw new Error(`${what}: must be ${should}, and is ${is}`)
}

/** Members in their order by name, and without those that are undefined. */
function textOf(value: unknown): string {
  const sorted = (_: string, part: unknown): unknown =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part
  return JSON.stringify(value, sorted) ?? 'undefined'
}

/** @throws {SmileIdInputError} `invalid_input`: it opens nothing. */
export function checkOpener(open: unknown): void {
  throwIfAny(issuesOf(callable(), open ?? null, 'open'))
}

/** What a promise rejects with; `undefined` where it does not. */
export async function rejectionOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
    return undefined
  } catch (error) {
    return error
  }
}

export function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}
