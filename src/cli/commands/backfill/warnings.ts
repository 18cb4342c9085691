/** Rows that look damaged, counted by what is suspicious about them. */
import type { InputIssue } from '../../../errors.ts'

export interface Warnings {
  add(line: number, issues: readonly InputIssue[]): void
  /** One line for each kind, the most frequent first. */
  describe(): string[]
}

/** Lines that are named for each kind. */
const MAX_LINES = 10

/** Keeps a count and the first lines of each kind, of which there are some dozen. */
export function createWarnings(): Warnings {
  const kinds = new Map<string, { count: number; lines: number[] }>()
  return {
    add(line, issues) {
      for (const { path, message } of issues) {
        const text = `${path} ${message}`
        const kind = kinds.get(text) ?? { count: 0, lines: [] }
        kind.count++
        if (kind.lines.length < MAX_LINES) kind.lines.push(line)
        kinds.set(text, kind)
      }
    },
    describe() {
      const sorted = [...kinds].sort(([, one], [, other]) => other.count - one.count)
      return sorted.map(([text, { count, lines }]) => {
        const more = count > lines.length ? ` and ${count - lines.length} more` : ''
        const places = `${count === 1 ? 'line' : 'lines'} ${lines.join(', ')}${more}`
        return `warning: ${text} (${count === 1 ? '1 row' : `${count} rows`}: ${places})`
      })
    },
  }
}
