/** A photo that is read from its file twice, instead of being kept. */
import type { FileHandle } from 'node:fs/promises'
import type { StoredPhoto } from '../photo/source.ts'
import { fillFrom } from './file-bytes.ts'
import { borrowScratch } from './scratch.ts'

type Open = () => Promise<{ file: FileHandle; size: number }>

export function storedPhoto(open: Open): StoredPhoto {
  return {
    async borrow({ maxBytes, signal }) {
      const { file, size } = await open()
      try {
        if (size > maxBytes) return { size }
        const { bytes, giveBack } = await borrowScratch(size)
        try {
          return { bytes: await fillFrom(file, bytes, { at: 0, signal }), giveBack }
        } catch (error) {
          giveBack()
          throw error
        }
      } finally {
        await file.close()
      }
    },

    async open() {
      const { file } = await open()
      let at = 0
      return {
        async read(target) {
          const { bytesRead } = await file.read(target, 0, target.length, at)
          at += bytesRead
          return bytesRead
        },
        close: () => file.close(),
      }
    },
  }
}
