/** Where the latest entry of each key stands in a journal's file: 20 bytes per slot, whatever the keys. */
import { createTextHash } from '../bulk/text-hash.ts'

export interface JournalIndex {
  /** The key's latest `rev`; 0 when there is none. */
  rev(key: string): number
  /** The byte that the key's latest line begins at. */
  offset(key: string): number | undefined
  set(key: string, rev: number, offset: number): void
  /** Of the latest line of each key, in the order of the file. */
  offsets(): Float64Array
}

/**
 * A hash table with open addressing over typed arrays: a Map of a million entries takes three times as much,
 * before it holds any.
 *
 * A key is known by 64 bits of a hash that is seeded anew each time, so that two of a million keys are taken
 * for one with a probability of some 3e-8, and nobody can choose such keys. Who reads the line sees the key
 * itself and has to compare.
 */
export function createJournalIndex(): JournalIndex {
  const hashOf = createTextHash()
  let table = tableOf(1024)
  let size = 0
  // Of the key hashed last.
  let [a, b] = [0, 0]

  const hash = (key: string): void => void ({ a, b } = hashOf(key))

  function slotOf({ hashes, revs }: Table): number {
    const mask = revs.length - 1
    let slot = a & mask
    while (revs[slot] !== 0 && (hashes[2 * slot] !== a || hashes[2 * slot + 1] !== b))
      slot = (slot + 1) & mask
    return slot
  }

  function put({ hashes, revs, offsets }: Table, slot: number, rev: number, offset: number): void {
    hashes[2 * slot] = a
    hashes[2 * slot + 1] = b
    revs[slot] = rev
    offsets[slot] = offset
  }

  function grow(): void {
    const { hashes, revs, offsets } = table
    const larger = tableOf(revs.length * 2)
    for (let slot = 0; slot < revs.length; slot++) {
      if (revs[slot] === 0) continue
      a = hashes[2 * slot]!
      b = hashes[2 * slot + 1]!
      put(larger, slotOf(larger), revs[slot]!, offsets[slot]!)
    }
    table = larger
  }

  return {
    rev(key) {
      hash(key)
      return table.revs[slotOf(table)]!
    },
    offset(key) {
      hash(key)
      const slot = slotOf(table)
      return table.revs[slot] === 0 ? undefined : table.offsets[slot]
    },
    set(key, rev, offset) {
      if (size >= table.revs.length * 0.6) grow()
      hash(key)
      const slot = slotOf(table)
      if (table.revs[slot] === 0) size++
      put(table, slot, rev, offset)
    },
    offsets() {
      const all = new Float64Array(size)
      let count = 0
      for (let slot = 0; slot < table.revs.length; slot++)
        if (table.revs[slot] !== 0) all[count++] = table.offsets[slot]!
      return all.sort()
    },
  }
}

interface Table {
  /** Two halves per slot. */
  hashes: Uint32Array
  /** 0 marks a free slot. */
  revs: Uint32Array
  offsets: Float64Array
}

const tableOf = (slots: number): Table => ({
  hashes: new Uint32Array(2 * slots),
  revs: new Uint32Array(slots),
  offsets: new Float64Array(slots),
})
