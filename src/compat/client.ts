/** The SDK's client behind the old constructors. */
import { type ClientOptions, createClient } from '../client.ts'
import { isLoopback, parseUrl } from '../client/addresses.ts'
import type { FetchLike } from '../client/internals.ts'
import { secKeyAuth } from '../legacy.ts'
import { readRsaKey } from '../legacy/rsa.ts'
import { nodeFetch } from '../node/node-fetch.ts'
import { attempt } from '../platform/realms.ts'
import type { Client } from '../signature/credentials.ts'
import { ORIGINS } from '../wire/endpoints.ts'
import { textOf } from './arguments.ts'
import { mistake } from './mistake.ts'

/** What the SDK can do that the original could not, as one more argument of each constructor. */
export type CompatExtras = Partial<
  Pick<
    ClientOptions,
    'now' | 'sleep' | 'timeoutMs' | 'uploadTimeoutMs' | 'maxRetries' | 'hooks' | 'allowedUploadHosts'
  >
> & {
  /** @default `nodeFetch` of `smileid-edge/node`: like the originals on Node, it sends by `node:http` */
  fetch?: FetchLike | undefined
}

/** How a call is signed; smile_id_core 1.x used a sec_key, which is possible with an RSA key alone. */
export type Scheme = 'signature' | 'sec_key' | 'sec_key_if_possible'

/** What the old constructors take. */
export interface Connection {
  partnerId: string
  apiKey: string
  /** `sid_server` */
  server: string | number
  extras: CompatExtras | undefined
}

/** Makes the client for a scheme when it is needed first. */
export type Connect = (scheme?: Scheme) => Client

/** A constructor never throws, as the originals never did: what is wrong shows when a client is needed. */
export function connector({ partnerId, apiKey, server, extras }: Connection): Connect {
  const clients = new Map<Scheme, Client>()

  function createFor(scheme: Scheme): Client {
    const more = attempt(() => ({ ...extras }))
    if (!more) throw mistake('extras', 'extras cannot be read', 'wrong_type')
    const { fetch = nodeFetch } = more
    const options: ClientOptions = { ...more, fetch, partnerId, apiKey, ...serverOptions(server) }
    if (usesSecKey(scheme, apiKey)) options.auth = secKeyAuth()
    return createClient(options)
  }

  return (scheme = 'signature') => {
    const client = clients.get(scheme) ?? createFor(scheme)
    clients.set(scheme, client)
    return client
  }
}

function usesSecKey(scheme: Scheme, apiKey: unknown): boolean {
  if (scheme === 'sec_key_if_possible') return readRsaKey(textOf(apiKey)) !== undefined
  return scheme === 'sec_key'
}

/** Of `sid_server`: 0 and 1, as numbers or text, or a URL, with or without scheme and `/v1`. */
function serverOptions(server: unknown): Pick<ClientOptions, 'environment' | 'baseUrl'> {
  if (textOf(server) === '0') return { environment: 'sandbox' }
  if (textOf(server) === '1') return { environment: 'production' }
  const url = typeof server === 'string' && server.trim() ? parseServer(server) : undefined
  if (!url) throw mistake('sid_server', 'sid_server needs to be 0, 1 or a URL', 'wrong_format')
  // The original took https for whatever was given; this machine may do without.
  if (!isLoopback(url)) url.protocol = 'https:'
  const isProduction = url.hostname === new URL(ORIGINS.production).hostname
  return {
    environment: isProduction ? 'production' : 'sandbox',
    baseUrl: url.href.replace(/\/+$/, ''),
  }
}

function parseServer(text: string): URL | undefined {
  const hasScheme = /^https?:\/\//i.test(text)
  return parseUrl(hasScheme ? text : `https://${text}`)
}
