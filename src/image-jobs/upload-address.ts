/** Where images may be uploaded. */
import { parseUrl } from '../client/addresses.ts'
import { isLoopback } from '../client/addresses.ts'

/**
 * The address that the service gave for an upload, if images may go there: https to the store, the API's own
 * host or `hosts`; http within this machine.
 */
export function uploadUrl(text: unknown, root: URL, hosts: readonly string[]): URL | undefined {
  const url = parseUrl(text)
  if (!url || url.username || url.password) return undefined
  // Virtual-hosted and path style, with and without region, dual-stack and accelerated; not everything of
  // amazonaws.com, where anybody runs servers.
  const s3 =
    /^([a-z0-9][a-z0-9.-]*\.)?s3([.-](dualstack\.)?[a-z]{2}(-[a-z]+)+-\d|-accelerate)?\.amazonaws\.com$/
  const known = url.host === root.host || hosts.includes(url.hostname) || (s3.test(url.hostname) && !url.port)
  return (url.protocol === 'https:' && known) ||
    (url.protocol === 'http:' && isLoopback(url) && isLoopback(root))
    ? url
    : undefined
}
