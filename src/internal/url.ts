/** Which addresses are allowed. */

/** This machine, by the names and numbers that cannot mean another one. */
export const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

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
  if (!url || !/^https?:$/.test(url.protocol)) return 'must be an http(s) URL'
  if (url.protocol === 'http:' && !isLoopback(url) && !allowInsecure) return 'must be https, unless it is a loopback address'
  if (url.username || url.password || url.search || url.hash || !/^\/(v1\/?)?$/.test(url.pathname)) return 'must end with the host: the SDK adds /v1/…'
  return url
}

/** Where a callback may be delivered: https, or http on this machine when the API is there too. */
export function isCallbackUrl(text: string, apiIsLocal: boolean): boolean {
  const url = parseUrl(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && apiIsLocal && isLoopback(url))
}
