/** Objects that come from outside, before anything is known of them. */
export type Members = Record<string, unknown>
/** None of what is no object. */
export const members = (value: unknown): Members => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {})
