/** JSON that comes from outside. */
import { isObject } from './members.ts'

// Also written with escapes, which is why any \u is looked at closely. Searched one by one: an expression of all takes five times as long.
const SUSPECT = ['proto', 'constructor', '\\u']

/** The object in `text`, without members that could reach a prototype; `undefined` for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text, SUSPECT.some((part) => text.includes(part)) ? drop : undefined)
    return isObject(value) ? value : undefined
  } catch {
    return undefined // the parser's message quotes what it read
  }
}

const drop = (key: string, value: unknown) => (key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value)
