/** valibot's issues become ours. Its texts quote what they received, so every message here is one of our own. */
import { custom, type GenericSchema, type InferOutput, optional, safeParse, strictObject } from 'valibot'
import type { InputIssue } from './errors.ts'

/** The value if it fits the schema, and everything that does not. */
export function check<S extends GenericSchema>(schema: S, value: unknown, root?: string): { output?: InferOutput<S>; issues: InputIssue[] } {
  const { success, output, issues = [] } = safeParse(schema, value)
  return {
    ...success && { output },
    issues: issues.map(({ path = [], received, expected, input, message }) => ({
      path: path.reduce((text, { key }) => typeof key === 'number' ? `${text}[${key}]` : text && `${text}.${key}` || `${key}`, root ?? '') || 'input',
      ...received === 'undefined' ? { code: 'missing', message: 'is missing' }
        : expected === 'never' ? { code: 'not_allowed', message: 'is not known here' }
        : { code: typeof input === 'string' ? 'wrong_format' : 'wrong_type', message },
    } as InputIssue)),
  }
}

/** A member that fits `test`. */
export const is = /* @__PURE__ */ <T>(test: (value: any) => unknown, message: string) => custom<T>((value) => !!test(value), message)

/** A member that may be left out. */
export const may = /* @__PURE__ */ <T>(test: (value: any) => unknown, message: string) => optional(is<T>(test, message))

/** A number of milliseconds: timers take no more than 31 bits, more would fire at once. */
const duration = (least: number) => may<number>((ms) => ms >= least && ms <= 0x7fffffff && ms.toFixed, `must be a number from ${least} to 2147483647`)

/** The members that client and call options share. */
export const limits = /* @__PURE__ */ (() => ({
  timeoutMs: duration(1),
  maxRetries: may<number>((count) => Number.isInteger(count) && count >= 0, 'must be a whole number from 0'),
  maxRetryDelayMs: duration(0),
}))()

/** Options of a call, with more members where it takes more. */
export const requestOptions = (more: Record<string, GenericSchema> = {}) =>
  strictObject({ ...limits, signal: may<AbortSignal>((value) => value?.addEventListener, 'must be an AbortSignal'), ...more }, 'must be an object')

const Options = /* @__PURE__ */ requestOptions()

export const optionIssues = (options: unknown): InputIssue[] => check(Options, options, 'options').issues
