/**
 * Before each test file: whatever is printed, and every error of the SDK whether or not a test looks at it,
 * is searched for what must never come out.
 */
import { afterAll, afterEach, beforeEach } from 'vitest'
import { printed, type Trace, tracesIn } from './canary'

interface Util {
  inspect(value: unknown, options: object): string
}
const inspect = (
  globalThis as { process?: { getBuiltinModule?(name: string): Util | undefined } }
).process?.getBuiltinModule?.('node:util')?.inspect

type Found = Trace & { place: string }

interface Watch {
  found: Found[]
  errors: Set<Error>
  /** Of errors, since the test began. */
  made: number
  /** A leak was planted, and is no failure. */
  expected: boolean
}

/** Files may share a process, which is watched once. */
const WATCH = Symbol.for('smileid-edge.canary-watch')
const known = globalThis as { [WATCH]?: Watch }
const watch = known[WATCH] ?? { found: [], errors: new Set(), made: 0, expected: false }

/** For the self-test, which plants leaks: what was found meanwhile, instead of a failed test. */
export function collectTraces(): () => Found[] {
  watch.expected = true
  return () => {
    searchErrors()
    watch.expected = false
    return watch.found.splice(0)
  }
}

/** What is found fails the test under way. */
export const report = (traces: readonly Found[]): void => void watch.found.push(...traces)
const search = (place: string, text: string) => report(tracesIn(text).map((trace) => ({ ...trace, place })))

if (!known[WATCH]) {
  known[WATCH] = watch
  watchErrors()
  watchConsole()
}

/** SDK errors are made by the global Error, or extend it. */
function watchErrors(): void {
  globalThis.Error = new Proxy(Error, {
    construct(target, args, newTarget) {
      const error = Reflect.construct(target, args, newTarget) as Error
      // Of the hundred thousand that some tests make, the first ones and a share of the others.
      if (watch.made++ < 200 || watch.made % 100 === 0) watch.errors.add(error)
      return error
    },
  })
}

function searchErrors(): void {
  // Only now: members are set after an error is made.
  for (const error of watch.errors)
    if (/^SmileId\w+Error$/.test(error.name))
      search(`${error.name} ${(error as { code?: string }).code}`, printed(error, inspect))
  watch.errors.clear()
}

function watchConsole(): void {
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
}

beforeEach(() => {
  watch.errors.clear()
  watch.made = 0
})
afterEach(() => {
  if (watch.expected) return
  searchErrors()
  failIfFound()
})
// Most files take their folder away last.
afterAll(failIfFound)

function failIfFound(): void {
  const traces = watch.found.splice(0)
  if (traces.length === 0) return
  // No marker itself: this text is printed.
  const places = traces.map(({ marker, form, place }) => `${marker} (${form}) in ${place}`)
  throw new Error(`a secret came out: ${places.join('; ')}`)
}
