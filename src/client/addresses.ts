/** Which addresses are allowed. */
import type { Core } from './internals.ts'
import type { InputIssue } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'

/** This machine, by the names and numbers that cannot mean another one. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

function parseUrl(text: unknown): URL | undefined {
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
  if (url.protocol === 'http:' && !isLoopback(url) && !allowInsecure) return 'must be https, unless it is a loopback address'
  if (url.username || url.password || url.search || url.hash || !['/', '/v1', '/v1/'].includes(url.pathname)) return 'must end with the host: the SDK adds /v1/…'
  return url
}

/** The address that the service gave for an upload, if images may go there: https to the store, the API's own host or `hosts`; http within this machine. */
export function uploadUrl(text: unknown, root: URL, hosts: readonly string[]): URL | undefined {
  const url = parseUrl(text)
  if (!url || url.username || url.password) return undefined
  // Virtual-hosted and path style, with and without region, dual-stack and accelerated; not everything of amazonaws.com, where anybody runs servers.
  const s3 = /^([a-z0-9][a-z0-9.-]*\.)?s3([.-](dualstack\.)?[a-z]{2}(-[a-z]+)+-\d|-accelerate)?\.amazonaws\.com$/
  const known = url.host === root.host || hosts.includes(url.hostname) || (s3.test(url.hostname) && !url.port)
  return (url.protocol === 'https:' && known) || (url.protocol === 'http:' && isLoopback(url) && isLoopback(root)) ? url : undefined
}

/** Where a callback may be delivered: https, or http on this machine when the API is there too. */
export function isCallbackUrl(text: string, apiIsLocal: boolean): boolean {
  const url = parseUrl(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && apiIsLocal && isLoopback(url))
}

/** Issues of an input's `callback_url`; with `needed`, it must be there, or the client's. */
export function callbackIssues(core: Core, callbackUrl: unknown, needed: boolean): InputIssue[] {
  if (callbackUrl === undefined) {
    return !needed || core.callbackUrl ? [] : [issue('callback_url', 'missing', 'is missing, and the client has no callbackUrl: the result would be lost')]
  }
  return typeof callbackUrl === 'string' && isCallbackUrl(callbackUrl, isLoopback(new URL(core.client.baseUrl))) ? [] : [issue('callback_url', 'wrong_format', 'must be an https URL')]
}
