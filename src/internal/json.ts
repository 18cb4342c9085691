/** JSON that comes from outside. */
import { isObject } from './members.ts'

// Also written with escapes, which is why any \u is looked at closely.
const SUSPECT = /__proto__|constructor|prototype|\\u/

/** The object in `text`, without members that could reach a prototype; `undefined` for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text, SUSPECT.test(text) ? drop : undefined)
    return isObject(value) ? value : undefined
  } catch {
    return undefined // the parser's message quotes what it read
  }
}

const drop = (key: string, value: unknown) => (key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value)
