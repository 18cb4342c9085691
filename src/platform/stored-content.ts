/** Bytes that lie in a file: read where they are needed, instead of being kept in memory. */

export interface StoredContent {
  size: number
  /** Each time from the beginning. */
  open(): Promise<ContentReader>
  /** All parts as the body of a request, this one among them. */
  streamOf(parts: readonly Part[], watch: StreamWatch): ReadableStream<Uint8Array>
}

export type Part = Uint8Array | StoredContent

export interface ContentReader {
  /** Fills the beginning of `target`; how many bytes that were, and 0 at the end. */
  read(target: Uint8Array): Promise<number>
  close(): Promise<void>
}

/** Those who make a stream, and those who send it. */
export interface StreamWatch {
  /** Nobody wants the stream any more: Node goes on reading it. */
  isOver(): boolean
  /** To be told of each piece. */
  onPiece: ((bytes: number) => void) | undefined
}

export function isInMemory(part: Part): part is Uint8Array {
  return part instanceof Uint8Array
}

export function sizeOf(part: Part): number {
  return isInMemory(part) ? part.length : part.size
}
