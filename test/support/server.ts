/** Servers on loopback. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'

export interface Listening {
  url: string
  port: number
  /**
   * Connections that are open now, and carried something: Node's fetch opens a spare one after each that it
   * broke off.
   */
  open(): number
  /** Whatever is under way is cut off. */
  close(): Promise<void>
}

/** Any server of node:http, node:https, node:net or node:tls. */
export async function listen(server: Server, scheme = 'http'): Promise<Listening> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    open: () => [...sockets].filter(({ bytesRead }) => bytesRead > 0).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

type Answer = (request: IncomingMessage, response: ServerResponse, url: string) => unknown

/** A server that answers each request; where the answer fails, the connection ends. */
export function serve(answer: Answer): Promise<Listening> {
  const server = createServer((request, response) => {
    const answered = async () => answer(request, response, `http://${request.headers.host}`)
    answered().catch(() => response.destroy())
  })
  // Left to clients: a server that closes an idle connection may do so as it is used again.
  server.keepAliveTimeout = 0
  return listen(server)
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
