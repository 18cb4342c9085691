/** Which texts came by before, among millions. */
import { createTextTable } from '../platform/text-table.ts'

/**
 * Creates a function that tells of each text whether it was called with that text before.
 *
 * Each text takes some 20 bytes. Two of a million texts are taken for the same one with a probability of
 * about 3e-8.
 */
export function createSeen(): (text: string) => boolean {
  const table = createTextTable(() => ({}))
  return (text) => {
    const sizeBefore = table.size
    table.add(text)
    return table.size === sizeBefore
  }
}
