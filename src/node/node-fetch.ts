/** The part of fetch that this package uses, over Node's own client. */
import { isNode } from '../platform/runtime.ts'
import { sendRequest } from './fetch/request.ts'

/**
 * The part of fetch that this package uses, over `node:http` and `node:https`, which on Node take half of the
 * time: for the `fetch` of a client.
 *
 * - Connections are kept for later calls, and given back a second before the server closes them
 *   (`Keep-Alive: timeout`), or after 4 seconds.
 * - Bodies are text, bytes, Blobs and streams; a stream is sent with the `content-length` that is given.
 * - Redirects are not followed: with `redirect: 'manual'` they are returned, else refused.
 * - An abort ends the exchange at any moment, and cancels the stream of the body.
 * - Replies are asked for as they are (`accept-encoding: identity`), and not unpacked.
 * - A request goes out once. Failures are those of fetch: a `TypeError` whose `cause` is the system's.
 * - Proxies are used where `NODE_USE_ENV_PROXY` asks Node for it.
 *
 * In Bun, Deno and Workers it is the global fetch, which is faster there.
 *
 * @example
 * ```ts
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 * import { nodeFetch } from 'smileid-edge/node'
 *
 * export const client = createClient({ ...clientOptionsFromEnv(process.env), fetch: nodeFetch })
 * ```
 */
export function nodeFetch(url: string, init: RequestInit = {}): Promise<Response> {
  return isNode() ? sendRequest(url, init) : globalThis.fetch(url, init)
}
