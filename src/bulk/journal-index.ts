/** Where the latest entry of each key is, in the file of a journal or in the blocks of one in memory. */
import { createTextTable } from '../platform/text-table.ts'

export interface JournalIndex {
  /** The latest `rev` of the key, or 0 if it has no entry. */
  rev(key: string): number
  /** The byte at which the latest line, or record, of the key begins. */
  offset(key: string): number | undefined
  set(key: string, latest: { rev: number; offset: number }): void
  /** The offset of the latest entry of each key, from the lowest. */
  offsets(): Float64Array
}

/**
 * Creates an empty index, which takes 20 bytes per slot, however long the keys are.
 *
 * A key is known by its hash alone: whoever reads an entry has to compare the key that is written there.
 */
export function createJournalIndex(): JournalIndex {
  const table = createTextTable((slots) => ({
    revs: new Uint32Array(slots),
    offsets: new Float64Array(slots),
  }))

  return {
    rev(key) {
      const slot = table.find(key)
      return slot === undefined ? 0 : table.columns.revs[slot]!
    },
    offset(key) {
      const slot = table.find(key)
      return slot === undefined ? undefined : table.columns.offsets[slot]!
    },
    set(key, { rev, offset }) {
      const slot = table.add(key)
      const { revs, offsets } = table.columns
      revs[slot] = rev
      offsets[slot] = offset
    },
    offsets() {
      const offsets = new Float64Array(table.size)
      let count = 0
      for (const slot of table.slots()) {
        offsets[count] = table.columns.offsets[slot]!
        count++
      }
      return offsets.sort()
    },
  }
}
