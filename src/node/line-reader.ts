/** Lines of a file: all of them in order, or single ones by where they begin. */
import { read, readSync } from 'node:fs'
import { promisify } from 'node:util'

export interface Line {
  /** Without its line end. Other bytes are there once the next batch of lines is asked for. */
  bytes: Buffer
  /** The byte of the file that it begins at. */
  start: number
  /** The byte after it, its line end included. */
  end: number
  /** Whether it has a line end, which only the last line of a file may lack. */
  isEnded: boolean
}

const LF = 10
const CHUNK_BYTES = 1_048_576

const readAt = /* @__PURE__ */ promisify(read)

/** All lines of a file, in batches: an iteration of each line alone would take much longer. */
export async function* readLines(file: number): AsyncGenerator<Line[]> {
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  /** The byte of the file that the buffer begins at. */
  let offset = 0
  /** How many bytes of an incomplete line the buffer begins with. */
  let carried = 0
  for (;;) {
    if (carried === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length)
    const { bytesRead } = await readAt(file, buffer, carried, buffer.length - carried, offset + carried)
    if (bytesRead === 0) break

    const filled = buffer.subarray(0, carried + bytesRead)
    const lines = linesIn(filled, { offset, searchFrom: carried })
    yield lines

    const nextOffset = lines.at(-1)?.end ?? offset
    buffer.copy(buffer, 0, nextOffset - offset, filled.length)
    carried = filled.length - (nextOffset - offset)
    offset = nextOffset
  }
  if (carried > 0) {
    const bytes = buffer.subarray(0, carried)
    yield [{ bytes, start: offset, end: offset + carried, isEnded: false }]
  }
}

/** The lines that end in the bytes; those before `searchFrom` hold no line end. */
function linesIn(filled: Buffer, { offset, searchFrom }: { offset: number; searchFrom: number }): Line[] {
  const lines: Line[] = []
  let start = 0
  let lineEnd = filled.indexOf(LF, searchFrom)
  while (lineEnd >= 0) {
    const bytes = filled.subarray(start, lineEnd)
    lines.push({ bytes, start: offset + start, end: offset + lineEnd + 1, isEnded: true })
    start = lineEnd + 1
    lineEnd = filled.indexOf(LF, start)
  }
  return lines
}

/** How much is read for a line that is far from the one before. */
const SINGLE_LINE_BYTES = 1024

/**
 * Creates a function that reads the line that begins at a byte of the file, or `undefined` if no line ends
 * there within `maxLineBytes`. Bytes from `fileSize()` on are not read: they are only being written.
 *
 * It is synchronous: a promise takes twenty times as long as a read from the cache of the system. Lines are
 * mostly asked for in the order of the file, so each read is for the following lines, too.
 */
export function createLineReader(
  file: number,
  { fileSize, maxLineBytes }: { fileSize: () => number; maxLineBytes: number },
): (start: number) => string | undefined {
  const buffer = Buffer.allocUnsafe(maxLineBytes)
  /** The byte of the file that the buffer begins at. */
  let offset = 0
  let filled = buffer.subarray(0, 0)

  function fill(start: number, maxBytes: number): void {
    const bytes = Math.min(maxBytes, fileSize() - start)
    offset = start
    filled = buffer.subarray(0, readSync(file, buffer, 0, bytes, start))
  }

  return (start) => {
    const isBuffered = start >= offset && start < offset + filled.length
    if (!isBuffered) {
      const isNear = start >= offset && start <= offset + 2 * maxLineBytes
      fill(start, isNear ? maxLineBytes : SINGLE_LINE_BYTES)
    }
    let lineEnd = filled.indexOf(LF, start - offset)
    if (lineEnd < 0) {
      fill(start, maxLineBytes)
      lineEnd = filled.indexOf(LF)
    }
    return lineEnd < 0 ? undefined : filled.toString('utf8', start - offset, lineEnd)
  }
}
