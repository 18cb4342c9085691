/** Tells callbacks of v1 and v3 apart that come to one URL. */
import { readBody } from '../../callback/body.ts'
import { lostBody, malformedBody, type Refusal } from '../../callback/refusal.ts'
import type { Members } from '../../input/objects.ts'
import { signedPairOf } from '../http/signature.ts'
import type { CallbackInput } from './input.ts'
import { DEFAULT_MAX_BYTES } from './receive.ts'

export type Sorted =
  | { kind: 'v1'; request: Request }
  | { kind: 'v3'; input: CallbackInput }
  | { kind: 'refused'; refusal: Refusal }

/**
 * What has no signature in its headers is left to v1, unread. Else the body tells, since newer webhooks of
 * v1 are signed like those of v3.
 */
export async function sortRequest(
  request: Request,
  { maxBytes = DEFAULT_MAX_BYTES, maxReadMs }: { maxBytes: number | undefined; maxReadMs: number },
): Promise<Sorted> {
  if (!signedPairOf(request.headers)) return { kind: 'v1', request }
  const read = await readBody(request, { maxBytes, maxReadMs })
  if (!read.ok) {
    return { kind: 'refused', refusal: 'flaw' in read ? malformedBody(read.flaw) : lostBody(read.loss) }
  }
  const { body } = read
  if (isOfV1(body)) return { kind: 'v1', request: withBody(request, body) }
  return { kind: 'v3', input: { headers: request.headers, body } }
}

/** The result itself, or the status of a job. */
function isOfV1({ ResultCode, SmileJobID, job_complete }: Members): boolean {
  return [ResultCode, SmileJobID, job_complete].some((member) => member !== undefined)
}

/** The same with a body that can be read again. */
function withBody({ url, headers: given }: Request, body: Members): Request {
  const headers = new Headers(given)
  headers.delete('content-length')
  return new Request(url, { method: 'POST', headers, body: JSON.stringify(body) })
}
