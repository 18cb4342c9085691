/** How much of a zip was handed over for sending. */
import { tell } from '../client/hooks.ts'
import type { Pieces } from '../http/body.ts'
import type { UploadProgress } from './input.ts'

export interface CountedZip {
  zip: Pieces
  /** Bytes that the latest attempt handed over so far; none where the runtime does not tell. */
  sentBytes(): number
  /** All was sent, also where the runtime told nothing on the way. */
  complete(): void
}

/** Counts anew with each attempt. */
export function countBytes(
  zip: Pieces,
  onProgress: ((progress: UploadProgress) => void) | undefined,
): CountedZip {
  let sentBytes = 0
  const onPiece = (bytes: number) => {
    sentBytes += bytes
    tell(onProgress, { sentBytes, totalBytes: zip.length })
  }
  const { pieces, stream } = zip
  const anew = <A extends unknown[], R>(make: (...args: A) => R) => {
    return (...args: A): R => {
      sentBytes = 0
      return make(...args)
    }
  }
  return {
    zip: {
      ...zip,
      onPiece,
      pieces: anew(pieces),
      stream: stream && anew(stream),
    },
    sentBytes: () => sentBytes,
    complete() {
      if (sentBytes < zip.length) onPiece(zip.length - sentBytes)
    },
  }
}
