/**
 * The upload of a zip to the store: a signed PUT that carries nothing else of ours, and what is known after
 * one that broke off.
 */
import { invalidReply, type CallFacts } from '../http/refusal.ts'
import { type Pieces, pieceBody } from '../http/body.ts'
import type { ClientInternals, RequestOptions } from '../client/internals.ts'
import { SmileIdApiError, SmileIdError } from '../errors/classes.ts'
import { send } from '../http/send.ts'
import { retryAfterMs } from '../http/retry.ts'
import { ASK_FIRST } from '../errors/api-codes.ts'
import type { JobRef } from '../wire/jobs.ts'

const REOPEN = 'The job is open without images: submit it again with retry: true.'

/** S3's errors have some hundred bytes. */
const MAX_REPLY_BYTES = 65_536
/**
 * How long after an upload the job is asked about, again and again, before it is believed that nothing
 * arrived: half a minute. How long it takes is not documented.
 */
const LOOKS_MS = [2_000, 4_000, 8_000, 16_000]

export interface Upload {
  url: URL
  zip: Pieces
  job: JobRef
  smileJobId: string
  /** Bytes handed over by this attempt so far, for sending; none where the runtime does not tell. */
  sentBytes(): number
  /** Whether the service has the zip; `undefined` where it does not say. */
  look(): Promise<boolean | undefined>
}

const lapsed = /* @__PURE__ */ new WeakSet<object>()
/** Whether an upload was refused because its address had run out, and none before it may have arrived. */
export function hasLapsed(error: unknown): boolean {
  return lapsed.has(error as object) && (error as SmileIdError).outcome !== 'unknown'
}

export async function upload(
  internals: ClientInternals,
  { url, zip, job, smileJobId, sentBytes, look }: Upload,
  options: RequestOptions,
): Promise<void> {
  try {
    await send(
      internals,
      {
        operation: 'upload_zip',
        method: 'PUT',
        url,
        job,
        smileJobId,
        maxReplyBytes: MAX_REPLY_BYTES,
        async body(life) {
          const { body, headers } = pieceBody(zip, life)
          // The type is part of what was signed; the rest is what fetch sends by itself.
          return { body: body!, headers: { ...headers, 'content-type': 'application/zip', accept: '*/*' } }
        },
        answer({ status, ok, headers }, text = '', facts, now) {
          if (ok) return {}
          if (status < 400) throw invalidReply(status, facts, { outcome: 'rejected' })
          const error = refusal(
            status,
            /<Code>(\w{1,60})</.exec(text)?.[1],
            retryAfterMs(headers.get('retry-after'), now),
            facts,
          )
          if (/<Code>ExpiredToken<|<Message>[^<]{0,300}expired/i.test(text)) lapsed.add(error)
          throw error
        },
        async settle() {
          // The store keeps whole objects only.
          const sent = sentBytes()
          if (sent && sent < zip.length) return 'not done'
          let found: boolean | undefined
          for (const ms of LOOKS_MS) {
            await internals.sleep(ms, options.signal)
            found = await look()
            if (found) return 'done'
          }
          return found === false ? 'hardly' : 'unknown'
        },
      },
      options,
    )
  } catch (error) {
    throw reopenable(error)
  }
}

/**
 * For the submission as a whole: a job that is open can't be sent again as it was; as long as no zip may have
 * arrived, it did not run.
 */
export function reopenable(error: unknown, mayRun = (error as SmileIdError).outcome === 'unknown'): unknown {
  return error instanceof SmileIdError
    ? Object.assign(error, {
        retryable: false,
        ...(mayRun ? { hint: ASK_FIRST } : { outcome: 'rejected', hint: REOPEN }),
      })
    : error
}

/** The store's no, in XML; any other 5xx may come from in between, after the zip went through. */
function refusal(
  status: number,
  word: string | undefined,
  waits: number | undefined,
  facts: CallFacts,
): SmileIdApiError {
  const later =
    status === 429 ||
    ['SlowDown', 'ServiceUnavailable', 'RequestTimeout'].includes(`${word}`) ||
    (status === 503 && waits !== undefined)
  const unclear = !later && (status >= 500 || status === 408)
  return new SmileIdApiError({
    ...facts,
    code: unclear || status >= 500 ? 'server_error' : later ? 'rate_limited' : 'upload_refused',
    status,
    outcome: unclear ? 'unknown' : 'rejected',
    retryable: later,
    retryAfterMs: waits,
    body: word ? { code: word } : undefined,
    hint: REOPEN,
  })
}
