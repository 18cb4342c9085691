/** Cells as they are written into a CSV file. */

/**
 * A raw cell that no spreadsheet takes for a formula, for texts that are not the user's own.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function safeCell(text: string): string {
  const mayBeFormula = /^[=+\-@\t\r]/.test(text)
  return quotedCell(mayBeFormula ? `'${text}` : text)
}

/** A raw cell with just this text, quoted only if it has to be. */
export function dataCell(text: string): string {
  const needsQuotes = /[",\r\n]/.test(text)
  return needsQuotes ? quotedCell(text) : text
}

function quotedCell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
