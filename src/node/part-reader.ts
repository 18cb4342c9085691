/** Parts of a body, of which some lie in files, as one content. */
import { type ContentReader, isInMemory, type Part, sizeOf } from '../platform/stored-content.ts'

/** Fills whatever it is given, across the borders of parts. One file is open at a time. */
export function readParts(parts: readonly Part[]): ContentReader {
  let index = 0
  /** Of the part, bytes that were read. */
  let at = 0
  let file: ContentReader | undefined

  async function readPart(part: Part, target: Uint8Array): Promise<number> {
    if (isInMemory(part)) {
      const piece = part.subarray(at, at + target.length)
      target.set(piece)
      return piece.length
    }
    file ??= await part.open()
    return file.read(target.subarray(0, part.size - at))
  }

  async function close(): Promise<void> {
    const open = file
    file = undefined
    await open?.close()
  }

  return {
    async read(target) {
      let filled = 0
      for (let part = parts[index]; part && filled < target.length; part = parts[index]) {
        const count = await readPart(part, target.subarray(filled))
        filled += count
        at += count
        if (at === sizeOf(part)) {
          await close()
          index++
          at = 0
        } else if (count === 0) {
          throw new Error('a part ended early')
        }
      }
      return filled
    },
    close,
  }
}
