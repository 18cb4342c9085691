/** Data of anybody's, copied as JSON would have it. */
import { isArray } from '../platform/realms.ts'
import type { Members } from './objects.ts'

/** Replies repeat what was sent some levels further down, and are refused from 64 levels on. */
const MAX_DEPTH = 50
const MAX_PARTS = 100_000

export type JsonCopy = { ok: true; value: unknown } | { ok: false; message: string }

interface Progress {
  parts: number
  tooComplex: boolean
}

/** A copy of what JSON would have of a value, or why there is none. */
export function copyAsJson(value: unknown): JsonCopy {
  const progress: Progress = { parts: 0, tooComplex: false }
  try {
    return { ok: true, value: copy(value, [], progress) }
  } catch {
    const message = progress.tooComplex
      ? `is nested more than ${MAX_DEPTH} levels deep, or has too many parts`
      : 'cannot be written as JSON'
    return { ok: false, message }
  }
}

/** Throws for what JSON cannot have. */
function copy(value: any, within: readonly object[], progress: Progress): unknown {
  const hasMethods = typeof value === 'bigint' || (typeof value === 'object' && value !== null)
  const written = hasMethods && typeof value.toJSON === 'function' ? value.toJSON('') : value
  if (typeof written === 'object' && written !== null) {
    if (within.includes(written)) throw new TypeError('cyclic')
    return copyParts(written, [...within, written], progress)
  }
  if (typeof written === 'bigint') throw new TypeError('no JSON')
  return typeof written === 'function' || typeof written === 'symbol' ? undefined : written
}

function copyParts(value: object, within: readonly object[], progress: Progress): object {
  if (within.length > MAX_DEPTH) throw tooComplex(progress)
  const count = (key: number | string) => {
    if (++progress.parts > MAX_PARTS) throw tooComplex(progress)
    return copy((value as any)[key], within, progress)
  }
  if (isArray(value)) {
    const items: unknown[] = []
    const { length } = value
    for (let index = 0; index < length; index++) items.push(count(index))
    return items
  }
  const members: Members = {}
  for (const name of Object.keys(value)) {
    if (name !== '__proto__') members[name] = count(name)
  }
  return members
}

function tooComplex(progress: Progress): RangeError {
  progress.tooComplex = true
  return new RangeError()
}
