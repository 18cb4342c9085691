/** A request of node:http as a web Request. */
import type { IncomingMessage } from 'node:http'
import { setImmediate } from 'node:timers'
import type { TLSSocket } from 'node:tls'
import { type Bytes, createBuffer } from '../platform/bytes.ts'

/** What frameworks and their body parsers add to a request. */
type Incoming = IncomingMessage & {
  /** Of Express: the URL as it came, where a router has cut off its own part. */
  originalUrl?: unknown
  body?: unknown
  rawBody?: unknown
}

export interface OpenRequest {
  request: Request
  /** Lets flow off what was not read, so that the connection can go on. */
  close(): void
}

/** `undefined` for methods that no Request may have, such as TRACE. */
export function openRequest(incoming: Incoming, origin: string | undefined): OpenRequest | undefined {
  const method = incoming.method ?? 'GET'
  if (/^(connect|trace|track)$/i.test(method)) return undefined
  const url = urlOf(incoming, origin ?? originOf(incoming))
  const init: RequestInit & { duplex?: 'half' } = { method, headers: headersOf(incoming) }
  if (method === 'GET' || method === 'HEAD') return { request: new Request(url, init), close: () => {} }

  const parsed = [incoming.rawBody, incoming.body].find(isBytesOrText)
  if (parsed !== undefined) {
    return { request: new Request(url, { ...init, body: parsed }), close: () => {} }
  }
  const { stream, close } = streamOf(incoming)
  const request = new Request(url, { ...init, body: stream, duplex: 'half' } as RequestInit)
  // Somebody else has the body: whoever reads this one must not take it for empty.
  if (wasRead(incoming)) request.body?.cancel().catch(() => {})
  return { request, close }
}

/** Whatever the sender wrote there: most of it is no host. */
function originOf({ headers, socket }: Incoming): string {
  const { host = '' } = headers
  const scheme = (socket as Partial<TLSSocket> | null)?.encrypted ? 'https' : 'http'
  const isHost = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(host) && URL.canParse(`${scheme}://${host}`)
  return isHost ? `${scheme}://${host}` : `${scheme}://localhost`
}

function urlOf({ originalUrl, url }: Incoming, origin: string): string {
  const target = typeof originalUrl === 'string' ? originalUrl : (url ?? '')
  // `*`, and whole URLs as proxies get them, are no paths.
  const whole = target.startsWith('/') ? `${origin}${target}` : `${origin}/`
  return URL.canParse(whole) ? whole : `${origin}/`
}

/** Without what fits in no Headers, such as the pseudo-headers of HTTP/2. */
function headersOf(incoming: Incoming): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const text of [value ?? []].flat()) {
      try {
        headers.append(name, text)
      } catch {
        // Nothing that a callback needs is written like that.
      }
    }
  }
  return headers
}

/** The body as those parsers leave it that do not read it as JSON. */
function isBytesOrText(value: unknown): value is string | Bytes {
  return typeof value === 'string' || value instanceof Uint8Array
}

function wasRead(incoming: Incoming): boolean {
  return incoming.readableDidRead || incoming.readableEnded
}

/** Bytes that may wait for a reader; then the sender waits. */
const MOST_WAITING = 65_536

/**
 * The body as a stream, in which all that arrives at once is one piece: Node makes an object of some hundred
 * bytes for each chunk, be it of one byte, and those must not wait for a reader.
 */
function streamOf(incoming: Incoming): { stream: ReadableStream<Bytes>; close: () => void } {
  let waiting = createBuffer(Infinity)
  let size = 0
  let isListening = false
  /** Called once there is a piece for who asked. */
  let served: (() => void) | undefined
  let stop = (): void => {}

  function listen(controller: ReadableStreamDefaultController<Bytes>): void {
    isListening = true
    const fail = () => {
      stop()
      controller.error(new Error('the connection broke off'))
    }
    const end = () => {
      stop()
      if (size) controller.enqueue(waiting.bytes())
      controller.close()
    }
    const data = (piece: unknown) => {
      // Somebody set an encoding.
      if (!ArrayBuffer.isView(piece)) return fail()
      // Not at once: more may have come with it.
      if (!size) setImmediate(serve, controller)
      waiting.add(piece)
      size += piece.byteLength
      if (size >= MOST_WAITING) incoming.pause()
    }
    const listeners = { data, end, error: fail, close: fail }
    for (const [name, listener] of Object.entries(listeners)) incoming.on(name, listener)
    stop = () => {
      for (const [name, listener] of Object.entries(listeners)) incoming.off(name, listener)
      served = undefined
    }
    if (incoming.destroyed) fail()
  }

  function serve(controller: ReadableStreamDefaultController<Bytes>): void {
    if (!served || !size) return
    controller.enqueue(waiting.bytes())
    waiting = createBuffer(Infinity)
    size = 0
    served()
    served = undefined
    if (incoming.isPaused()) incoming.resume()
  }

  function close(): void {
    stop()
    incoming.resume()
  }

  const stream = new ReadableStream<Bytes>(
    {
      pull(controller) {
        if (!isListening) listen(controller)
        return new Promise<void>((resolve) => {
          served = resolve
          serve(controller)
        })
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  )
  return { stream, close }
}
