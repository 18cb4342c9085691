/** Reads a command line against a description of its flags and operands, and lists every problem. */
import { parseArgs, type ParseArgsConfig } from 'node:util'
import type { InputIssue } from '../errors.ts'
import { issue, missing, throwIfAny } from '../errors/issues.ts'
import { editDistance } from '../platform/edit-distance.ts'
import { readFlagValue } from './flag-value.ts'
import type { Flags, FlagValues } from './flags.ts'
import { type Generation, generationIssues, generationOf, type V3Form } from './generation.ts'

export interface Args<F extends Flags> {
  values: FlagValues<F>
  /** The words that belong to no flag. */
  positionals: string[]
  generation: Generation
}

/** What a command line can have. */
export interface Described<F extends Flags> {
  flags: F
  operands: readonly string[]
  v3?: V3Form | undefined
}

/**
 * The path of an issue is the flag as it was typed. Values are never quoted.
 *
 * @throws {SmileIdInputError} `invalid_input`: with all problems of the command line.
 */
export function readArgs<F extends Flags>(
  args: readonly string[],
  { flags, operands, v3 }: Described<F>,
): Args<F> {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: parserOptions(flags),
  })
  const issues: InputIssue[] = []
  const values: Record<string, unknown> = {}
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    if (!flag) {
      issues.push(issue(rawName, 'not_allowed', explainUnknownFlag(name, flags)))
      continue
    }
    if (Object.hasOwn(values, name) && !flag.many) {
      issues.push(issue(rawName, 'duplicate', 'was given twice'))
      continue
    }
    const result = readFlagValue(flag, { rawName, value, isInline: inlineValue ?? false })
    if (!result.ok) issues.push(result.issue)
    else if (flag.many) values[name] = append(values[name], result.value)
    else values[name] = result.value
  }
  // The word after an unknown flag may be the value of that flag, so that operands cannot be counted.
  const hasUnknownFlag = issues.some(({ code }) => code === 'not_allowed')
  const generation = generationOf(v3, { values, positionals })
  const wanted = generation === 'v3' ? v3!.operands : operands
  if (!hasUnknownFlag) issues.push(...operandIssues(positionals, wanted))
  issues.push(...generationIssues(flags, { generation, values }))
  throwIfAny(issues)
  return { values: values as FlagValues<F>, positionals, generation }
}

function append(list: unknown, value: unknown): unknown[] {
  return Array.isArray(list) ? [...list, value] : [value]
}

function parserOptions(flags: Flags): NonNullable<ParseArgsConfig['options']> {
  const options: NonNullable<ParseArgsConfig['options']> = {}
  for (const [name, { kind, short }] of Object.entries(flags)) {
    options[name] = { type: kind === 'switch' ? 'boolean' : 'string' }
    if (short !== undefined) options[name].short = short
  }
  return options
}

function operandIssues(positionals: readonly string[], operands: readonly string[]): InputIssue[] {
  if (positionals.length > operands.length) {
    return [issue(`word ${operands.length + 1}`, 'not_allowed', explainSurplus(operands))]
  }
  const required = operands.filter((name) => !name.startsWith('['))
  return required.slice(positionals.length).map((path) => missing(path))
}

function explainSurplus(operands: readonly string[]): string {
  if (operands.length === 0) return 'is not known here'
  const verb = operands.length > 1 ? 'are' : 'is'
  return `is too many: ${operands.join(' ')} ${verb} all`
}

function explainUnknownFlag(name: string, flags: Flags): string {
  if (/^(api-?)?key$/i.test(name)) {
    return (
      'does not exist: all users of a machine see command lines; ' +
      'set SMILE_ID_API_KEY, or write it to .env'
    )
  }
  const [nearest] = Object.keys(flags)
    .map((known) => ({ known, distance: editDistance(name, known) }))
    .sort((one, other) => one.distance - other.distance)
  const isNear = nearest !== undefined && nearest.distance <= 2
  return isNear ? `is not known; did you mean --${nearest.known}?` : 'is not known'
}
