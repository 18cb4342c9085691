/** The store that zips are put into: it looks and refuses as S3 does. */
import type { JobRef } from '../wire/jobs.ts'
import type { Answer, Call, Service } from './model.ts'
import { randomDigits } from './random.ts'
import { takeZip } from './received-zip.ts'
import { sha256Hex } from './signature.ts'
import { isSignedFor, uploadPath } from './upload-url.ts'

/** The job whose zip belongs at this URL. */
export function announcedJob(service: Service, url: URL): JobRef | undefined {
  const announced = service.announcedUploads.get(uploadPath(url))
  if (!announced) return undefined
  const { user_id, job_id } = announced.job.job
  return { user_id, job_id }
}

export async function putZip(service: Service, call: Call): Promise<Answer> {
  const announced = service.announcedUploads.get(uploadPath(call.url))
  if (hasOtherCredentials(call.headers)) return s3Error(service, REFUSALS.otherCredentials)
  const isExpired = announced !== undefined && service.now() >= announced.expires * 1000
  if (call.urlExpired || isExpired) return s3Error(service, REFUSALS.expired)
  if (!announced || !isSignedFor(announced, call)) return s3Error(service, REFUSALS.wrongSignature)

  const length = call.headers.get('content-length')
  const isChunked = /chunked/i.test(call.headers.get('transfer-encoding') ?? '')
  if (length === null && isChunked) return s3Error(service, REFUSALS.noLength)
  if (!call.bytes) return s3Error(service, REFUSALS.tooLarge)
  if (length !== null && Number(length) !== call.bytes.length) {
    return s3Error(service, REFUSALS.incomplete)
  }

  await takeZip(service, announced, call.bytes)
  const digest = await sha256Hex(call.bytes)
  return {
    status: 200,
    body: {},
    text: '',
    headers: { etag: `"${digest.slice(0, 32)}"` },
    committed: true,
    signing: 'none',
  }
}

function hasOtherCredentials(headers: Headers): boolean {
  return [...headers.keys()].some((name) => /^(authorization|cookie|smileid-.*)$/.test(name))
}

/** An error as S3 names it. */
interface S3Error {
  status: number
  code: string
  message: string
}

const REFUSALS = {
  otherCredentials: {
    status: 400,
    code: 'InvalidRequest',
    message: 'Only one auth mechanism is allowed: the signature of the URL.',
  },
  expired: {
    status: 403,
    code: 'AccessDenied',
    message: 'Request has expired',
  },
  wrongSignature: {
    status: 403,
    code: 'SignatureDoesNotMatch',
    message:
      'The request signature we calculated does not match the signature you provided. ' +
      'Check your key and signing method.',
  },
  noLength: {
    status: 411,
    code: 'MissingContentLength',
    message: 'You must provide the Content-Length HTTP header.',
  },
  tooLarge: {
    status: 400,
    code: 'EntityTooLarge',
    message: 'Your proposed upload exceeds the maximum allowed size',
  },
  incomplete: {
    status: 400,
    code: 'IncompleteBody',
    message: 'You did not provide the number of bytes specified by the Content-Length HTTP header',
  },
} satisfies Record<string, S3Error>

const CODES_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'InvalidRequest',
  403: 'AccessDenied',
  404: 'NoSuchBucket',
  411: 'MissingContentLength',
  500: 'InternalError',
  503: 'SlowDown',
}

/** An answer of S3 with the status of a fault. */
export function storeFailure(service: Service, status: number): Answer {
  return s3Error(service, {
    status,
    code: CODES_BY_STATUS[status] ?? 'InternalError',
    message: 'emulated failure',
  })
}

function s3Error(service: Service, { status, code, message }: S3Error): Answer {
  const requestId = randomDigits(16, 16, service.random).toUpperCase()
  const members = [
    `<Code>${code}</Code>`,
    `<Message>${message}</Message>`,
    `<RequestId>${requestId}</RequestId>`,
    `<HostId>${btoa(requestId)}</HostId>`,
  ]
  return {
    status,
    body: {},
    text: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${members.join('')}</Error>`,
    headers: { 'content-type': 'application/xml' },
    committed: false,
    signing: 'none',
  }
}
