/** valibot's issues become ours. Its texts quote what they received, so every message here is one of our own. */
import { custom, type GenericSchema, type InferOutput, optional, safeParse } from 'valibot'
import type { InputIssue } from './errors.ts'
import { UNKNOWN } from './options.ts'

/** Made at its first use: a schema that is made at import costs every cold start. */
export const lazy = /* @__PURE__ */ <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => made ??= make()
}

/** The value if it fits the schema, and everything that does not. */
export function check<S extends GenericSchema>(schema: S, value: unknown): { output?: InferOutput<S>; issues: InputIssue[] } {
  const { success, output, issues = [] } = safeParse(schema, value)
  return {
    ...success && { output },
    issues: issues.map(({ path, received, expected, input, message }) => ({
      path: path?.map(({ key }) => key).join('.') ?? 'input',
      ...received === 'undefined' ? { code: 'missing', message: 'is missing' }
        : expected === 'never' ? UNKNOWN
        : { code: typeof input === 'string' ? 'wrong_format' : 'wrong_type', message },
    } as InputIssue)),
  }
}

/** A member that fits `test`. */
export const is = /* @__PURE__ */ <T>(test: (value: any) => unknown, message: string) => custom<T>((value) => !!test(value), message)

/** A member that may be left out. */
export const may = /* @__PURE__ */ <T>(test: (value: any) => unknown, message: string) => optional(is<T>(test, message))
