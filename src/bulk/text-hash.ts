/**
 * Texts as 64 bits, for tables that know millions of them and must stay small. No cryptography: whoever must
 * not be deceived compares the texts.
 */

/** 32 bits each; the next call overwrites them. */
export interface TextHash {
  readonly a: number
  readonly b: number
}

/**
 * Seeded anew each time, so that nobody can choose texts that are taken for one; two of a million are so with
 * a probability of some 3e-8.
 */
export function createTextHash(): (text: string) => TextHash {
  const [seedA, seedB] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number]
  const hash = { a: 0, b: 0 }
  return (text) => {
    let [a, b] = [seedA, seedB]
    for (let i = 0; i < text.length; i++) {
      const char = text.charCodeAt(i)
      a = Math.imul(a ^ char, 0x9e3779b1)
      b = Math.imul(b ^ char, 0x85ebca77)
      a ^= b >>> 15
      b ^= a >>> 13
    }
    hash.a = Math.imul(a ^ (a >>> 16), 0xc2b2ae3d) >>> 0
    hash.b = Math.imul(b ^ (b >>> 16), 0x27d4eb2f) >>> 0
    return hash
  }
}
