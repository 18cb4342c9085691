/**
 * How inputs are described and checked: valibot's schemas, held to the hand-written interfaces by the
 * compiler, and what does not fit them as issues of our own.
 */
import {
  type BaseIssue,
  type GenericSchema,
  pipe,
  safeParse,
  unknown,
  optional as valibotOptional,
} from 'valibot'
import type { InputIssue, IssueCode } from '../errors/codes.ts'
import { isArray } from '../platform/realms.ts'
import { copyAsJson } from './json-copy.ts'
import { isObject, type Members } from './objects.ts'

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

/**
 * A member of a closed object that is checked elsewhere, such as a photo, or one whose rules depend on
 * others. It is read here, and no more.
 */
export function elsewhere(): OptionalSchema<any> {
  return unknown() as unknown as OptionalSchema<any>
}

/** An object with these members, in which others are not looked at. */
export function openObjectOf<T extends object>(entries: Entries<T>): Schema<T> {
  return objectSchema(entries, 'ignored')
}

/** An object with these members and no others. Those others are not even read: reading may do something. */
export function objectOf<T extends object>(entries: Entries<T>): Schema<T> {
  return objectSchema(entries, 'refused')
}

/** An object with these members, and any others that JSON can have: it is sent as it is. */
export function wireObjectOf<T extends object>(entries: Entries<T>): Schema<T> {
  return objectSchema(entries, json())
}

/** An object with these members, in which all others are of one kind. */
export function recordOf<T extends object>(
  others: Schema<any>,
  entries: Partial<Entries<T>> = {},
): Schema<T> {
  return objectSchema(entries as unknown as Entries<T>, others)
}

/** A value that passes one schema after the other, each time as the copy of the one before. */
export function allOf<T>(...schemas: [Schema<any>, ...Schema<any>[]]): Schema<T> {
  return pipe(...(schemas as [GenericSchema, GenericSchema])) as unknown as Schema<T>
}

/** What JSON can have. */
export function json<T>(): Schema<T> {
  return schemaOf<T>((value) => {
    if (typeof value === 'string') return { value, issues: [] }
    const copied = copyAsJson(value)
    if (copied.ok) return { value: copied.value, issues: [] }
    // Nobody is to touch it again.
    return { value: undefined, issues: [flaw(copied.message, null)] }
  })
}

export function listOf<T>(item: Schema<T>, message: string): Schema<readonly T[]> {
  return schemaOf((input, config) => {
    if (!isArray(input) || input.length > MAX_ITEMS) return { value: [], issues: [flaw(message, input)] }
    const issues: Issue[] = []
    const value: unknown[] = []
    const { length } = input
    for (let key = 0; key < length; key++) {
      value.push(runMember(item, { input, key, type: 'array', issues, config }))
    }
    return { value, issues }
  })
}

/** More would take as long as a hang does: a proxy has as many as it says. */
const MAX_ITEMS = 100_000

function objectSchema<T extends object>(
  entries: Entries<T>,
  others: 'refused' | 'ignored' | Schema<any>,
): Schema<T> {
  const schemas: Record<string, GenericSchema> = entries
  const known = Object.keys(schemas)
  // Not `__proto__`, which would be no member.
  const isCopied = (name: string) => typeof others !== 'string' && name !== '__proto__'
  return schemaOf((input, config) => {
    if (!isObject(input)) return { value: {}, issues: [flaw('must be an object', input)] }
    const issues: Issue[] = []
    const value: Members = {}
    const more: string[] = []
    // Members stay in the order in which they were given, issues come in that of the schema.
    for (const name of Object.keys(input)) {
      const isKnown = Object.hasOwn(schemas, name)
      if (!isKnown) more.push(name)
      if (isKnown || isCopied(name)) value[name] = undefined
    }
    for (const key of known) {
      const member = runMember(schemas[key]!, { input, key, type: 'object', issues, config })
      // A class has its getters on the prototype.
      if (member !== undefined) value[key] = member
    }
    for (const key of more) {
      if (others === 'refused') issues.push(unknownMember(key))
      else if (others !== 'ignored' && isCopied(key)) {
        value[key] = runMember(others, { input, key, type: 'object', issues, config })
      }
    }
    return { value, issues }
  })
}

type Issue = BaseIssue<unknown>
type Config = Parameters<GenericSchema['~run']>[1]
type Run = (input: unknown, config: Config) => { value: unknown; issues: Issue[] }

/** A schema of valibot's that copies as it reads. */
export function schemaOf<T>(run: Run): Schema<T> {
  const schema: GenericSchema = {
    ...unknown(),
    '~run'(dataset, config) {
      const { value, issues } = run(dataset.value, config)
      if (!issues.length) return { typed: true, value }
      return { typed: false, value, issues: issues as [Issue, ...Issue[]] }
    },
  }
  return schema as unknown as Schema<T>
}

interface MemberRun {
  input: object
  key: string | number
  type: 'object' | 'array'
  /** Takes those of the member. */
  issues: Issue[]
  config: Config
}

/** Reads a member, the only time, and checks it; the copy that it passed as. */
function runMember(schema: GenericSchema, { input, key, type, issues, config }: MemberRun): unknown {
  let found: readonly Issue[]
  let value: unknown
  try {
    const result = schema['~run']({ value: (input as any)[key] }, config)
    found = result.issues ?? []
    value = result.value
  } catch {
    found = [flaw('cannot be read', null)]
  }
  for (const issue of found) {
    const path = [{ type, key } as never, ...(issue.path ?? [])] as unknown as NonNullable<Issue['path']>
    issues.push({ ...issue, path })
  }
  return value
}

function unknownMember(key: string): Issue {
  const path = [{ type: 'object', key }] as unknown as NonNullable<Issue['path']>
  return { ...flaw('is not known here', key, 'not_allowed'), path }
}

export function flaw(message: string, input: unknown, code: IssueCode = 'wrong_type'): Issue {
  const requirement: Requirement = { code }
  return { kind: 'schema', type: 'custom', input, expected: null, received: '', message, requirement }
}

/** What our own rules put into valibot's `requirement`, which it hands on to their issues. */
export interface Requirement {
  code: IssueCode
}

/** What was found wrong, and the copy that was checked: what was given is never read again. */
export interface Checked<T> {
  issues: InputIssue[]
  /** Plain objects and lists; a T where there are no issues. */
  value: T
}

/**
 * Reads a value, the only time, and lists everything that is wrong with it; `at` is where it stands in the
 * call, such as `options`, and begins the paths of its issues.
 */
export function check<T>(schema: Schema<T>, given: unknown, at = ''): Checked<T> {
  try {
    const { issues = [], output } = safeParse(schema, given, { abortPipeEarly: true })
    return { issues: issues.map((issue) => inputIssue(issue, at)), value: output as T }
  } catch {
    return { issues: [inputIssue(flaw('cannot be read', null), at)], value: {} as T }
  }
}

/** Everything that is wrong with a value of which nothing more is wanted. */
export function issuesOf<T>(schema: Schema<T>, given: unknown, at = ''): InputIssue[] {
  return check(schema, given, at).issues
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
