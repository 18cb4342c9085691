/** The signed URL of an upload: where it leads, and whether a request has it. */
import { isLoopback } from '../client/addresses.ts'
import type { AnnouncedUpload, Call, Service } from './model.ts'
import { below } from './random.ts'

const BUCKET = 'smile-uploads-test'
const HOST = `${BUCKET}.s3.us-west-2.amazonaws.com`
const CONTENT_TYPE = 'application/zip'

export interface SignedUrl {
  url: URL
  /** By which an upload is found again. */
  path: string
  /** In seconds since 1970. */
  expires: number
}

/**
 * Where the zip of `refId` goes: a host of S3, or, for a request to a loopback address, the same origin with
 * the bucket in the path.
 */
export function signedUrl(
  service: Service,
  { partnerId, refId, requestUrl }: { partnerId: string; refId: string; requestUrl: URL },
): SignedUrl {
  const path = `/videos/${partnerId}/${refId}/attachments.zip`
  const root = isLoopback(requestUrl) ? `${requestUrl.origin}/${BUCKET}` : `https://${HOST}`
  const expires = Math.ceil((service.now() + service.choices.uploadUrlLifetimeMs) / 1000)
  const url = new URL(`${root}${path}`)
  url.searchParams.append('AWSAccessKeyId', 'ASIAEMULATED00000000')
  url.searchParams.append('Content-Type', CONTENT_TYPE)
  url.searchParams.append('Expires', String(expires))
  url.searchParams.append('Signature', randomBase64(20, service.random))
  url.searchParams.append('x-amz-security-token', randomBase64(60, service.random))
  url.searchParams.append('x-amz-server-side-encryption', 'AES256')
  return { url, path, expires }
}

/** Of a URL that was signed, whichever origin it has. */
export function uploadPath({ pathname }: URL): string {
  return pathname.replace(`/${BUCKET}/`, '/')
}

/** Whether it is the store that a request is for. */
export function isUpload(method: string, url: URL): boolean {
  return method === 'PUT' && uploadPath(url).startsWith('/videos/')
}

/** The signature is over address, query and content type. */
export function isSignedFor(announced: AnnouncedUpload, { url, headers }: Call): boolean {
  return (
    announced.url.origin === url.origin &&
    announced.url.pathname === url.pathname &&
    sortedQuery(announced.url) === sortedQuery(url) &&
    headers.get('content-type') === CONTENT_TYPE
  )
}

function sortedQuery({ searchParams }: URL): string {
  return JSON.stringify([...searchParams].sort(([first], [second]) => (first < second ? -1 : 1)))
}

function randomBase64(bytes: number, random: () => number): string {
  const text = Array.from({ length: bytes }, () => String.fromCharCode(below(256, random)))
  return btoa(text.join(''))
}
