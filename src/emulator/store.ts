/** The store that zips are put into: it signs its URLs, looks and refuses as S3 does. */
import type { Bytes } from '../platform/bytes.ts'
import { isLoopback } from '../client/addresses.ts'
import { takeZip } from './received-zip.ts'
import type { Answer, Incoming, Service, Announced } from './model.ts'
import { sha256Hex } from './signature.ts'
import type { JobRef } from '../wire/jobs.ts'

const BUCKET = 'smile-uploads-test'
const HOST = `${BUCKET}.s3.us-west-2.amazonaws.com`
const TYPE = 'application/zip'

/**
 * Where the zip of `refId` goes: a host of S3's, or, for who asked over this machine, that very origin with
 * the bucket in the path.
 */
export function signedUrl(
  service: Service,
  partnerId: string,
  refId: string,
  asked: URL,
): { url: URL; path: string; expires: number } {
  const path = `/videos/${partnerId}/${refId}/attachments.zip`
  const expires = Math.ceil((service.now() + service.choices.uploadUrlLifetimeMs) / 1000)
  const url = new URL(isLoopback(asked) ? `${asked.origin}/${BUCKET}${path}` : `https://${HOST}${path}`)
  const random = (bytes: number) =>
    btoa(
      Array.from({ length: bytes }, () => String.fromCharCode(Math.floor(service.random() * 256))).join(''),
    )
  for (const [name, value] of [
    ['AWSAccessKeyId', 'ASIAEMULATED00000000'],
    ['Content-Type', TYPE],
    ['Expires', `${expires}`],
    ['Signature', random(20)],
    ['x-amz-security-token', random(60)],
    ['x-amz-server-side-encryption', 'AES256'],
  ] as const)
    url.searchParams.append(name, value)
  return { url, path, expires }
}

const pathOf = ({ pathname }: URL) => pathname.replace(`/${BUCKET}/`, '/')

export const isStored = (method: string, url: URL): boolean =>
  method === 'PUT' && pathOf(url).startsWith('/videos/')

/** Whose zip belongs there. */
export function jobStored(service: Service, url: URL): JobRef | undefined {
  const job = service.announced.get(pathOf(url))?.job.job
  return job && { user_id: job.user_id, job_id: job.job_id }
}

export async function putZip(service: Service, _: string, __: unknown, incoming: Incoming): Promise<Answer> {
  const announced = service.announced.get(pathOf(incoming.url))
  const { headers, bytes } = incoming
  if ([...headers.keys()].some((name) => /^(authorization|cookie|smileid-.*)$/.test(name)))
    return refusal(
      service,
      400,
      'InvalidRequest',
      'Only one auth mechanism is allowed: the signature of the URL.',
    )
  if (incoming.lapsed || (announced && service.now() >= announced.expires * 1000))
    return refusal(service, 403, 'AccessDenied', 'Request has expired')
  if (!announced || !isSigned(announced, incoming))
    return refusal(
      service,
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    )
  const length = headers.get('content-length')
  if (length === null && /chunked/i.test(headers.get('transfer-encoding') ?? ''))
    return refusal(service, 411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.')
  if (!bytes)
    return refusal(service, 400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size')
  if (length !== null && Number(length) !== bytes.length)
    return refusal(
      service,
      400,
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    )
  await takeZip(service, announced, bytes)
  return {
    status: 200,
    body: {},
    text: '',
    headers: { etag: await etag(bytes) },
    committed: true,
    signed: false,
  }
}

/** The signature is over address, query and content type. */
function isSigned({ url }: Announced, incoming: Incoming): boolean {
  const query = ({ searchParams }: URL) =>
    JSON.stringify([...searchParams].sort(([a], [b]) => (a < b ? -1 : 1)))
  const place = ({ origin, pathname }: URL) => origin + pathname
  return (
    place(url) === place(incoming.url) &&
    query(url) === query(incoming.url) &&
    incoming.headers.get('content-type') === TYPE
  )
}

const etag = async (bytes: Bytes) => `"${(await sha256Hex(bytes)).slice(0, 32)}"`

const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidRequest',
  403: 'AccessDenied',
  404: 'NoSuchBucket',
  411: 'MissingContentLength',
  500: 'InternalError',
  503: 'SlowDown',
}

/** As S3 answers with a status of its own. */
export const storeFailure = (service: Service, status: number): Answer =>
  refusal(service, status, CODES[status] ?? 'InternalError', 'emulated failure')

function refusal(service: Service, status: number, code: string, message: string): Answer {
  const id = Array.from({ length: 16 }, () =>
    Math.floor(service.random() * 16)
      .toString(16)
      .toUpperCase(),
  ).join('')
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>${id}</RequestId><HostId>${btoa(id)}</HostId></Error>`
  return {
    status,
    body: {},
    text,
    headers: { 'content-type': 'application/xml' },
    committed: false,
    signed: false,
  }
}
