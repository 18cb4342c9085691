/** Which addresses are allowed. */
import type { ClientInternals } from './internals.ts'
import { issue } from '../errors/issues.ts'
import type { InputIssue } from '../errors/codes.ts'

/** This machine, by the names and numbers that cannot mean another one. */
export function isLoopback({ hostname }: URL): boolean {
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
export function apiRoot(text: string, allowInsecure: boolean): URL | string {
  const url = parseUrl(text)
  if (!url || !['https:', 'http:'].includes(url.protocol)) return 'must be an http(s) URL'
  if (url.protocol === 'http:' && !isLoopback(url) && !allowInsecure)
    return 'must be https, unless it is a loopback address'
  if (url.username || url.password || url.search || url.hash || !['/', '/v1', '/v1/'].includes(url.pathname))
    return 'must end with the host: the SDK adds /v1/…'
  return url
}

/** Where a callback may be delivered: https, or http on this machine when the API is there too. */
export function isCallbackUrl(text: string, apiIsLocal: boolean): boolean {
  const url = parseUrl(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && apiIsLocal && isLoopback(url))
}

/** Issues of an input's `callback_url`; with `needed`, it must be there, or the client's. */
export function callbackIssues(
  internals: ClientInternals,
  callbackUrl: unknown,
  needed: boolean,
): InputIssue[] {
  if (callbackUrl === undefined) {
    return !needed || internals.callbackUrl
      ? []
      : [
          issue(
            'callback_url',
            'missing',
            'is missing, and the client has no callbackUrl: the result would be lost',
          ),
        ]
  }
  return typeof callbackUrl === 'string' &&
    isCallbackUrl(callbackUrl, isLoopback(new URL(internals.client.baseUrl)))
    ? []
    : [issue('callback_url', 'wrong_format', 'must be an https URL')]
}
