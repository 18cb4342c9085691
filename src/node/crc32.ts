/** CRC-32 as the runtime computes it, where it does: Node from 20.15 and 22.2 on. */
import * as zlib from 'node:zlib'
import { crc32ByTables } from '../platform/crc32.ts'

/** From the sum of what was before. */
export const crc32Of: (bytes: Uint8Array, start?: number) => number =
  (zlib as { crc32?: (bytes: Uint8Array, start?: number) => number }).crc32 ??
  ((bytes, start = 0) => crc32ByTables(bytes, start))
