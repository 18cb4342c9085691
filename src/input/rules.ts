/** What members of inputs and options may be, in words that all rooms share. */
import { boolean, custom, lazy, nullable, picklist, pipe, regex, string } from 'valibot'
import type { IssueCode } from '../errors/codes.ts'
import { allOf, flaw, json, listOf, recordOf, type Requirement, type Schema, schemaOf } from './schema.ts'

/** A value that passes a test, which is called with whatever was given: if it throws, the value is wrong. */
export function must<T>(
  test: (value: any) => unknown,
  message: string,
  code: IssueCode = 'wrong_type',
): Schema<T> {
  const schema = custom<T>((value) => value !== undefined && value !== null && passes(test, value), message)
  return { ...schema, requirement: { code } satisfies Requirement } as Schema<T>
}

/** A value that a function finds nothing wrong with; where it throws, the value cannot be read. */
export function judged<T>(judge: (value: any) => Flaw | undefined): Schema<T> {
  return schemaOf<T>((value) => {
    const found = judge(value)
    return { value, issues: found ? [flaw(found.message, value, found.code)] : [] }
  })
}

/** What is wrong with a value, in words that do not quote it. */
export interface Flaw {
  code: IssueCode
  message: string
}

function passes(test: (value: any) => unknown, value: unknown): boolean {
  try {
    return Boolean(test(value))
  } catch {
    return false
  }
}

/** What is checked elsewhere, or may be anything. */
export function anything<T>(): Schema<T> {
  return custom<T>(() => true)
}

/** Any text, also an empty one. */
export function text(): Schema<string> {
  return string('must be text')
}

/** Text with something in it besides white space; `null`, as JSON may have it, counts as missing. */
export function filledText(): Schema<string> {
  return pipe(
    // Refuses what is not there: `null` would be of a wrong type otherwise.
    must<string>(() => true, 'is missing', 'missing'),
    string('must be text'),
    must<string>(hasText, 'is empty', 'missing'),
  )
}

function hasText(value: string): boolean {
  return value.trim() !== ''
}

/** Text of a certain form, of which it is also said when it is empty. */
export function filledTextLike(pattern: RegExp, message: string): Schema<string> {
  return pipe(filledText(), regex(pattern, message))
}

/** The schema depends on the value. */
export function either<T>(choose: (value: unknown) => Schema<any>): Schema<T> {
  return lazy(choose) as unknown as Schema<T>
}

/** A value that passes a test of the caller's, where text that does not is of the wrong format. */
export function wellFormed<T>(test: (value: any) => unknown, message: string): Schema<T> {
  const ofText = must<T>(test, message, 'wrong_format')
  const ofOthers = must<T>(test, message, 'wrong_type')
  return either((value) => (typeof value === 'string' ? ofText : ofOthers))
}

export function flag(): Schema<boolean> {
  return boolean('must be true or false')
}

/** What may be null instead. */
export function orNull<T>(schema: Schema<T>): Schema<T | null> {
  return nullable(schema)
}

/** A flag that may be null, as rows of databases have what was not said. */
export function flagOrNull(): Schema<boolean> {
  return nullable(flag()) as unknown as Schema<boolean>
}

export function oneOf<const V extends string | number>(...values: readonly V[]): Schema<V> {
  const names = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)))
  return picklist(values, `must be one of ${names.join(', ')}`) as unknown as Schema<V>
}

/** A list of texts, as a whole right or wrong. */
export function textList({ filled }: { filled: boolean }): Schema<readonly string[]> {
  const areTexts = (list: unknown[]) =>
    list.every((item) => typeof item === 'string' && !(filled && item === ''))
  const message = 'must be a list of texts'
  return allOf(listOf(anything(), message), must(areTexts, message))
}

/** An object of anything that JSON can have. */
export function jsonObject<T extends object = Record<string, any>>(): Schema<T> {
  return recordOf<T>(json())
}

export function callable<T>(): Schema<T> {
  return must<T>((value) => typeof value === 'function', 'must be a function')
}

/** Something with methods, such as a store of the caller's. */
export function withMethods<T>(methods: readonly string[], message: string): Schema<T> {
  return must<T>((value) => methods.every((name) => typeof value[name] === 'function'), message)
}

/** By shape: polyfills and other realms have classes of their own. */
export function abortSignal(): Schema<AbortSignal> {
  return must<AbortSignal>(isSignal, 'must be an AbortSignal')
}

function isSignal(value: Partial<AbortSignal>): boolean {
  const { aborted, addEventListener, removeEventListener } = value
  const methods = [addEventListener, removeEventListener]
  return typeof aborted === 'boolean' && methods.every((method) => typeof method === 'function')
}

export function wholeNumberFrom(least: number): Schema<number> {
  return must<number>(
    (value) => Number.isInteger(value) && value >= least,
    `must be a whole number from ${least}`,
  )
}

export function numberFrom(least: number): Schema<number> {
  return must<number>(
    (value) => typeof value === 'number' && value >= least,
    `must be a number from ${least}`,
  )
}

/** Timers take 31 bits of milliseconds; more would fire at once. */
const LONGEST_MS = 0x7fffffff

/** A number of milliseconds that a timer can wait. */
export function milliseconds(least: number): Schema<number> {
  return must<number>(
    (value) => typeof value === 'number' && value >= least && value <= LONGEST_MS,
    `must be a number from ${least} to ${LONGEST_MS}`,
  )
}

/** ISO 3166-1 alpha-2. */
export const COUNTRY_CODE = { pattern: /^[A-Z]{2}$/, message: 'must be an ISO code of two capital letters' }

export function countryCode(): Schema<string> {
  return filledTextLike(COUNTRY_CODE.pattern, COUNTRY_CODE.message)
}
