/** Headers as frameworks hand them over, under names in any case. */
import { isRequest } from '../../callback/body.ts'
import { isObject, membersOf } from '../../input/objects.ts'
import { attempt, isArray } from '../../platform/realms.ts'
import type { CallbackInput } from './input.ts'

export interface Headers {
  get(name: string): string | null
}

/** The headers and the body of an input, whatever it is; a Request is its own body. */
export function partsOf(input: CallbackInput): { headers: Headers; body: unknown } {
  const headers = { get: (name: string) => attempt(() => headerOf(input, name)) ?? null }
  return { headers, body: isWholeRequest(input) ? input : attempt(() => membersOf(input).body) }
}

/** And no pair of headers and body, which has the same members. */
function isWholeRequest(input: unknown): boolean {
  return isRequest(input) && (attempt(() => 'bodyUsed' in input) ?? false)
}

function headerOf(input: unknown, name: string): string | null {
  const { headers } = membersOf(input)
  if (isObject(headers) && typeof headers.get === 'function') {
    const value: unknown = headers.get(name)
    return typeof value === 'string' ? value : null
  }
  // Several of one name are joined, as in HTTP: of two signatures, none counts.
  const values = Object.entries(membersOf(headers))
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => (isArray(value) ? value : [value]))
    .filter((value) => typeof value === 'string')
  return values.length ? values.join(', ') : null
}
