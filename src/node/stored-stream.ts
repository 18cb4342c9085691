/** A body that is read from files while it is sent. */
import type { ContentReader, StreamWatch } from '../platform/stored-content.ts'

/** Of a piece, where the reader brings no memory. */
const PIECE_BYTES = 262_144

/**
 * A stream of bytes: whoever brings memory of their own (a BYOB reader) has it filled, and can use it again;
 * the fetch of Node brings none.
 */
export function storedStream(
  content: ContentReader,
  { isOver, onPiece }: StreamWatch,
): ReadableStream<Uint8Array> {
  async function next(target: Uint8Array): Promise<number> {
    try {
      if (isOver()) throw new Error('over')
      return await content.read(target)
    } catch (error) {
      await content.close()
      throw error
    }
  }

  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      const request = controller.byobRequest
      const view = request?.view
      const target = view
        ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
        : new Uint8Array(PIECE_BYTES)
      const count = await next(target)
      if (count === 0) controller.close()
      if (request) request.respond(count)
      else if (count > 0) controller.enqueue(target.subarray(0, count))
      if (count > 0) onPiece?.(count)
    },
    cancel: () => content.close(),
  })
}
