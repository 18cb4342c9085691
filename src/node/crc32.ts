/** CRC-32 as the runtime computes it, where it does: Node from 20.15 and 22.2 on. */
import * as zlib from 'node:zlib'
import { crc32ByTables } from '../platform/crc32.ts'

export const crc32Of: (bytes: Uint8Array) => number =
  (zlib as { crc32?: (bytes: Uint8Array) => number }).crc32 ?? ((bytes) => crc32ByTables(bytes, 0))
