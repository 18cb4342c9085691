/** Objects that come from outside, before anything is known of them. */
export type Members = Record<string, unknown>

export const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

/** None of what is no object. */
export const members = (value: unknown): Members => (isObject(value) ? value : {})

/** A member of the record's own: names from outside must find nothing of `Object.prototype`. */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined => (record && Object.hasOwn(record, key) ? record[key] : undefined)
