/**
 * A server on loopback that keeps what it is sent, and answers as the service does: signed, and with an
 * upload address of its own.
 */
import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { bodyOf, serve } from '../support/server'

export interface Recorded {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export const PARTNER = '085'
export const KEY = 'wire-key'
const signed = (timestamp = new Date().toISOString()) => ({ timestamp, signature: signatureOf(timestamp) })
/** By Node's own HMAC, not by the code under test. */
export const signatureOf = (timestamp: string) =>
  createHmac('sha256', KEY).update(`${timestamp}${PARTNER}sid_request`).digest('base64')

export interface Recorder {
  url: string
  /** What came since it was last asked. */
  take(): Recorded[]
  /** Answers the next call of this path with that status and body. */
  next(path: string, status: number, body: object): void
  close(): Promise<void>
}

export async function startRecorder(): Promise<Recorder> {
  let kept: Recorded[] = []
  const queued: { path: string; status: number; body: object }[] = []

  function reply(path: string, url: string, body: Buffer): object | string {
    if (path === '/bucket/x.zip') return ''
    if (path === '/v1/upload')
      return {
        code: '2202',
        smile_job_id: '0000000042',
        ref_id: 'r',
        camera_config: null,
        upload_url: `${url}/bucket/x.zip`,
      }
    if (path === '/v1/token') return { token: 'a.web.token' }
    if (path === '/v1/services')
      return {
        id_types: { NG: { BVN: ['country', 'id_type', 'id_number', 'first_name'] } },
        hosted_web: { doc_verification: { NG: { id_types: { PASSPORT: { label: 'Passport' } } } } },
        bank_codes: [],
      }
    if (path.startsWith('/v1/async_')) return { success: true }
    const { partner_params, user_id, job_id } = JSON.parse(body.toString()) as Record<string, unknown>
    const result = {
      ResultCode: '1012',
      ResultText: 'ID Number Validated',
      SmileJobID: '0000000042',
      PartnerParams: partner_params ?? { user_id, job_id, job_type: 1 },
    }
    return path === '/v1/job_status'
      ? { ...signed(), job_complete: true, job_success: true, code: '2302', result }
      : { ...signed(), ...result }
  }

  const server = await serve(async (request, response) => {
    const { method = '', url: path = '', headers } = request
    const body = await bodyOf(request)
    kept.push({ method, path, headers, body })
    const at = queued.findIndex((entry) => entry.path === path)
    const told = at < 0 ? undefined : queued.splice(at, 1)[0]
    const answer = told?.body ?? reply(path, server.url, body)
    response
      .writeHead(told?.status ?? 200, { 'content-type': 'application/json' })
      .end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  return {
    url: server.url,
    take: () => [kept, (kept = [])][0] as Recorded[],
    next: (path, status, body) => void queued.push({ path, status, body }),
    close: () => server.close(),
  }
}
