/** Reads the list of files of a zip in large pieces: two reads for each file take ten times as long. */
import type { FileHandle } from 'node:fs/promises'
import { RandomAccessReader } from 'yauzl'

const BLOCK_BYTES = 65_536

type Done = (error: Error | null) => void

export interface BlockReader extends RandomAccessReader {
  /** What the file system said no with. */
  failure: unknown
}

/** With `shift`, the file as if so many bytes were not there at its beginning. */
export function createBlockReader(handle: FileHandle, shift = 0): BlockReader {
  return new Reader(handle, shift)
}

class Reader extends RandomAccessReader implements BlockReader {
  failure: unknown
  #handle: FileHandle
  #shift: number
  #block = Buffer.alloc(0)
  #start = 0

  constructor(handle: FileHandle, shift: number) {
    super()
    this.#handle = handle
    this.#shift = shift
  }

  override read(target: Buffer, offset: number, length: number, position: number, done: Done): void {
    if (this.#copy(target, offset, { length, position })) {
      done(null)
      return
    }
    this.#load(position, length)
      .then(() => {
        const isThere = this.#copy(target, offset, { length, position })
        done(isThere ? null : new Error('the file ends before'))
      })
      // Also what the library throws at what it was given.
      .catch(done)
  }

  async #load(position: number, length: number): Promise<void> {
    const block = Buffer.allocUnsafeSlow(Math.max(length, BLOCK_BYTES))
    try {
      const { bytesRead } = await this.#handle.read(block, 0, block.length, position + this.#shift)
      this.#block = block.subarray(0, bytesRead)
      this.#start = position
    } catch (error) {
      this.failure = error
      throw error
    }
  }

  #copy(target: Buffer, offset: number, { length, position }: { length: number; position: number }): boolean {
    const from = position - this.#start
    const isThere = from >= 0 && from + length <= this.#block.length
    if (isThere) this.#block.copy(target, offset, from, from + length)
    return isThere
  }
}
