/** How far two words are apart, to suggest the one that was meant. */

/** The number of letters to add, drop or change (Levenshtein distance). */
export function editDistance(from: string, to: string): number {
  let distances = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const added = next[j - 1]! + 1
      const dropped = distances[j]! + 1
      const changed = distances[j - 1]! + Number(from[i - 1] !== to[j - 1])
      next[j] = Math.min(added, dropped, changed)
    }
    distances = next
  }
  return distances[to.length]!
}
