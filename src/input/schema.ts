/**
 * How inputs are described and checked: valibot's schemas, held to the hand-written interfaces by the
 * compiler, and what does not fit them as issues of our own.
 */
import {
  type BaseIssue,
  type GenericSchema,
  object,
  safeParse,
  unknown,
  optional as valibotOptional,
} from 'valibot'
import type { InputIssue, IssueCode } from '../errors/codes.ts'
import { isObject } from './objects.ts'

/** Describes a value of this type; what fits goes through unchanged. */
export type Schema<T> = GenericSchema<T>

/** A member that may be left out. */
export type OptionalSchema<T> = Schema<T | undefined> & { readonly type: 'optional' }

/**
 * A schema for each named member of an interface, no more and no fewer: a member that the interface lets out
 * must be optional here, too.
 */
export type Entries<T> = {
  [name in keyof T as string extends name ? never : name]-?: undefined extends T[name]
    ? OptionalSchema<T[name]>
    : Schema<T[name]>
}

/** Makes a schema at its first use: importing a room costs nothing, and unused schemas leave no trace. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

export function optional<T>(schema: Schema<T>): OptionalSchema<T> {
  return valibotOptional(schema) as unknown as OptionalSchema<T>
}

const ELSEWHERE = /* @__PURE__ */ unknown()

/**
 * A member of a closed object that is checked elsewhere, such as a photo, or one whose rules depend on
 * others. It is not even read here, and stands in no value that `check` returns.
 */
export function elsewhere(): OptionalSchema<any> {
  return ELSEWHERE as unknown as OptionalSchema<any>
}

/** An object with these members, in which others are not looked at. */
export function openObjectOf<T extends object>(entries: Entries<T>): Schema<T> {
  return object(entries, 'must be an object') as unknown as Schema<T>
}

/** An object with these members and no others. Those others are not even read: reading may do something. */
export function objectOf<T extends object>(entries: Entries<T>): Schema<T> {
  const all: Record<string, GenericSchema> = entries
  const read = Object.entries(all).filter(([, schema]) => schema !== ELSEWHERE)
  const known = object(Object.fromEntries(read), 'must be an object')
  const closed: typeof known = {
    ...known,
    '~run'(dataset, config) {
      const input = dataset.value
      // For valibot an array is an object, too; for its caller it is a mistake.
      if (Array.isArray(input)) return known['~run']({ ...dataset, value: 'an array' }, config)
      const checked = known['~run'](dataset, config)
      if (!isObject(input)) return checked
      const others = Object.keys(input).filter((name) => !Object.hasOwn(entries, name))
      if (!others.length) return checked
      const issues = others.map((key) => unknownMember(input, key))
      return { typed: false, value: checked.value, issues: [...(checked.issues ?? []), ...issues] } as never
    },
  }
  return closed as unknown as Schema<T>
}

function unknownMember(input: object, key: string): BaseIssue<unknown> {
  return {
    kind: 'validation',
    type: 'unknown_member',
    input: key,
    expected: null,
    received: 'member',
    message: 'is not known here',
    requirement: { code: 'not_allowed' } satisfies Requirement,
    path: [{ type: 'object', origin: 'key', input: input as Record<string, unknown>, key, value: undefined }],
  }
}

/** What our own rules put into valibot's `requirement`, which it hands on to their issues. */
export interface Requirement {
  code: IssueCode
}

/**
 * Everything that is wrong with a value; `at` is where it stands in the call, such as `options`, and begins
 * the paths of its issues.
 */
export function issuesOf<T>(schema: Schema<T>, value: unknown, at = ''): InputIssue[] {
  const { issues = [] } = safeParse(schema, value, { abortPipeEarly: true })
  return issues.map((issue) => inputIssue(issue, at))
}

/** valibot's own texts quote what was given: of an issue, only our own message goes further. */
function inputIssue(issue: BaseIssue<unknown>, at: string): InputIssue {
  const path = pathOf(issue, at)
  if (issue.input === undefined) return { path, code: 'missing', message: 'is missing' }
  return { path, code: codeOf(issue), message: issue.message }
}

function codeOf({ type, requirement }: BaseIssue<unknown>): IssueCode {
  if (isObject(requirement) && 'code' in requirement) return (requirement as unknown as Requirement).code
  return type === 'picklist' || type === 'regex' ? 'wrong_format' : 'wrong_type'
}

/** As it is written in code: `id_info.id_number`, `images.liveness[2]`. */
function pathOf({ path }: BaseIssue<unknown>, at: string): string {
  let text = at
  for (const { type, key } of path ?? []) {
    if (type === 'array') text += `[${String(key)}]`
    else text += text ? `.${String(key)}` : String(key)
  }
  return text || 'input'
}
