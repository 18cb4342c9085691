/** Before each test file: whatever is printed, and every error of the SDK whether or not a test looks at it, is searched for what must never come out. */
import { afterEach, beforeEach } from 'vitest'
import { printed, type Trace, tracesIn } from './canary'
import { searchFolder } from './canary-files.mjs'

interface Builtins { getBuiltinModule?(name: string): any }
const builtin = (name: string) => (globalThis as { process?: Builtins }).process?.getBuiltinModule?.(name)
const inspect = builtin('node:util')?.inspect as ((value: unknown, options: object) => string) | undefined

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

const search = (place: string, text: string) => void found.push(...tracesIn(text).map((trace) => ({ ...trace, place })))

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
  for (const error of errors) if (/^SmileId\w+Error$/.test(error.name)) search(`${error.name} ${(error as { code?: string }).code}`, printed(error, inspect))
  errors.clear()
}

for (const name of ['log', 'info', 'warn', 'error', 'debug', 'dir', 'table', 'trace'] as const) {
  const print = console[name].bind(console) as (...args: unknown[]) => void
  console[name] = (...args: unknown[]) => {
    search(`console.${name}`, args.map((arg) => (typeof arg === 'string' ? arg : printed(arg, inspect))).join(' '))
    print(...args)
  }
}

// What a test leaves in its folder is looked through just before it takes the folder away.
const fs = builtin('node:fs')
if (fs && !(globalThis as Builtins & { Deno?: unknown }).Deno) {
  const look = (path: unknown) => void (typeof path === 'string' && found.push(...searchFolder(fs, path, tracesIn).found))
  const { rmSync } = fs
  fs.rmSync = (path: unknown, ...rest: unknown[]) => (look(path), rmSync(path, ...rest))
  const { rm } = fs.promises
  fs.promises.rm = (path: unknown, ...rest: unknown[]) => (look(path), rm(path, ...rest))
  builtin('node:module').syncBuiltinESMExports()
}

beforeEach(() => {
  errors.clear()
  made = 0
})
afterEach(() => {
  if (expected) return
  searchErrors()
  const traces = found.splice(0)
  // No marker itself: this text is printed.
  if (traces.length) throw new Error(`a secret came out: ${traces.map(({ marker, form, place }) => `${marker} (${form}) in ${place}`).join('; ')}`)
})
