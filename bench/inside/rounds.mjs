/**
 * Rounds in which the candidates take turns, so that whatever else the machine does meets all of them. No
 * imports: it runs on every runtime.
 */

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

/** What each candidate returned, round by round; every round begins with another one. */
export async function inTurn(count, candidates) {
  const names = Object.keys(candidates)
  const taken = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < count; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]
      taken[name].push(await candidates[name]())
    }
  }
  return taken
}
