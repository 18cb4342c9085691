/** Takes one file out of a zip. */
import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { crc32Of } from '../crc32.ts'
import { errnoCode } from '../errno.ts'
import { readBytes } from '../file-bytes.ts'
import { photoError } from '../photo-error.ts'
import type { ZippedFile } from './folder.ts'

const inflate = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflateRaw)

const STORED = 0
const DEFLATED = 8

export interface UnpackOptions {
  /** Of a larger one, the size alone is given. */
  maxBytes: number
  signal: AbortSignal
}

/**
 * What the zip says of the file is looked at, and not believed: no more is unpacked than `maxBytes`.
 *
 * @throws {SmileIdInputError} `invalid_input`: it is encrypted, packed in an unknown way, or damaged.
 */
export async function unpack(
  handle: FileHandle,
  file: ZippedFile,
  { maxBytes, signal }: UnpackOptions,
): Promise<{ bytes?: Uint8Array; size: number }> {
  checkKind(file)
  const { size, packedSize } = file
  if (size > maxBytes) return { size }
  // What does not shrink grows by some bytes in a thousand at most.
  if (packedSize > 2 * maxBytes) throw damagedError()
  const at = await dataStart(handle, file)
  const packed = await readBytes(handle, { at, size: packedSize, signal })
  if (packed.length < packedSize) throw damagedError()
  const bytes = file.method === STORED ? packed : await inflated(packed, maxBytes)
  if (bytes.length !== size || crc32Of(bytes) !== file.crc32) throw damagedError()
  return { bytes, size }
}

function checkKind({ isTwice, isEncrypted, method }: ZippedFile): void {
  if (isTwice) throw photoError('duplicate', 'has a name that two files of the zip have')
  if (isEncrypted) {
    throw photoError('not_allowed', 'is encrypted in the zip: make the zip again without a password')
  }
  if (method !== STORED && method !== DEFLATED) {
    throw photoError(
      'wrong_format',
      `is packed by method ${method}, which is not read: make the zip again with Deflate, as zips mostly are`,
    )
  }
}

function damagedError() {
  return photoError('photo_truncated', 'is damaged in the zip: pack it again')
}

const HEADER_BYTES = 30
const SIGNATURE = 0x04034b50

/** A file has a header of its own before it, which repeats what the list at the end of the zip says. */
async function dataStart(handle: FileHandle, { start }: ZippedFile): Promise<number> {
  const header = Buffer.alloc(HEADER_BYTES)
  const { bytesRead } = await handle.read(header, 0, HEADER_BYTES, start)
  if (bytesRead < HEADER_BYTES || header.readUInt32LE(0) !== SIGNATURE) throw damagedError()
  const nameLength = header.readUInt16LE(26)
  const extraLength = header.readUInt16LE(28)
  return start + HEADER_BYTES + nameLength + extraLength
}

async function inflated(packed: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    return await inflate(packed, { maxOutputLength: maxBytes })
  } catch (error) {
    const isTooLarge = errnoCode(error) === 'ERR_BUFFER_TOO_LARGE'
    if (isTooLarge) throw photoError('photo_too_large', `is larger than ${maxBytes} bytes`)
    throw damagedError()
  }
}
