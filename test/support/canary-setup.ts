/**
 * Before each test file: whatever is printed, and every error of the SDK whether or not a test looks at it,
 * is searched for what must never come out.
 */
import { afterEach, beforeEach } from 'vitest'
import { printed, type Trace, tracesIn } from './canary'

interface Util {
  inspect(value: unknown, options: object): string
}
const inspect = (
  globalThis as { process?: { getBuiltinModule?(name: string): Util | undefined } }
).process?.getBuiltinModule?.('node:util')?.inspect

const found: (Trace & { place: string })[] = []
const errors = new Set<Error>()
let expected = false
let made = 0

/** For the self-test, which plants leaks: what was found meanwhile, instead of a failed test. */
export function collectTraces(): () => (Trace & { place: string })[] {
  expected = true
  return () => {
    searchErrors()
    expected = false
    return found.splice(0)
  }
}

/** What is found fails the test under way. */
export const report = (traces: readonly (Trace & { place: string })[]): void => void found.push(...traces)
const search = (place: string, text: string) => report(tracesIn(text).map((trace) => ({ ...trace, place })))

// SDK errors are made by the global Error, or extend it.
globalThis.Error = new Proxy(Error, {
  construct(target, args, newTarget) {
    const error = Reflect.construct(target, args, newTarget) as Error
    // Of the hundred thousand that some tests make, the first ones and a share of the others.
    if (made++ < 200 || made % 100 === 0) errors.add(error)
    return error
  },
})

function searchErrors(): void {
  // Only now: members are set after an error is made.
  for (const error of errors)
    if (/^SmileId\w+Error$/.test(error.name))
      search(`${error.name} ${(error as { code?: string }).code}`, printed(error, inspect))
  errors.clear()
}

for (const name of ['log', 'info', 'warn', 'error', 'debug', 'dir', 'table', 'trace'] as const) {
  const print = console[name].bind(console) as (...args: unknown[]) => void
  console[name] = (...args: unknown[]) => {
    search(
      `console.${name}`,
      args.map((arg) => (typeof arg === 'string' ? arg : printed(arg, inspect))).join(' '),
    )
    print(...args)
  }
}

beforeEach(() => {
  errors.clear()
  made = 0
})
afterEach(() => {
  if (expected) return
  searchErrors()
  const traces = found.splice(0)
  if (traces.length === 0) return
  // No marker itself: this text is printed.
  const places = traces.map(({ marker, form, place }) => `${marker} (${form}) in ${place}`)
  throw new Error(`a secret came out: ${places.join('; ')}`)
})
