/** A source text that is rewritten, and what is changed in it. */

export interface Source {
  text: string
  /** The text with comments and strings masked; every character has the index it has in `text`. */
  code: string
  /** Whether it may await outside of functions. */
  isModule: boolean
  /** Leaves a place to people. */
  leave(at: number, why: string): void
}

export interface Edit {
  at: number
  /** How many characters go. */
  remove: number
  insert: string
}
