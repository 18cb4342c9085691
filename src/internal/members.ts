/** Objects that come from outside, before anything is known of them. */
export type Members = Record<string, unknown>

export const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

/** None of what is no object. */
export const members = (value: unknown): Members => (isObject(value) ? value : {})
