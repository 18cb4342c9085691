/** The emulator behind a real HTTP server on the loopback address. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'

/** Anything that answers requests; `emulator` of smileid-edge/emulator fits. */
export interface FetchHandler {
  fetch(request: Request): Promise<Response>
}

export interface EmulatorServer {
  /** Fits `baseUrl`. */
  readonly url: string
  /** Ends open connections, too. */
  close(): Promise<void>
}

/**
 * Serves an emulator over HTTP on 127.0.0.1, for demos, other processes and other runtimes.
 *
 * Connections that break in the emulator are cut, and truncated replies break off in the middle. Give the
 * emulator `clock: 'real'`.
 *
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
  options: { /** @default any free one */ port?: number | undefined } = {},
): Promise<EmulatorServer> {
  const server = createServer((request, response) => void answer(emulator, request, response))
  // Who closes an idle connection first loses no request that is on its way: so that is left to the clients.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
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
