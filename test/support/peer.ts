/**
 * A server on loopback that answers as an emulator does, or in the way that the user_id begins with. Any
 * origin may ask.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createEmulator } from 'smileid-edge/emulator'
import { CANARY } from './canary'
import { type Cut, type CuttingServer, startCuttingServer } from './cutting-server'
import { bodyOf, type Listening, serve } from './server'
import { startV3Peer } from './v3-peer'

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': '*',
}

export async function startPeer(): Promise<Listening> {
  const emulator = createEmulator({
    clock: 'real',
    jobDurationMs: 1000,
    partners: [{ partnerId: '085', apiKey: CANARY.apiKey }],
  })
  let elsewhere = 0
  const cutting = new Map<string, CuttingServer>()
  const v3 = await startV3Peer()

  /** Starts one, and says where it is; or ends the one that is asked for, and says what it was sent. */
  async function cuttingServer(url: string): Promise<unknown> {
    const asked = Object.fromEntries(new URL(url, 'http://localhost').searchParams)
    const known = cutting.get(asked.url ?? '')
    if (known) {
      cutting.delete(known.url)
      await known.close()
      return known.seen
    }
    const server = await startCuttingServer(asked as unknown as Cut)
    cutting.set(server.url, server)
    return server.url
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'OPTIONS') return void response.writeHead(204, CORS).end()
    if (request.url === '/elsewhere-hits') return void response.writeHead(200, CORS).end(String(elsewhere))
    if (request.url === '/elsewhere') elsewhere++
    if (request.url?.startsWith('/cutting-servers')) {
      return void response.writeHead(200, CORS).end(JSON.stringify(await cuttingServer(request.url)))
    }
    if (request.url?.startsWith('/v3-backend')) {
      return void response.writeHead(200, CORS).end(JSON.stringify(await v3.backend(request.url)))
    }
    // Slow, so that it outlives the request that asked.
    if (request.url === '/v1/services')
      return void setTimeout(() => response.writeHead(200, CORS).end('{"id_types":{},"hosted_web":{}}'), 300)
    const body = await bodyOf(request)
    const trickle = (piece: string, everyMs: number) => {
      response.writeHead(200, { 'content-type': 'application/json', ...CORS })
      const timer = setInterval(() => response.write(piece), everyMs)
      response.on('close', () => clearInterval(timer))
    }
    switch (/"user_id":"([a-z0-9]+)_/.exec(body.toString('latin1', 0, 1000))?.[1]) {
      case 'redirect':
        return void response.writeHead(307, { location: '/elsewhere', ...CORS }).end()
      case 'reset':
        return void request.socket.destroy()
      case 'truncated':
        return void response
          .writeHead(200, { 'content-length': '1000', ...CORS })
          .write('{"Actions":{', () => request.socket.destroy())
      case 'silent':
        return
      case 'trickle':
        return trickle(' ', 20)
      case 'endless':
        return trickle(' '.repeat(300_000), 1)
      case 'html':
        return void response.writeHead(200, CORS).end('<html>')
      case 'latin1':
        return void response.writeHead(200, CORS).end(Buffer.from('{"a":"\xe9"}', 'latin1'))
      default: {
        // As S3 and gateways do, it wants to know the length first.
        if (Number(request.headers['content-length']) !== body.length)
          return void response.writeHead(411, CORS).end()
        const headers = Object.entries(request.headers).filter(
          (entry): entry is [string, string] =>
            typeof entry[1] === 'string' && /^(content-type|authorization|cookie|smileid-.*)$/.test(entry[0]),
        )
        const reply = await emulator.fetch(`http://${request.headers.host}${request.url}`, {
          method: request.method,
          headers,
          body,
        })
        response
          .writeHead(reply.status, { 'content-type': 'application/json', ...CORS })
          .end(await reply.text())
      }
    }
  }

  const listening = await serve(answer)
  return {
    ...listening,
    async close() {
      await Promise.all([listening, v3, ...cutting.values()].map((server) => server.close()))
    },
  }
}
