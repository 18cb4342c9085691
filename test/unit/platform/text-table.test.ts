/** A hash table of texts: what it finds, and what stays beside each text while it grows. */
import { expect, it } from 'vitest'
import { createTextTable } from '../../../src/platform/text-table.ts'

const createTable = () =>
  createTextTable((slots) => ({ small: new Uint32Array(slots), large: new Float64Array(slots) }))

it('finds what was added, and nothing else', () => {
  const table = createTable()
  for (const text of ['', 'a', 'ü 𝄞', 'a'.repeat(1000)]) {
    expect(table.find(text)).toBe(undefined)
    const slot = table.add(text)
    expect(table.find(text)).toBe(slot)
    expect(table.add(text)).toBe(slot)
  }
  expect(table.size).toBe(4)
  expect(table.find('b')).toBe(undefined)
})

it('keeps the numbers beside each text while it grows', () => {
  const table = createTable()
  const texts = Array.from({ length: 20_000 }, (_, i) => `user-${i}`)
  for (const [i, text] of texts.entries()) {
    const slot = table.add(text)
    table.columns.small[slot] = i
    table.columns.large[slot] = i * 2 ** 32 + 0.5
  }
  expect(table.size).toBe(texts.length)
  for (const [i, text] of texts.entries()) {
    const slot = table.find(text)!
    expect([table.columns.small[slot], table.columns.large[slot]]).toEqual([i, i * 2 ** 32 + 0.5])
  }
  expect(table.find('user-20000')).toBe(undefined)
})

it('lists the slot of each text once', () => {
  const table = createTable()
  for (let i = 0; i < 5000; i++) {
    const slot = table.add(`user-${i}`)
    table.columns.small[slot] = i
  }
  const numbers = [...table.slots()].map((slot) => table.columns.small[slot]!)
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 5000 }, (_, i) => i))
})

it('uses at most 60 percent of its slots, and at least 30 once it has grown', () => {
  const table = createTable()
  for (let i = 0; i < 100_000; i++) table.add(`user-${i}`)
  const load = table.size / table.columns.small.length
  expect(load).toBeLessThanOrEqual(0.6)
  expect(load).toBeGreaterThan(0.29)
})

it('is seeded anew, so that nobody can choose texts with the same hash', () => {
  const texts = Array.from({ length: 100 }, (_, i) => `user-${i}`)
  const [one, other] = [createTable(), createTable()].map((table) => texts.map((text) => table.add(text)))
  expect(one).not.toEqual(other)
})
