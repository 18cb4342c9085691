/** One request over `node:http` or `node:https`, which does all of the protocol. */
import type { ClientRequest } from 'node:http'
import { onAbort } from '../../platform/abort.ts'
import { noteKeepAlive, type Way, wayOf } from './agents.ts'
import { type RequestBody, readBody, sendBody } from './request-body.ts'
import { type Reply, replyOf } from './reply.ts'

/** Statuses of redirects (WHATWG Fetch). */
const REDIRECTS = [301, 302, 303, 307, 308]

/** Sent unless the caller gives others. Without a user agent, some firewalls let nothing pass. */
const DEFAULT_HEADERS = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'node' }

/** What fetch rejects with; what the system said is the cause. */
function fetchFailed(cause: unknown): TypeError {
  return new TypeError('fetch failed', { cause })
}

/** Rejects with the signal's own reason when aborted. */
export function sendRequest(url: string, init: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { signal } = init
    if (signal?.aborted) throw signal.reason
    const body = readBody(init.body)
    const request = open(new URL(url), init, body)
    let reply: Reply | undefined
    const end = (error: unknown) => {
      if (reply) reply.fail(error)
      else reject(error)
    }
    const stopListening = onAbort(signal ?? undefined, () => {
      end(signal!.reason)
      request.destroy()
    })
    request.on('error', (error) => end(fetchFailed(error)))
    request.on('close', stopListening)
    request.on('response', (message) => {
      try {
        noteKeepAlive(message)
        if (init.redirect !== 'manual' && REDIRECTS.includes(message.statusCode!)) {
          throw new Error('unexpected redirect')
        }
        reply = replyOf(message)
      } catch (error) {
        reject(fetchFailed(error))
        request.destroy()
        return
      }
      // Whoever answers before all was sent wants no more of it.
      message.on('end', () => void (request.writableFinished || request.destroy()))
      resolve(reply.response)
    })
    sendBody(request, body)
  })
}

function open(url: URL, { method, headers }: RequestInit, body: RequestBody): ClientRequest {
  const way: Way | undefined = wayOf(url.protocol)
  if (!way) throw fetchFailed(new Error('unknown scheme'))
  if (url.username || url.password) throw new TypeError('The URL must not hold a user name or a password.')
  return way.request({
    agent: way.agent,
    // An IPv6 address without its brackets.
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname + url.search,
    method: method ?? 'GET',
    headers: headerList(url, headers instanceof Headers ? headers : new Headers(headers), body),
  })
}

/** Names and values in turn: what is given as a list, Node writes down as it is. */
function headerList(url: URL, given: Headers, body: RequestBody): string[] {
  const list = ['host', url.host]
  for (const [name, value] of Object.entries(DEFAULT_HEADERS)) {
    if (!given.has(name)) list.push(name, value)
  }
  if (body?.length !== undefined && !given.has('content-length')) {
    list.push('content-length', String(body.length))
  }
  given.forEach((value, name) => list.push(name, value))
  return list
}
