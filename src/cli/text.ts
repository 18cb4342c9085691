/** How texts, lists and times are printed. */

/**
 * Characters that a terminal obeys or that change the order of what it shows: control characters (C0, DEL,
 * C1), marks of direction, and the separators of lines and paragraphs.
 */
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g

/**
 * Replaces the characters that a terminal would obey by spaces, line ends too: texts of files and servers
 * could move the cursor, overwrite what was printed, or add lines to it.
 */
export function printable(text: string): string {
  return text.replace(CONTROLS, ' ')
}

/**
 * Writes those characters as JSON does, `\u001b`: what they were can be seen, and a text that is JSON still
 * says the same. Line ends and tabs are kept.
 */
export function withVisibleControls(text: string): string {
  return text.replace(CONTROLS, (run) => Array.from(run, visibleControl).join(''))
}

function visibleControl(char: string): string {
  if (char === '\n' || char === '\t') return char
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
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
