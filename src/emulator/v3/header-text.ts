/** Texts of partners in headers. */

/** As it is where it fits, else in percent-encoding: headers have Latin letters alone. */
export function headerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text)
}
