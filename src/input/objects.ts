/** Objects that come from outside, before anything is known of them. */
import type { JobRef } from '../errors/classes.ts'

export type Members = Record<string, unknown>

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** None of what is no object. */
export function members(value: unknown): Members {
  return isObject(value) ? value : {}
}

/** The ids alone, and as they are now: the caller's object may change while a call is on its way. */
export function jobRef({ user_id, job_id }: JobRef): JobRef {
  return { user_id, job_id }
}

/** A member of the record's own: names from outside must find nothing of `Object.prototype`. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined
}
