/** What is kept of requests: how they were built, not what they said. */
import type { Bytes } from '../../platform/bytes.ts'
import { sha256Hex } from '../signature.ts'
import type { V3Answer, V3Request, V3State } from './model.ts'
import { boundaryOf, type Part, readParts } from './multipart.ts'
import type { V3Partner } from './partners.ts'
import type { V3Route } from './routes.ts'

interface Seen {
  request: Request
  url: URL
  route: V3Route
  bytes: Bytes | undefined
  partner: V3Partner | undefined
  answer: V3Answer
}

export async function recordRequest(state: V3State, seen: Seen): Promise<void> {
  const { request, url, route, bytes, partner, answer } = seen
  const boundary = boundaryOf(request.headers.get('content-type'))
  const parts = (bytes && boundary !== undefined && readParts(bytes, boundary)) || []
  const record: V3Request = {
    operation: route.operation,
    method: request.method,
    path: url.pathname,
    headers: [...request.headers.keys()],
    parts: await Promise.all(parts.map(describe)),
    status: answer.status,
  }
  if (partner?.id) record.partnerId = partner.id
  if (answer.job) record.job_id = answer.job.job_id
  state.requests.push(record)
}

async function describe({ name, type, filename, bytes }: Part): Promise<V3Request['parts'][number]> {
  const part = { name, type, bytes: bytes.length }
  return filename === undefined ? part : { ...part, filename, sha256: await sha256Hex(new Uint8Array(bytes)) }
}
