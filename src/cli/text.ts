/** How texts, lists and times are printed. */

/**
 * Replaces the characters that a terminal would obey by spaces: texts of files and servers could move the
 * cursor or overwrite what was printed.
 */
export function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+/g, ' ')
}

/** One pair of name and value on each line, without values that are absent or empty. */
export function formatPairs(pairs: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(pairs).filter(([, value]) => value !== undefined && value !== '')
  const width = Math.max(...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${printable(`${value}`)}`).join('\n')
}

/** The two largest units: 45s, 12m 5s, 3h 20m. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const parts = [
    { value: Math.floor(seconds / 3600), unit: 'h' },
    { value: Math.floor(seconds / 60) % 60, unit: 'm' },
    { value: seconds % 60, unit: 's' },
  ]
  const first = parts.findIndex(({ value }) => value > 0)
  if (first < 0) return '0s'
  return parts
    .slice(first, first + 2)
    .map(({ value, unit }) => `${value}${unit}`)
    .join(' ')
}
