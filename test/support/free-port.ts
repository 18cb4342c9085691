/** Ports for servers that go away and come back. */
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below those from which systems take the ports of outgoing connections: from 32768 or 49152 on. */
const FIRST = 15_000
const LAST = 32_000

/**
 * A port on which nobody listens, and that no connection is given meanwhile: a server that was there may come
 * back to it, however many connections this machine makes.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw error
  }
  server.close()
  await once(server, 'close')
  return true
}
