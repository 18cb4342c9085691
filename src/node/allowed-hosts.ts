/**
 * Which `Host` headers a server on this machine answers.
 *
 * A page of the web can have its own name lead to this machine, and then read what a server here answers (DNS
 * rebinding). Browsers say that name in `Host`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-7.4
 */
import { isLoopback, parseUrl } from '../client/addresses.ts'

/** A name or an address, in brackets if it is of IPv6, and a port. */
const HOST = /^(\[[\da-f:.]+\]|[^\s:/?#@[\]\\]+)(:\d{1,5})?$/i

/** As URLs write it; `undefined` for what is no host. */
function normalize(host: string): string | undefined {
  if (!HOST.test(host)) return undefined
  return parseUrl(`http://${host}`)?.hostname.replace(/\.$/, '')
}

/** Whether it is a name or an address alone: no scheme, no port, no path. */
export function isHostName(text: unknown): boolean {
  if (typeof text !== 'string' || normalize(text) === undefined) return false
  return HOST.exec(text)?.[2] === undefined
}

/** Returns a function that says whether a request with this `Host` is meant for this machine, or allowed. */
export function createHostCheck(allowedHosts: readonly string[]): (host: string | undefined) => boolean {
  const allowed = new Set(allowedHosts.map(normalize))
  return (host = '') => {
    const hostname = normalize(host)
    return hostname !== undefined && (isLoopback({ hostname }) || allowed.has(hostname))
  }
}
