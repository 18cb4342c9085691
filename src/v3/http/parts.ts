/** Members of an input as parts of a form. */
import type { Part } from '../../http/multipart.ts'
import { jsonText } from '../../http/post.ts'
import { timeOf } from '../../platform/realms.ts'

/**
 * Texts, numbers and flags as they are, objects and lists as JSON; what is `undefined` or `null` is left out.
 */
export function partsOf(members: object): Part[] {
  return Object.entries(members).flatMap(([name, value]): Part[] => {
    if (value === undefined || value === null) return []
    if (typeof value !== 'object') return [{ name, value: String(value) }]
    const ms = timeOf(value)
    if (ms !== undefined) return [{ name, value: new Date(ms).toISOString() }]
    return [{ name, value: jsonText(value), type: 'application/json' }]
  })
}
