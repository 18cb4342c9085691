/** Bytes that lie in a file: read where they are needed, instead of being kept in memory. */

export interface StoredContent {
  size: number
  /** Each time from the beginning. */
  open(): Promise<ContentReader>
}

export interface ContentReader {
  /** Fills the beginning of `target`; how many bytes that were, and 0 at the end. */
  read(target: Uint8Array): Promise<number>
  close(): Promise<void>
}
