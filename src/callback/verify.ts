/** Callbacks: who sent them is signed, what they say is not. */
import { isRequest, readBody } from './body.ts'
import { type ClientInternals, internalsOf } from '../client/internals.ts'
import { type SignatureCode, SmileIdSignatureError } from '../errors/classes.ts'
import { throwIfAny, wrongType } from '../errors/issues.ts'
import type { JobResult } from '../wire/replies.ts'
import { signedPairOf } from '../http/signed-reply.ts'
import { parseTimestamp } from '../signature/timestamp.ts'
import type { JobRef } from '../wire/jobs.ts'
import type { Client } from '../signature/credentials.ts'

/**
 * A web Request, its text or bytes, or the parsed body. A framework's own request object does not compile:
 * pass its body.
 */
export type CallbackInput =
  Request | string | ArrayBuffer | ArrayBufferView | Readonly<Record<string, unknown>>

export interface VerifyCallbackOptions {
  /** Milliseconds in both directions. 0 means 0; Infinity has to be said. @default 300_000 */
  maxAgeMs?: number | undefined
  /** @default 2_097_152 */
  maxBytes?: number | undefined
}

/** The sender knows the key, **the content is not signed**: nothing here counts before `confirmCallback`. */
export interface VerifiedCallback {
  readonly '~smileid': 'callback'
  /**
   * `environment:partner:SmileJobID:ResultType:ResultCode`, the same for each delivery of one event: a unique
   * key for your database.
   */
  eventId: string
  job: JobRef
  smileJobId: string
  timestamp: string
  unconfirmedResult: JobResult
  /** The body, in whichever of its two shapes. */
  unconfirmedBody: Record<string, unknown>
}

export function refuse(
  code: SignatureCode,
  cause: string,
  hint: string,
  more: { job?: JobRef; retryable?: boolean } = {},
): SmileIdSignatureError {
  return new SmileIdSignatureError({
    code,
    operation: 'callback',
    cause: new Error(cause),
    hint,
    outcome: 'rejected',
    attempts: 0,
    ...more,
  })
}

/**
 * Reads a callback and checks who sent it; stores nothing, asks nobody.
 *
 * The signature covers its time and the partner, **not the body**: whoever holds one signed pair can put any
 * body beside it. Pass what you get to {@link confirmCallback}, or use `createCallbackHandler`, which does.
 * Takes the result itself or a job status as body, and the headers `Response-Signature` and
 * `Response-Timestamp` of newer Smile ID webhooks. Of text and bytes, members named `__proto__`,
 * `constructor` or `prototype` are dropped, and what stands there twice or is nested more than 64 levels deep
 * or has more than a million parts is refused; an object is taken as its parser left it.
 *
 * Rejects with `callback_malformed`, `signature_missing`, `signature_mismatch` or `signature_expired`, never
 * with anything else on odd input.
 *
 * @see https://docs.usesmileid.com/results/callbacks
 *
 * @example
 * ```ts
 * import { confirmCallback, verifyCallback } from 'smileid-edge/callback'
 * import { type Client } from 'smileid-edge/client'
 *
 * export async function receive(client: Client, request: Request): Promise<string> {
 *   const { result } = await confirmCallback(client, await verifyCallback(client, request))
 *   return result.ResultCode
 * }
 * ```
 */
export async function verifyCallback(
  client: Client,
  input: CallbackInput,
  options: VerifyCallbackOptions = {},
): Promise<VerifiedCallback> {
  const internals = internalsOf(client)
  const { maxAgeMs = 300_000, maxBytes = 2_097_152 } = options ?? {}
  throwIfAny(
    Object.entries({ maxAgeMs, maxBytes }).flatMap(([name, value]) =>
      value >= 0 ? [] : [wrongType(`options.${name}`, 'must be a number from 0')],
    ),
  )
  const body = await readBody(input, maxBytes).catch(() => 'not JSON' as const)
  if (typeof body === 'string')
    throw refuse('callback_malformed', `the body is ${body}`, 'Answer 400; Smile ID sends JSON objects.')
  const { timestamp, signature } = signedPairOf(internals, carrier(input, body))
  if (typeof timestamp !== 'string' || typeof signature !== 'string' || !timestamp || !signature)
    throw refuse(
      'signature_missing',
      'no timestamp and signature',
      'Answer 401; it does not come from Smile ID.',
    )
  if (!(await internals.verify(timestamp, signature, internals.usable))) {
    throw refuse(
      'signature_mismatch',
      signature.includes('|') ? 'an old sec_key' : 'made with another key',
      `Answer 401. If it was genuine, it was signed for another partner, with a key that this client does not list, or by the other environment than ${internals.client.environment}.`,
    )
  }
  const ageMs = internals.now() - parseTimestamp(timestamp)
  if (maxAgeMs !== Infinity && !(Math.abs(ageMs) <= maxAgeMs)) {
    throw refuse(
      'signature_expired',
      Number.isNaN(ageMs)
        ? 'no date'
        : `${Math.round(Math.abs(ageMs) / 1000)} s ${ageMs < 0 ? 'ahead' : 'old'}`,
      "Answer 401, unless you confirm it. If all callbacks are late or early by the same time, set this machine's clock.",
    )
  }
  return describe(internals, timestamp, body)
}

/** What the pair stands in: newer webhooks have it in headers. */
function carrier(input: unknown, body: Record<string, unknown>): Record<string, unknown> {
  const headers = isRequest(input) ? input.headers : undefined
  return headers?.has('response-signature')
    ? { timestamp: headers.get('response-timestamp'), signature: headers.get('response-signature') }
    : body
}

function describe(
  internals: ClientInternals,
  timestamp: string,
  body: Record<string, unknown>,
): VerifiedCallback {
  const result = (body.job_complete === undefined && typeof body.result !== 'object' ? body : body.result) as
    JobResult | undefined
  const { user_id, job_id } = (result?.PartnerParams ?? {}) as Partial<JobRef>
  // Half a character (a lone surrogate) fits in no URL and no database.
  if (
    ![result?.SmileJobID, result?.ResultCode, user_id, job_id].every(
      (value) => typeof value === 'string' && value,
    ) ||
    [result!.SmileJobID, result!.ResultCode, result!.ResultType].some((value) =>
      /[\ud800-\udfff]/u.test(value ?? ''),
    )
  ) {
    throw refuse(
      'callback_malformed',
      'SmileJobID, ResultCode or PartnerParams are missing or no text',
      'Answer 400; it is no result of a job.',
    )
  }
  return {
    '~smileid': 'callback',
    eventId: eventId(internals, result!),
    job: { user_id: user_id!, job_id: job_id! },
    smileJobId: result!.SmileJobID,
    timestamp,
    unconfirmedResult: result!,
    unconfirmedBody: body,
  }
}

/** SmileJobIDs of two partners, or of the two environments, may be equal. */
export function eventId(
  { client }: ClientInternals,
  { SmileJobID, ResultType, ResultCode }: JobResult,
): string {
  return [client.environment, client.partnerId, SmileJobID, ResultType ?? '', ResultCode]
    .map((part) => encodeURIComponent(`${part}`))
    .join(':')
}
