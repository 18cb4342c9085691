/** Numbers that look random, and that a seed decides. */

/** Numbers from 0 up to 1: the generator mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A whole number from 0 to below `limit`. */
export function below(limit: number, random: () => number): number {
  return Math.floor(random() * limit)
}

/** As many digits of this base, in lower case. */
export function randomDigits(count: number, base: number, random: () => number): string {
  return Array.from({ length: count }, () => below(base, random).toString(base)).join('')
}

/** A version 4 UUID. */
export function uuid(random: () => number): string {
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => randomDigits(1, 16, random))
}
