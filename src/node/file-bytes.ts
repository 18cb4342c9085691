/** Reads a part of an open file. */
import type { FileHandle } from 'node:fs/promises'

export interface FilePart {
  /** The place of its first byte. */
  at: number
  size: number
  signal: AbortSignal
}

/** Fewer bytes than asked for where the file ends before. */
export async function readBytes(file: FileHandle, { at, size, signal }: FilePart): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size)
  let filled = 0
  while (filled < size) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(bytes, filled, size - filled, at + filled)
    // It was cut meanwhile.
    if (bytesRead === 0) return bytes.subarray(0, filled)
    filled += bytesRead
  }
  return bytes
}
