/**
 * Values that untyped code hands in: getters and proxies may throw, and objects of another realm are no
 * instances of this one's classes, so they are known by what only they can do.
 */

/** What a read gives; `undefined` where it throws. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Of a proxy that was revoked, nobody can tell: it is none. */
export function isArray(value: unknown): value is unknown[] {
  return attempt(() => Array.isArray(value)) ?? false
}

/** The moment of a Date, in milliseconds since 1970; NaN for an invalid one. */
export function timeOf(value: unknown): number | undefined {
  return attempt(() => Date.prototype.getTime.call(value))
}

/** From the year 0 to 9999, which four digits write. */
export function hasFourDigitYear(ms: number): boolean {
  return ms >= -62_167_219_200_000 && ms < 253_402_300_800_000
}

export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return attempt(() => Reflect.get(ArrayBuffer.prototype, 'byteLength', value)) !== undefined
}
