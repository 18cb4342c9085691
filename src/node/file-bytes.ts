/** Reads a part of an open file. */
import type { FileHandle } from 'node:fs/promises'

export interface FilePart {
  /** The place of its first byte. */
  at: number
  size: number
  signal: AbortSignal
}

/** Fewer bytes than asked for where the file ends before. */
export function readBytes(
  file: FileHandle,
  { at, size, signal }: FilePart,
): Promise<Uint8Array<ArrayBuffer>> {
  return fillFrom(file, Buffer.allocUnsafeSlow(size), { at, signal })
}

/** The same into memory that is there; that part of it which was filled. */
export async function fillFrom(
  file: FileHandle,
  bytes: Buffer<ArrayBuffer>,
  { at, signal }: Pick<FilePart, 'at' | 'signal'>,
): Promise<Uint8Array<ArrayBuffer>> {
  let filled = 0
  while (filled < bytes.length) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, at + filled)
    // It was cut meanwhile.
    if (bytesRead === 0) return bytes.subarray(0, filled)
    filled += bytesRead
  }
  return bytes
}
