/** Callbacks as they come in: who sent them is signed, what they say is not. */
import type { ClientInternals } from '../client/internals.ts'
import { signedPairOf } from '../http/signed-reply.ts'
import { isObject, type Members, membersOf } from '../input/objects.ts'
import { parseTimestamp } from '../signature/timestamp.ts'
import type { JobResult } from '../wire/replies.ts'
import { isRequest, readBody } from './body.ts'
import { eventIdOf, type VerifiedCallback } from './event.ts'
import type { CallbackInput, VerifyCallbackOptions } from './input.ts'
import {
  lostBody,
  malformedBody,
  noJobResult,
  noSignedPair,
  notFresh,
  type Refusal,
  wrongSignature,
} from './refusal.ts'

export type Received = { ok: true; callback: VerifiedCallback } | { ok: false; refusal: Refusal }

/** Reads a callback and checks who sent it, with options that were found right. */
export async function receiveCallback(
  internals: ClientInternals,
  input: CallbackInput,
  { maxAgeMs = 300_000, maxBytes = 2_097_152 }: VerifyCallbackOptions,
): Promise<Received> {
  const read = await readBody(input, { maxBytes })
  if (!read.ok) return refuse('flaw' in read ? malformedBody(read.flaw) : lostBody(read.loss))
  const { body } = read

  const { timestamp, signature } = signedPairOf(internals, pairHeaders(input) ?? body)
  if (!isFilledText(timestamp) || !isFilledText(signature)) return refuse(noSignedPair())
  const isGenuine = await internals.verify(timestamp, signature, internals.usable)
  if (!isGenuine) return refuse(wrongSignature(signature, internals.client))

  const ageMs = internals.now() - parseTimestamp(timestamp)
  // NaN, of a timestamp that is no date, is not within any limit.
  const isFresh = maxAgeMs === Infinity || Math.abs(ageMs) <= maxAgeMs
  if (!isFresh) return refuse(notFresh(ageMs))

  const result = resultIn(body)
  if (!isJobResult(result)) return refuse(noJobResult())
  const { user_id, job_id } = result.PartnerParams
  return {
    ok: true,
    callback: {
      '~smileid': 'callback',
      eventId: eventIdOf(internals.client, result),
      job: { user_id, job_id },
      smileJobId: result.SmileJobID,
      timestamp,
      unconfirmedResult: result,
      unconfirmedBody: body,
    },
  }
}

function refuse(refusal: Refusal): Received {
  return { ok: false, refusal }
}

/** The signed pair of newer webhooks, which have it in headers. */
function pairHeaders(input: CallbackInput): Members | undefined {
  if (!isRequest(input) || !input.headers.has('response-signature')) return undefined
  const { headers } = input
  return { timestamp: headers.get('response-timestamp'), signature: headers.get('response-signature') }
}

/** The body is the result itself, or a job status with the result in it. */
function resultIn(body: Members): unknown {
  const isStatus = body.job_complete !== undefined || typeof body.result === 'object'
  return isStatus ? body.result : body
}

/** Whether there is all that names the job and the event. */
function isJobResult(result: unknown): result is JobResult {
  if (!isObject(result)) return false
  const { SmileJobID, ResultCode, ResultType, PartnerParams } = result
  const { user_id, job_id } = membersOf(PartnerParams)
  if (![SmileJobID, ResultCode, user_id, job_id].every(isFilledText)) return false
  if (typeof ResultType === 'object' && ResultType !== null) return false
  return ![SmileJobID, ResultCode, ResultType].some(hasLoneSurrogate)
}

/** Half a character fits in no URL and no database. */
function hasLoneSurrogate(value: unknown): boolean {
  return typeof value === 'string' && /[\ud800-\udfff]/u.test(value)
}

function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
