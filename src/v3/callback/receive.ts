/** Callbacks of v3 as they come in: who sent them is signed, what they say is not. */
import { readBody } from '../../callback/body.ts'
import {
  lostBody,
  malformedBody,
  noSignedPair,
  notFresh,
  type Refusal,
  wrongSignature,
} from '../../callback/refusal.ts'
import { isObject, type Members, membersOf } from '../../input/objects.ts'
import { parseTimestamp } from '../../signature/timestamp.ts'
import type { KeyCaller } from '../client/caller.ts'
import { isSignedBy, signedPairOf } from '../http/signature.ts'
import { isTypeId } from '../input/shared.ts'
import type { Result } from '../wire/results.ts'
import { isKnownStatus } from '../wire/status.ts'
import { eventIdOf, type VerifiedCallback } from './event.ts'
import { type Headers, partsOf } from './headers.ts'
import type { CallbackInput, VerifyCallbackOptions } from './input.ts'
import { malformedResult } from './refusal.ts'

export type Received = { ok: true; callback: VerifiedCallback } | { ok: false; refusal: Refusal }

export const DEFAULT_MAX_BYTES = 2_097_152

/**
 * Checks who sent a callback and then reads it, with options that were found right: of those who have no
 * signature, no body is read.
 */
export async function receiveCallback(
  caller: KeyCaller,
  input: CallbackInput,
  {
    maxAgeMs = 300_000,
    maxBytes = DEFAULT_MAX_BYTES,
    maxReadMs,
  }: VerifyCallbackOptions & { maxReadMs?: number },
): Promise<Received> {
  const { internals } = caller
  const { headers, body: given } = partsOf(input)
  const pair = signedPairOf(headers)
  if (!pair) return refuse(noSignedPair())
  const isGenuine = await isSignedBy(caller, pair, internals.usable)
  if (!isGenuine) return refuse(wrongSignature(pair.signature, internals.client))
  const ageMs = internals.now() - momentOf(pair.timestamp)
  // NaN, of a timestamp that is no date, is not within any limit.
  const isFresh = maxAgeMs === Infinity || Math.abs(ageMs) <= maxAgeMs
  if (!isFresh) return refuse(notFresh(ageMs))

  const read = await readBody(given, { maxBytes, ...(maxReadMs !== undefined && { maxReadMs }) })
  if (!read.ok) return refuse('flaw' in read ? malformedBody(read.flaw) : lostBody(read.loss))
  const { body } = read
  const flaw = flawOf(body)
  if (flaw !== undefined) return refuse(malformedResult(flaw))
  const job = jobOf(headers, body)
  if (!job) return refuse(malformedResult('no job id of v3'))
  const unconfirmedResult = body as unknown as Result
  return {
    ok: true,
    callback: {
      '~smileid': 'v3-callback',
      eventId: await eventIdOf(internals.client, job.job_id, unconfirmedResult),
      job,
      timestamp: pair.timestamp,
      unconfirmedResult,
    },
  }
}

function refuse(refusal: Refusal): Received {
  return { ok: false, refusal }
}

/** ISO 8601 is documented. A number is milliseconds: seconds are not guessed, and are of 1970. */
function momentOf(timestamp: string): number {
  return /^\d+(\.\d+)?$/.test(timestamp) ? Number(timestamp) : parseTimestamp(timestamp)
}

/** What makes a body none of v3, of the members that are relied on. */
function flawOf({ status, reason, product, partner_params, ResultCode }: Members): string | undefined {
  if (ResultCode !== undefined) return 'a result of v1'
  if (!isKnownStatus(status)) return 'status is missing, or not known to this version'
  if (!isTextOrNone(reason) || !isTextOrNone(product)) return 'reason or product are no text'
  if (!isNone(partner_params) && !isObject(partner_params)) return 'partner_params are no object'
  return undefined
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null
}

function isTextOrNone(value: unknown): boolean {
  return isNone(value) || typeof value === 'string'
}

/** Ids of headers come first: the bodies of some products have none, and `partner_params` may be yours. */
function jobOf(headers: Headers, body: Members): VerifiedCallback['job'] | undefined {
  const ids = [headers.get('job-id'), body.job_id, membersOf(body.partner_params).job_id]
  const job_id = ids.find(isTypeId)
  if (job_id === undefined) return undefined
  const user_id = [headers.get('user-id'), body.user_id].find(isFilledText)
  return { job_id, ...(user_id !== undefined && { user_id }) }
}

function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
