export type Members = Record<string, unknown>

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** None of what is no object. */
export function members(value: unknown): Members {
  return isObject(value) ? value : {}
}

/** A member of the record's own: names from outside must find nothing of `Object.prototype`. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined
}

export type WithoutUndefined<T> = { [name in keyof T]: Exclude<T[name], undefined> }

/** Without the members that are not there. */
export function withoutUndefined<const T extends object>(members: T): WithoutUndefined<T> {
  const there = {} as WithoutUndefined<T>
  for (const name in members)
    if (members[name] !== undefined) there[name] = members[name] as WithoutUndefined<T>[typeof name]
  return there
}
