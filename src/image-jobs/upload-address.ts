/** Where images may be uploaded. */
import { isLoopback, parseUrl } from '../client/addresses.ts'

/**
 * Virtual-hosted and path style, with and without region, dual-stack and accelerated; not everything of
 * amazonaws.com, where anybody runs servers.
 */
const S3_HOST =
  /^([a-z0-9][a-z0-9.-]*\.)?s3([.-](dualstack\.)?[a-z]{2}(-[a-z]+)+-\d|-accelerate)?\.amazonaws\.com$/

/**
 * The address that the service gave for an upload, if images may go there: https to S3, to the API's own host
 * or to one of `hosts`; http within this machine.
 */
export function uploadAddress(
  text: unknown,
  { apiRoot, hosts }: { apiRoot: URL; hosts: readonly string[] },
): URL | undefined {
  const url = parseUrl(text)
  if (!url || url.username || url.password) return undefined
  if (url.protocol === 'http:') return isLoopback(url) && isLoopback(apiRoot) ? url : undefined
  if (url.protocol !== 'https:') return undefined
  const isS3 = S3_HOST.test(url.hostname) && url.port === ''
  return isS3 || url.host === apiRoot.host || hosts.includes(url.hostname) ? url : undefined
}
