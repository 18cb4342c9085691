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
  const { stream } = zip
  return {
    zip: {
      ...zip,
      onPiece,
      pieces() {
        sentBytes = 0
        return zip.pieces()
      },
      stream:
        stream &&
        ((watch) => {
          sentBytes = 0
          return stream(watch)
        }),
    },
    sentBytes: () => sentBytes,
    complete() {
      if (sentBytes < zip.length) onPiece(zip.length - sentBytes)
    },
  }
}
