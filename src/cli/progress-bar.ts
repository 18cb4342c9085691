/** A text with a progress bar before it, and the codes that redraw a line of a terminal. */

/** Clears what stands behind the cursor. */
export const CLEAR_REST = '\x1b[K'

/** Clears the whole line. */
export const CLEAR_LINE = `\r${CLEAR_REST}`

const MAX_BAR_WIDTH = 30
const MIN_BAR_WIDTH = 5

export interface ProgressBarOptions {
  /** From 0 to 1; without one, there is no bar. */
  share: number | undefined
  /** The width of the line, which the result never exceeds. */
  columns: number
}

/** Puts a bar before the text where there is room for one, and cuts the text where there is none. */
export function withProgressBar(text: string, { share, columns }: ProgressBarOptions): string {
  const width = Math.min(MAX_BAR_WIDTH, columns - text.length - '[] '.length)
  if (width < MIN_BAR_WIDTH || share === undefined) return text.slice(0, columns)
  const filled = Math.round(width * Math.min(share, 1))
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}] ${text}`
}
