/** Which texts came by before, among millions. */
import { createTextHash } from './text-hash.ts'

/**
 * Tells of each text whether it came by before; two of a million are taken for one with a probability of some
 * 3e-8.
 *
 * A hash table with open addressing in a typed array: a Set of as many hashes takes three times as much, and
 * its members, spread over the heap, keep the memory of all that had come and gone between them. Not by
 * SHA-256, which would take a sixth of what a run costs the processor.
 */
export function createSeen(): (text: string) => boolean {
  const hashOf = createTextHash()
  // Two halves per slot; the second is never zero but in a free one.
  let table = new Uint32Array(2 * 1024)
  let size = 0

  /** Of this hash, or of the free slot where it belongs. */
  function placeOf(halves: Uint32Array, a: number, b: number): number {
    const mask = halves.length - 1
    let at = (2 * a) & mask
    while (halves[at + 1] && (halves[at] !== a || halves[at + 1] !== b)) at = (at + 2) & mask
    return at
  }

  function put(halves: Uint32Array, at: number, a: number, b: number): void {
    halves[at] = a
    halves[at + 1] = b
  }

  function grow(): void {
    const larger = new Uint32Array(2 * table.length)
    for (let at = 0; at < table.length; at += 2) {
      const [a, b] = [table[at]!, table[at + 1]!]
      if (b) put(larger, placeOf(larger, a, b), a, b)
    }
    table = larger
  }

  return (text) => {
    const { a, b: half } = hashOf(text)
    const b = half || 1
    // With b never zero, a place that is taken is that of this very hash.
    if (table[placeOf(table, a, b) + 1]) return true
    if (++size > table.length * 0.3) grow()
    put(table, placeOf(table, a, b), a, b)
    return false
  }
}
