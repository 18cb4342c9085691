/** The emulator behind a real HTTP server on loopback. */
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
 * Connections that the emulator says have died are cut, and truncated replies break off in the middle. Give
 * the emulator `clock: 'real'`.
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
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve),
  )
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  emulator: FetchHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  try {
    const reply = await emulator.fetch(
      new Request(`http://${request.headers.host}${request.url}`, {
        method: request.method!,
        headers: Object.entries(request.headers).flatMap(([name, value]) =>
          [value].flat().map((text): [string, string] => [name, text ?? '']),
        ),
        signal: gone.signal,
        ...(request.method !== 'GET' &&
          request.method !== 'HEAD' && { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' }),
      } as RequestInit),
    )
    response.writeHead(reply.status, Object.fromEntries(reply.headers))
    for await (const piece of reply.body ?? [])
      await new Promise<void>((resolve) => response.write(piece, () => resolve()))
    response.end()
  } catch {
    // The emulated connection died, before or within the reply.
    request.socket.destroy()
  }
}
