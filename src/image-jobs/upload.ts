/** The upload of a zip to the store: a signed PUT that carries nothing else of ours. */
import type { ClientInternals, RequestOptions } from '../client/internals.ts'
import { ASK_FIRST } from '../errors/api-codes.ts'
import type { ApiCode } from '../errors/codes.ts'
import { pieceBody, type Pieces } from '../http/body.ts'
import { apiFailure, type Failure, invalidReply, type Received } from '../http/refusal.ts'
import { retryAfterMs } from '../http/retry.ts'
import { attempts, type FoundOut } from '../http/attempts.ts'
import type { JobRef } from '../wire/jobs.ts'

const SUBMIT_AGAIN = 'The job is open without images: submit it again with retry: true.'

/** S3's errors have some hundred bytes. */
const MAX_REPLY_BYTES = 65_536

export interface Upload {
  url: URL
  zip: Pieces
  job: JobRef
  smileJobId: string
  /** After an attempt that ended without an answer: whether the service has the zip. */
  findOut(): Promise<FoundOut>
}

export type UploadResult =
  | { ok: true }
  /** `addressExpired`: it was refused for that, and no zip can have arrived before. */
  | { ok: false; failure: Failure; addressExpired: boolean }

/** Rejects with the signal's own reason when aborted. */
export async function upload(
  internals: ClientInternals,
  { url, zip, job, smileJobId, findOut }: Upload,
  options: RequestOptions,
): Promise<UploadResult> {
  /** Of the latest attempt. */
  let saidExpired = false
  const end = await attempts(
    internals,
    {
      operation: 'upload_zip',
      method: 'PUT',
      path: '',
      url,
      repeatable: false,
      job,
      smileJobId,
      maxReplyBytes: MAX_REPLY_BYTES,
      redirectOutcome: 'rejected',
      async body(attempt) {
        saidExpired = false
        const { body, headers } = pieceBody(zip, attempt)
        // The type is part of what was signed; the rest is what fetch sends by itself.
        return { body: body!, headers: { ...headers, 'content-type': 'application/zip', accept: '*/*' } }
      },
      readReply(received, text = '') {
        if (received.response.ok) return { ok: true, reply: {} }
        saidExpired = saysExpired(text)
        return { ok: false, failure: storeRefusal(received, text) }
      },
      findOut,
    },
    options,
  )
  if (end.kind === 'abort') throw end.reason
  if (end.kind === 'reply') return { ok: true }
  const { failure } = end
  const mayHaveRun = failure.facts.outcome === 'unknown'
  return {
    ok: false,
    failure: ofOpenJob(failure, { mayHaveRun }),
    addressExpired: saidExpired && !mayHaveRun,
  }
}

/**
 * The failure for the submission as a whole: a job that is open cannot be sent again as it was, and unless a
 * zip may have arrived, it did not run.
 */
export function ofOpenJob(failure: Failure, { mayHaveRun }: { mayHaveRun: boolean }): Failure {
  const facts = { ...failure.facts, retryable: false }
  if (mayHaveRun) return { ...failure, facts: { ...facts, hint: ASK_FIRST } }
  return { ...failure, facts: { ...facts, outcome: 'rejected', hint: SUBMIT_AGAIN } }
}

function saysExpired(text: string): boolean {
  return /<Code>ExpiredToken<|<Message>[^<]{0,300}expired/i.test(text)
}

/** S3's error codes that ask for another try later. */
const LATER_CODES = ['SlowDown', 'ServiceUnavailable', 'RequestTimeout']

/** The store's refusal, in XML; any other 5xx may come from in between, after the zip went through. */
function storeRefusal({ response, facts, now }: Received, text: string): Failure {
  const { status, headers } = response
  if (status < 400) return invalidReply(facts, { status, outcome: 'rejected' })
  const storeErrorCode = /<Code>(\w{1,60})</.exec(text)?.[1]
  const waitMs = retryAfterMs(headers.get('retry-after'), now)
  const isLater =
    status === 429 ||
    (status === 503 && waitMs !== undefined) ||
    (storeErrorCode !== undefined && LATER_CODES.includes(storeErrorCode))
  const isUnclear = !isLater && (status >= 500 || status === 408)
  return apiFailure({
    ...facts,
    code: storeCode({ status, isLater, isUnclear }),
    status,
    outcome: isUnclear ? 'unknown' : 'rejected',
    retryable: isLater,
    retryAfterMs: waitMs,
    body: storeErrorCode === undefined ? undefined : { code: storeErrorCode },
    hint: SUBMIT_AGAIN,
  })
}

function storeCode(said: { status: number; isLater: boolean; isUnclear: boolean }): ApiCode {
  if (said.isUnclear || said.status >= 500) return 'server_error'
  return said.isLater ? 'rate_limited' : 'upload_refused'
}
