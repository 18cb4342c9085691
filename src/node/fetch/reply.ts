/** What came back, as a `Response`. */
import type { IncomingMessage } from 'node:http'

/** Statuses without a body (WHATWG Fetch). */
const NULL_BODY = [101, 103, 204, 205, 304]
/** Bytes that are read ahead of whoever reads the body. */
const READ_AHEAD = 65_536

export interface Reply {
  response: Response
  /** Ends the body with this error, if it has not ended. */
  fail(error: unknown): void
}

/** @throws {RangeError} the status is none that a Response can have */
export function replyOf(message: IncomingMessage): Reply {
  const status = message.statusCode!
  const init = { status, headers: headersOf(message) }
  if (NULL_BODY.includes(status)) {
    const response = new Response(null, init)
    message.resume()
    return { response, fail() {} }
  }
  let fail!: Reply['fail']
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        fail = feed(controller, message)
      },
      pull: () => void message.resume(),
      cancel: () => void message.destroy(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: READ_AHEAD }),
  )
  return { response: new Response(body, init), fail }
}

function feed(
  controller: ReadableStreamDefaultController<Uint8Array>,
  message: IncomingMessage,
): (error: unknown) => void {
  let isOver = false
  const end = (close: () => void) => {
    if (!isOver) close()
    isOver = true
  }
  const fail = (error: unknown) => end(() => controller.error(error))
  message.on('data', (piece: Uint8Array) => {
    if (isOver) return
    controller.enqueue(piece)
    if (controller.desiredSize! <= 0) message.pause()
  })
  message.on('end', () => end(() => controller.close()))
  message.on('error', (error) => fail(brokenOff(error)))
  message.on('close', () => fail(brokenOff(undefined)))
  return fail
}

/** As fetch says it; what the system said is the cause. */
function brokenOff(cause: unknown): TypeError {
  return new TypeError('terminated', { cause })
}

/** As they came, so that those of one name are joined as in fetch. */
function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!)
  return headers
}
