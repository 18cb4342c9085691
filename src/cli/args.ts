/** Command lines, read against a description of flags; every problem is listed. */
import { parseArgs } from 'node:util'
import type { InputIssue } from '../errors.ts'
import { issue, missing, throwIfAny } from '../errors/issues.ts'

/**
 * What a flag takes: nothing, text, one of a list, a whole number from 1, a number above 0, or a time
 * (`500ms`, `30s`, `5m`, `2h`), which is read as milliseconds.
 */
type Kind = 'switch' | 'text' | 'count' | 'number' | 'duration' | readonly string[]

interface Flag {
  kind: Kind
  help: string
  /** What stands for the value in the help. */
  value?: string | undefined
  short?: string | undefined
  /** Can be given again: the value is a list. */
  many?: true | undefined
}

export type Flags = Readonly<Record<string, Flag>>

type ValueOf<K extends Kind> = K extends 'switch'
  ? boolean
  : K extends 'text'
    ? string
    : K extends readonly (infer T)[]
      ? T
      : number

export type Given<F extends Flags> = {
  [N in keyof F]?: F[N] extends { many: true } ? readonly ValueOf<F[N]['kind']>[] : ValueOf<F[N]['kind']>
}

/** Rejects with `invalid_input`; an issue's path is the flag as typed. Values are never quoted. */
export function readArgs<F extends Flags>(
  args: readonly string[],
  flags: F,
  operands: readonly string[],
): { given: Given<F>; words: string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(flags).map(([name, { kind, short }]) => [
        name,
        { type: kind === 'switch' ? 'boolean' : 'string', ...(short && { short }) },
      ]),
    ),
  })
  const issues: InputIssue[] = []
  const given: Record<string, unknown> = {}
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const { name, rawName: path, value, inlineValue } = token
    const flag = Object.hasOwn(flags, name) ? flags[name]! : undefined
    const again = Object.hasOwn(given, name)
    const issue = !flag
      ? { code: 'not_allowed' as const, message: unknown(name, flags) }
      : again && !flag.many
        ? { code: 'duplicate' as const, message: 'was given twice' }
        : undefined
    if (issue) issues.push({ path, ...issue })
    else
      issues.push(
        ...read(
          path,
          flag!,
          value,
          inlineValue ?? false,
          (read) => (given[name] = flag!.many ? [...(again ? (given[name] as unknown[]) : []), read] : read),
        ),
      )
  }
  // The word after a flag that is not known may be its value: then nobody can count.
  if (issues.every(({ code }) => code !== 'not_allowed')) issues.push(...countIssues(words, operands))
  throwIfAny(issues)
  return { given: given as Given<F>, words }
}

function countIssues({ length }: readonly string[], operands: readonly string[]): InputIssue[] {
  if (length > operands.length)
    return [
      issue(
        `word ${operands.length + 1}`,
        'not_allowed',
        operands.length
          ? `is too many: ${operands.join(' ')} ${operands.length > 1 ? 'are' : 'is'} all`
          : 'is not known here',
      ),
    ]
  return operands
    .filter((name) => !name.startsWith('['))
    .slice(length)
    .map((path) => missing(path))
}

function unknown(name: string, flags: Flags): string {
  if (/^(api-?)?key$/i.test(name))
    return 'does not exist: all users of a machine see command lines; set SMILE_ID_API_KEY, or write it to .env'
  const near = Object.keys(flags)
    .map((known) => ({ known, far: distance(name, known) }))
    .sort((a, b) => a.far - b.far)[0]
  return near && near.far <= 2 ? `is not known; did you mean --${near.known}?` : 'is not known'
}

function read(
  path: string,
  { kind, value: shown = 'VALUE' }: Flag,
  text: string | undefined,
  inline: boolean,
  keep: (value: unknown) => void,
): InputIssue[] {
  const wrong = (message: string): InputIssue[] => [issue(path, 'wrong_format', message)]
  if (kind === 'switch') return inline ? wrong('takes no value') : (keep(true), [])
  // What begins with a dash is the next flag, unless it is tied on with an equals sign; a dash alone is
  // standard input.
  if (!text || (!inline && /^-./.test(text)))
    return [issue(path, 'missing', `needs a value: ${path} ${shown}`)]
  if (typeof kind === 'object')
    return kind.includes(text) ? (keep(text), []) : wrong(`must be ${kind.join(' or ')}`)
  if (kind === 'text') return (keep(text), [])
  const number = kind === 'duration' ? milliseconds(text) : Number(text)
  if (kind === 'duration')
    return number > 0 && number <= 0x7fffffff
      ? (keep(number), [])
      : wrong('must be a time such as 500ms, 30s, 5m or 2h')
  if (kind === 'count')
    return /^\d+$/.test(text) && number > 0 && Number.isSafeInteger(number)
      ? (keep(number), [])
      : wrong('must be a whole number from 1')
  return number > 0 && number < Infinity ? (keep(number), []) : wrong('must be a number above 0')
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

function milliseconds(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  return unit ? Number(number) * UNITS[unit]! : NaN
}

/** Letters to add, drop or change (Levenshtein). */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1]))
    row = next
  }
  return row[b.length]!
}
