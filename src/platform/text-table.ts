/** A hash table of millions of texts in typed arrays, with numbers beside each text. */

type Column = Uint32Array | Float64Array

/** The numbers that a table keeps beside its texts: named arrays with one element per slot. */
export type Columns = Readonly<Record<string, Column>>

/**
 * A hash table with open addressing and linear probing.
 *
 * It stores no text, only 64 bits of a seeded hash. Among a million texts, two share a hash with a
 * probability of about 3e-8: whoever must never confuse two texts has to compare the texts.
 */
export interface TextTable<C extends Columns> {
  /** The arrays of numbers, indexed by slot. `add` may replace them, so read them after `add`. */
  readonly columns: C
  /** How many texts the table holds. */
  readonly size: number
  /** The slot of a text, or `undefined` if the table does not hold it. The next `add` may move it. */
  find(text: string): number | undefined
  /** The slot of a text, which is added if the table does not hold it. The next `add` may move it. */
  add(text: string): number
  /** The slots that hold a text, in no particular order. */
  slots(): Generator<number>
}

const INITIAL_SLOTS = 1024
/** Beyond this share of used slots, searches take too many steps. */
const MAX_LOAD = 0.6

/**
 * Creates an empty table.
 *
 * A slot takes 8 bytes beside its columns. A Map or Set of as many numbers takes three times as much, and its
 * entries, spread over the heap, keep the memory between them from being freed.
 *
 * @param createColumns makes the arrays for the given number of slots, filled with zeros
 */
export function createTextTable<C extends Columns>(createColumns: (slots: number) => C): TextTable<C> {
  const hashOf = createTextHash()
  let slots: Slots<C> = { hashes: createHashes(INITIAL_SLOTS), columns: createColumns(INITIAL_SLOTS) }
  let size = 0

  return {
    get columns() {
      return slots.columns
    },
    get size() {
      return size
    },
    find(text) {
      const slot = searchSlot(slots.hashes, hashOf(text))
      return isUsed(slots.hashes, slot) ? slot : undefined
    },
    add(text) {
      const hash = hashOf(text)
      let slot = searchSlot(slots.hashes, hash)
      if (isUsed(slots.hashes, slot)) return slot
      if (size >= slotCount(slots.hashes) * MAX_LOAD) {
        slots = doubled(slots, createColumns)
        slot = searchSlot(slots.hashes, hash)
      }
      storeHash(slots.hashes, slot, hash)
      size++
      return slot
    },
    slots: () => usedSlots(slots.hashes),
  }
}

interface Slots<C extends Columns> {
  readonly hashes: Hashes
  readonly columns: C
}

/** The same hashes and numbers in twice as many slots. */
function doubled<C extends Columns>(
  { hashes, columns }: Slots<C>,
  createColumns: (slots: number) => C,
): Slots<C> {
  const newCount = 2 * slotCount(hashes)
  const newHashes = createHashes(newCount)
  const newColumns = createColumns(newCount)
  const moves = Object.keys(columns).map((name) => ({ from: columns[name]!, to: newColumns[name]! }))
  for (const slot of usedSlots(hashes)) {
    const hash = hashAt(hashes, slot)
    const newSlot = searchSlot(newHashes, hash)
    storeHash(newHashes, newSlot, hash)
    for (const { from, to } of moves) to[newSlot] = from[slot]!
  }
  return { hashes: newHashes, columns: newColumns }
}

/** 64 bits: two unsigned integers of 32 bits. */
interface TextHash {
  readonly low: number
  /** Never 0, which marks a free slot. */
  readonly high: number
}

/** Two elements per slot: the low and the high half of a hash. */
type Hashes = Uint32Array

function createHashes(slots: number): Hashes {
  return new Uint32Array(2 * slots)
}

function slotCount(hashes: Hashes): number {
  return hashes.length / 2
}

function isUsed(hashes: Hashes, slot: number): boolean {
  return hashes[2 * slot + 1] !== 0
}

function hashAt(hashes: Hashes, slot: number): TextHash {
  return { low: hashes[2 * slot]!, high: hashes[2 * slot + 1]! }
}

function storeHash(hashes: Hashes, slot: number, { low, high }: TextHash): void {
  hashes[2 * slot] = low
  hashes[2 * slot + 1] = high
}

/** The slot with this hash, or the free slot where it belongs. The number of slots is a power of two. */
function searchSlot(hashes: Hashes, { low, high }: TextHash): number {
  const mask = slotCount(hashes) - 1
  let slot = low & mask
  while (isUsed(hashes, slot) && (hashes[2 * slot] !== low || hashes[2 * slot + 1] !== high)) {
    slot = (slot + 1) & mask
  }
  return slot
}

function* usedSlots(hashes: Hashes): Generator<number> {
  for (let slot = 0; slot < slotCount(hashes); slot++) {
    if (isUsed(hashes, slot)) yield slot
  }
}

/**
 * Creates a hash function for tables, not for cryptography. SHA-256 would take a sixth of the processor time
 * of a bulk run. The seed is new for each table, so that nobody can choose texts with the same hash.
 */
function createTextHash(): (text: string) => TextHash {
  const [lowSeed, highSeed] = crypto.getRandomValues(new Int32Array(2))
  return (text) => {
    let low = lowSeed!
    let high = highSeed!
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      low = Math.imul(low ^ unit, 0x9e3779b1)
      high = Math.imul(high ^ unit, 0x85ebca77)
      low ^= high >>> 15
      high ^= low >>> 13
    }
    low = Math.imul(low ^ (low >>> 16), 0xc2b2ae3d) >>> 0
    high = Math.imul(high ^ (high >>> 16), 0x27d4eb2f) >>> 0
    return { low, high: high || 1 }
  }
}
