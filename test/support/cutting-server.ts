/**
 * A bare TCP server that reads requests whole and then cuts the connection, as one does that acted and whose
 * answer is lost; and that tells what it was sent.
 */
import { createServer, type Socket } from 'node:net'
import { type Listening, listen } from './server'

/** One request, as it came. */
export interface SeenRequest {
  method: string
  path: string
  /** Whether its connection had carried a request before. */
  reused: boolean
  /** How the length of its body was given. */
  framing: 'content-length' | 'chunked' | 'none'
  bodyBytes: number
  /** Of v3's one submission that may come again. */
  idempotencyKey?: string | undefined
}

export interface Cut {
  /** How the connection ends. */
  end: 'reset' | 'close'
  /** Whether connections are left open by the requests before. */
  connection: 'fresh' | 'reused'
  /** Which request is cut; others are answered as a prep upload is. @default every one */
  method?: 'POST' | 'PUT'
}

interface ParsedRequest {
  request: Omit<SeenRequest, 'reused'>
  /** Where the request's bytes end. */
  end: number
}

export interface CuttingServer extends Listening {
  readonly seen: readonly SeenRequest[]
}

/** `GET /warm-up` is not counted, and leaves a connection open where reused ones are wanted. */
export async function startCuttingServer(cut: Cut): Promise<CuttingServer> {
  const seen: SeenRequest[] = []
  const isKept = cut.connection === 'reused'

  function answer(socket: Socket, value: unknown): void {
    const body = JSON.stringify(value)
    socket.write(
      [
        'HTTP/1.1 200 OK',
        'content-type: application/json',
        `content-length: ${body.length}`,
        ...(isKept ? [] : ['connection: close']),
        '',
        body,
      ].join('\r\n'),
    )
    if (!isKept) socket.end()
  }

  function take(socket: Socket, request: SeenRequest): void {
    if (request.path === '/warm-up') return answer(socket, null)
    seen.push(request)
    if (cut.method && cut.method !== request.method) {
      const upload_url = `http://127.0.0.1:${socket.localPort}/zip`
      return answer(socket, { upload_url, smile_job_id: '1', code: '2202' })
    }
    if (cut.end === 'reset') socket.resetAndDestroy()
    else socket.end()
  }

  const server = createServer((socket) => {
    let received = Buffer.alloc(0)
    let requests = 0
    socket.on('data', (piece) => {
      received = Buffer.concat([received, piece])
      for (let parsed = parse(received); parsed; parsed = parse(received)) {
        received = received.subarray(parsed.end)
        take(socket, { ...parsed.request, reused: requests++ > 0 })
      }
    })
  })
  return { ...(await listen(server)), seen }
}

/** The first request in `bytes` (RFC 9112), once it is there as a whole. */
function parse(bytes: Buffer): ParsedRequest | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const [method = '', path = ''] = head.split(' ', 2)
  const start = headEnd + 4
  const idempotencyKey = /^smileid-idempotency-key: *(.*)$/im.exec(head)?.[1]
  if (/^transfer-encoding: *chunked/im.test(head)) {
    const last = bytes.indexOf('0\r\n\r\n', start)
    if (last === -1) return undefined
    const request = { method, path, framing: 'chunked' as const, bodyBytes: last - start, idempotencyKey }
    return { request, end: last + 5 }
  }
  const length = /^content-length: *(\d+)/im.exec(head)?.[1]
  const bodyBytes = Number(length ?? 0)
  if (bytes.length < start + bodyBytes) return undefined
  const framing = length === undefined ? 'none' : 'content-length'
  return { request: { method, path, framing, bodyBytes, idempotencyKey }, end: start + bodyBytes }
}
