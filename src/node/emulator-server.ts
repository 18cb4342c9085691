/** The emulator behind a real HTTP server on the loopback address. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { throwIfAny } from '../errors/issues.ts'
import { must, withMethods } from '../input/rules.ts'
import { check, issuesOf, listOf, objectOf, once, optional } from '../input/schema.ts'
import { createHostCheck, isHostName } from './allowed-hosts.ts'

/** Anything that answers requests; `emulator` of smileid-edge/emulator fits. */
export interface FetchHandler {
  fetch(request: Request): Promise<Response>
}

const handler = /* @__PURE__ */ once(() => withMethods<FetchHandler>(['fetch'], 'must have a fetch'))

export interface EmulatorServer {
  /** Fits `baseUrl`. */
  readonly url: string
  /** Ends open connections, too. */
  close(): Promise<void>
}

export interface EmulatorServerOptions {
  /** @default any free one */
  port?: number | undefined
  /**
   * Names by which it may be asked for, beside those of this machine, such as that of a container. Without
   * ports. @default none
   */
  allowedHosts?: readonly string[] | undefined
}

const serverOptions = /* @__PURE__ */ once(() =>
  objectOf<EmulatorServerOptions>({
    port: optional(must(isPort, 'must be a whole number from 0 to 65535')),
    allowedHosts: optional(
      listOf(must<string>(isHostName, 'must be a host name without scheme and port'), 'must be a list'),
    ),
  }),
)

function isPort(port: unknown): boolean {
  return Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535
}

/**
 * Serves an emulator over HTTP on 127.0.0.1, for demos, other processes and other runtimes.
 *
 * Requests whose `Host` is neither of this machine nor in `allowedHosts` are answered 421, so that no page of
 * the web reaches it through a name of its own (DNS rebinding).
 *
 * Connections that break in the emulator are cut, and truncated replies break off in the middle. Give the
 * emulator `clock: 'real'`.
 *
 * @throws {SmileIdInputError} `invalid_input`: the options are wrong.
 * @throws {Error} with the code of the system: the port is in use (`EADDRINUSE`), or not allowed.
 *
 * @example
 * ```ts
 * import { createEmulator } from 'smileid-edge/emulator'
 * import { createEmulatorServer } from 'smileid-edge/node'
 *
 * const server = await createEmulatorServer(createEmulator({ clock: 'real' }))
 * console.log(server.url) // http://127.0.0.1:…
 * await server.close()
 * ```
 */
export async function createEmulatorServer(
  emulator: FetchHandler,
  options: EmulatorServerOptions = {},
): Promise<EmulatorServer> {
  const { issues, value } = check(serverOptions(), options ?? {}, 'options')
  throwIfAny([...issuesOf(handler(), emulator ?? null, 'emulator'), ...issues])
  const isAllowed = createHostCheck(value.allowedHosts ?? [])
  const server = createServer((request, response) => {
    // Behind a path alone, nothing but `Host` says which server is meant.
    const isPath = request.url!.startsWith('/')
    if (isPath && isAllowed(request.headers.host)) void answer(emulator, request, response)
    else refuseHost(response)
  })
  // Who closes an idle connection first loses no request that is on its way: so that is left to the clients.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(value.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-421-misdirected-request */
function refuseHost(outgoing: ServerResponse): void {
  outgoing.writeHead(421, { 'content-type': 'text/plain', connection: 'close' })
  outgoing.end(
    'The Host of this request is none of this machine: allow it by allowedHosts, or --allow-host.\n',
  )
}

async function answer(
  emulator: FetchHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const connection = new AbortController()
  outgoing.on('close', () => connection.abort())
  try {
    const reply = await emulator.fetch(requestOf(incoming, connection.signal))
    await sendReply(reply, outgoing)
  } catch {
    // The connection broke in the emulator, before or within the reply.
    incoming.socket.destroy()
  }
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const method = incoming.method!
  const init: RequestInit & { duplex?: 'half' } = { method, headers: headersOf(incoming), signal }
  if (method !== 'GET' && method !== 'HEAD') {
    init.body = Readable.toWeb(incoming) as ReadableStream
    init.duplex = 'half'
  }
  return new Request(`http://${incoming.headers.host}${incoming.url}`, init)
}

function headersOf({ headers }: IncomingMessage): Headers {
  const result = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const text of [value].flat()) result.append(name, text ?? '')
  }
  return result
}

async function sendReply(reply: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(reply.status, Object.fromEntries(reply.headers))
  for await (const piece of reply.body ?? []) {
    await new Promise<void>((resolve) => outgoing.write(piece, () => resolve()))
  }
  outgoing.end()
}
