/** Which addresses are allowed. */
import type { InputIssue } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'
import type { ClientInternals } from './internals.ts'

/** This machine, by the names and numbers that cannot mean another one. */
export function isLoopback({ hostname }: Pick<URL, 'hostname'>): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

export function parseUrl(text: unknown): URL | undefined {
  try {
    return new URL(text as string)
  } catch {
    return undefined
  }
}

/** The API's root in `text`, or what is wrong with it. */
export function readApiRoot(
  text: string,
  { allowInsecure }: { allowInsecure: boolean },
): { ok: true; url: URL } | { ok: false; issue: InputIssue } {
  const refuse = (message: string) =>
    ({ ok: false, issue: issue('baseUrl', 'wrong_format', message) }) as const
  const url = parseUrl(text)
  if (!url || !['https:', 'http:'].includes(url.protocol)) return refuse('must be an http(s) URL')
  if (url.protocol === 'http:' && !isLoopback(url) && !allowInsecure) {
    return refuse('must be https, unless it is a loopback address')
  }
  const hasMore = url.username || url.password || url.search || url.hash
  if (hasMore || !['/', '/v1', '/v1/'].includes(url.pathname)) {
    return refuse('must end with the host: the SDK adds /v1/…')
  }
  return { ok: true, url }
}

/** Whether a callback may be delivered there: over https, or on this machine when the API is there, too. */
export function isCallbackUrl(text: string, api: URL): boolean {
  const url = parseUrl(text)
  if (url?.protocol === 'https:') return true
  return url?.protocol === 'http:' && isLoopback(api) && isLoopback(url)
}

/**
 * Issues of an input's `callback_url`, which must be there, or the client's, where it is needed; `canWait`
 * where the option `willWait` would do instead.
 */
export function callbackUrlIssues(
  internals: Pick<ClientInternals, 'client' | 'callbackUrl'>,
  callbackUrl: unknown,
  { needed, canWait = false }: { needed: boolean; canWait?: boolean },
): InputIssue[] {
  if (callbackUrl === undefined) {
    if (!needed || internals.callbackUrl) return []
    const lost = 'is missing, and the client has no callbackUrl: the result would be lost'
    const message = canWait ? `${lost}, unless the option willWait says that you ask for it` : lost
    return [issue('callback_url', 'missing', message)]
  }
  const api = new URL(internals.client.baseUrl)
  if (typeof callbackUrl === 'string' && isCallbackUrl(callbackUrl, api)) return []
  return [issue('callback_url', 'wrong_format', 'must be an https URL')]
}
