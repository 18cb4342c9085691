/** One upload to the store: a signed PUT that carries nothing else of ours. */
import { invalidReply } from './api-error.ts'
import { type Pieces, pieceBody } from './body.ts'
import type { Core, RequestOptions } from './core.ts'
import { type JobRef, SmileIdApiError, SmileIdError } from './errors.ts'
import { type CallFacts, send } from './http.ts'
import { retryAfterMs } from './retry.ts'
import { UPLOAD_ZIP } from './tables.ts'

const REOPEN = 'The job is open without images: submit it again with retry: true.'

/** S3's errors have some hundred bytes. */
const MAX_REPLY_BYTES = 65_536

export interface Upload {
  url: URL
  zip: Pieces
  job: JobRef
  smileJobId: string
}

const lapsed = /* @__PURE__ */ new WeakSet<object>()
/** Whether an upload was refused because its address had run out. */
export const hasLapsed = (error: unknown): boolean => lapsed.has(error as object)

/** Repeats by itself what the store clearly refused for now, and nothing else. */
export async function upload(core: Core, { url, zip, job, smileJobId }: Upload, options: RequestOptions): Promise<void> {
  try {
    await send(core, {
      ...UPLOAD_ZIP, url, job, smileJobId, maxReplyBytes: MAX_REPLY_BYTES,
      async body() {
        const { body, headers } = pieceBody(zip)
        // The type is part of what was signed; the rest is what fetch sends by itself.
        return { body: body!, headers: { ...headers, 'content-type': 'application/zip', accept: '*/*' } }
      },
      answer({ status, ok, headers }, text = '', facts, now) {
        if (ok) return {}
        if (status < 400) throw Object.assign(invalidReply(status, facts), { outcome: 'rejected' })
        const error = refusal(status, /<Code>(\w{1,60})</.exec(text)?.[1], retryAfterMs(headers.get('retry-after'), now), facts)
        if (/<Code>ExpiredToken<|<Message>[^<]{0,300}expired/i.test(text)) lapsed.add(error)
        throw error
      },
    }, options)
  } catch (error) {
    // For the call as a whole: the job is open, so it can't be sent again as it was, and it did not run.
    if (error instanceof SmileIdError && error.outcome !== 'unknown') Object.assign(error, { outcome: 'rejected', retryable: false, hint: REOPEN })
    throw error
  }
}

/** The store says no, in XML: nothing was stored. */
function refusal(status: number, word: string | undefined, waits: number | undefined, facts: CallFacts): SmileIdApiError {
  const later = status >= 500 || status === 429 || word === 'RequestTimeout'
  return new SmileIdApiError({
    ...facts, code: status >= 500 ? 'server_error' : later ? 'rate_limited' : 'upload_refused', status, outcome: 'rejected', retryable: later, retryAfterMs: waits,
    body: word ? { code: word } : undefined, hint: REOPEN,
  })
}
