/**
 * Rules for the members of inputs and options, checked without a schema library: most entries go without one.
 */
import type { IssueCode } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import { isObject } from './objects.ts'
import type { InputIssue } from '../errors/codes.ts'

/** By default what breaks it has the code `'wrong_type'`. */
export type Rule = readonly [test: (value: any) => unknown, message: string, code?: IssueCode]

/** A member that nobody asked for. */
export function unknownMember(path: string): InputIssue {
  return issue(path, 'not_allowed', 'is not known here')
}

/** A number of milliseconds: timers take no more than 31 bits, more would fire at once. */
export function duration(least: number): Rule {
  return [
    (ms) => typeof ms === 'number' && ms >= least && ms <= 0x7fffffff,
    `must be a number from ${least} to 2147483647`,
  ]
}

/** The members that client and call options share. */
export function limitRules(): Record<'timeoutMs' | 'maxRetries' | 'maxRetryDelayMs', Rule> {
  return {
    timeoutMs: duration(1),
    maxRetries: [(count) => Number.isInteger(count) && count >= 0, 'must be a whole number from 0'],
    maxRetryDelayMs: duration(0),
  }
}

export function oneOf(...values: (string | number)[]): Rule {
  return [
    (value) => values.includes(value),
    `must be one of ${values.map((value) => (typeof value === 'string' ? `'${value}'` : value)).join(', ')}`,
    'wrong_format',
  ]
}

export const FROM_0: Rule = [(number) => typeof number === 'number' && number >= 0, 'must be a number from 0']
export const FLAG: Rule = [(value) => typeof value === 'boolean', 'must be true or false']
export const TEXT: Rule = [(value) => typeof value === 'string', 'must be text']
/** What is checked elsewhere. */
export const ANY: Rule = [() => true, '']
export const OBJECT: Rule = [isObject, 'must be an object']
export const CALLABLE: Rule = [(value) => typeof value === 'function', 'must be a function']
export const SIGNAL: Rule = [(signal) => signal.addEventListener, 'must be an AbortSignal']

/** What is wrong with the options of a call, which may have more members than all calls share. */
export function optionIssues(options: unknown, more?: Record<string, Rule>): InputIssue[] {
  return memberIssues(options, { ...limitRules(), signal: SIGNAL, ...more }, 'options.')
}

/**
 * What breaks its rule, and what has none and is not checked `elsewhere` either: that is not even read, since
 * reading may do something.
 */
export function memberIssues(
  options: unknown,
  rules: Readonly<Record<string, Rule>>,
  root: string,
  elsewhere: readonly string[] = [],
): InputIssue[] {
  const given = Object(options) as Record<string, unknown>
  const unknown = Object.keys(given).filter(
    (name) => !Object.hasOwn(rules, name) && !elsewhere.includes(name),
  )
  return [...ruleIssues(given, rules, root), ...unknown.map((name) => unknownMember(root + name))]
}

/** What breaks its rule, where others may be. */
export function ruleIssues(
  given: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>,
  root: string,
): InputIssue[] {
  return Object.entries(rules).flatMap(([name, [test, message, code = 'wrong_type']]) => {
    const value = given[name]
    return value === undefined || (value !== null && test(value)) ? [] : [issue(root + name, code, message)]
  })
}
