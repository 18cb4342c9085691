/** A handler of web Requests behind node:http, Express or Fastify. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { quietly } from '../client/hooks.ts'
import { throwIfAny } from '../errors/issues.ts'
import { callable, must } from '../input/rules.ts'
import { issuesOf, objectOf, once, optional } from '../input/schema.ts'
import { openRequest, type OpenRequest } from './incoming-request.ts'

export interface NodeHandlerOptions {
  /**
   * Scheme and host of the URLs that the handler sees, such as `https://app.example`: behind a proxy, or
   * where tenants are told apart by them, since the sender writes the header `Host`.
   * @default what `Host` says, or `localhost` where that is no host
   */
  origin?: string | undefined
  /** What the handler rejected with, upon which 500 is answered; for your logs. */
  onError?: ((error: unknown) => void) | undefined
}

const handlerOptions = /* @__PURE__ */ once(() =>
  objectOf<NodeHandlerOptions>({
    origin: optional(
      must<string>(isOrigin, "must be an origin, such as 'https://app.example'", 'wrong_format'),
    ),
    onError: optional(callable()),
  }),
)

function isOrigin(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, origin } = new URL(value)
  return origin === value && (protocol === 'https:' || protocol === 'http:')
}

/**
 * Makes a listener of node:http out of a handler of web Requests, such as that of `createCallbackHandler`; it
 * fits Express as a route, and Fastify's raw request and response.
 *
 * Whatever the request line, the headers and the sender do, it answers or lets go; it never throws or
 * rejects. The body is handed on as it arrives, so that the handler's own limits of size and time count. Put
 * it before any body parser. Behind one, it takes the `rawBody` or `body` that is bytes or text; where the
 * body is gone, a callback is answered 500 with `callback_unreadable`.
 *
 * @throws {SmileIdInputError} `invalid_input`: no handler, or wrong options. The listener itself never does.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { createCallbackHandler } from 'smileid-edge/callback'
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 * import { toNodeHandler } from 'smileid-edge/node'
 *
 * const handler = createCallbackHandler(createClient(clientOptionsFromEnv(process.env)), {
 *   onResult: ({ eventId }) => console.log(eventId),
 * })
 * createServer(toNodeHandler(handler)).listen(3000)
 * ```
 */
export function toNodeHandler(
  handler: (request: Request) => Response | Promise<Response>,
  options: NodeHandlerOptions = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  throwIfAny([
    ...issuesOf(callable(), handler, 'handler'),
    ...issuesOf(handlerOptions(), options ?? {}, 'options'),
  ])
  const { origin, onError } = options ?? {}

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    let opened: OpenRequest | undefined
    try {
      opened = openRequest(incoming, origin)
      const response = opened ? await handler(opened.request) : new Response(null, { status: 501 })
      await send(response, outgoing)
    } catch (error) {
      quietly(() => onError?.(error))
      giveUp(outgoing)
    } finally {
      opened?.close()
    }
  }

  return (incoming, outgoing) => {
    // Without a listener, an error of a connection that has gone would end the process.
    incoming.on('error', ignore)
    outgoing.on('error', ignore)
    void answer(incoming, outgoing)
  }
}

function ignore(): void {}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const body = response.body ? new Uint8Array(await response.arrayBuffer()) : undefined
  // The sender has gone, or somebody else has answered, such as a timeout of the framework.
  if (outgoing.headersSent || outgoing.destroyed) return
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) outgoing.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length) outgoing.setHeader('set-cookie', cookies)
  outgoing.end(body)
}

function giveUp(outgoing: ServerResponse): void {
  try {
    if (outgoing.headersSent) outgoing.destroy()
    else outgoing.writeHead(500).end()
  } catch {
    outgoing.destroy()
  }
}
