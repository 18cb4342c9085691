/** Objects that come from outside, before anything is known of them. */

import { isArray } from '../platform/realms.ts'

export type Members = Record<string, unknown>

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !isArray(value)
}

/** The members of an object; none for what is no object. */
export function membersOf(value: unknown): Members {
  return isObject(value) ? value : {}
}

/** A member of the record's own: names from outside must find nothing of `Object.prototype`. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined
}

/**
 * A text or a number of a reply as text, and empty text for all else: of an object, which may have a
 * `toString` of the sender's, writing it as text would throw.
 */
export function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

export type WithoutUndefined<T> = { [name in keyof T]: Exclude<T[name], undefined> }

/** A copy without the members that are `undefined`, and without `__proto__`, which would not be a member. */
export function withoutUndefined<const T extends object>(members: T): WithoutUndefined<T> {
  const kept: Partial<T> = {}
  for (const name of Object.keys(members) as (keyof T)[]) {
    if (name !== '__proto__' && members[name] !== undefined) kept[name] = members[name]
  }
  return kept as WithoutUndefined<T>
}
