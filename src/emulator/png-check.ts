/** The emulator's own look at a PNG. */
import { crc32 } from './crc32.ts'
import type { PhotoFacts } from './photo-facts.ts'

interface Chunk {
  name: string
  data: DataView
  /** Whether its checksum fits. */
  fits: boolean
}

/** Chunks in which decoders take no wrong checksum. */
const CRITICAL = ['IHDR', 'PLTE', 'IDAT']

export function inspectPng(bytes: Uint8Array): PhotoFacts {
  const facts: PhotoFacts = { kind: 'png', whole: false, width: 0, height: 0 }
  const names = new Set<string>()
  for (const { name, data, fits } of chunksOf(bytes)) {
    const isHeader = name === 'IHDR'
    const isFirst = names.size === 0
    if (!fits || isHeader !== isFirst) return facts
    if (isHeader) {
      if (data.byteLength !== 13) return facts
      facts.width = data.getUint32(0)
      facts.height = data.getUint32(4)
    }
    if (name === 'IEND') return { ...facts, whole: names.has('IDAT') }
    names.add(name)
  }
  return facts
}

/** As many chunks as are whole and have names of four letters. */
function* chunksOf(bytes: Uint8Array): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let begin = 8; begin + 12 <= bytes.length;) {
    const dataStart = begin + 8
    const dataEnd = dataStart + view.getUint32(begin)
    const name = String.fromCharCode(...bytes.subarray(begin + 4, dataStart))
    if (dataEnd + 4 > bytes.length || !/^[A-Za-z]{4}$/.test(name)) return
    const isCritical = CRITICAL.includes(name)
    const fits = !isCritical || crc32(bytes.subarray(begin + 4, dataEnd)) === view.getUint32(dataEnd)
    yield { name, data: new DataView(view.buffer, view.byteOffset + dataStart, dataEnd - dataStart), fits }
    begin = dataEnd + 4
  }
}
