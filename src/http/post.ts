/** A call of a JSON endpoint that is signed in its body, as most of v1 are. */
import type { ClientInternals, RequestOptions } from '../client/internals.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { wrongType } from '../errors/issues.ts'
import { asText, membersOf } from '../input/objects.ts'
import { utf8 } from '../platform/bytes.ts'
import type { V1Operation } from '../wire/endpoints.ts'
import type { JobRef } from '../wire/jobs.ts'
import { type Call, send } from './send.ts'
import { signedPairOf, verifyReply } from './signed-reply.ts'
import { signedFields } from './signed-request.ts'

/** Replies carry photos as text, and histories several of them. */
const MAX_REPLY_BYTES = 33_554_432

export interface SignedPost extends Pick<Call, 'path' | 'repeatable' | 'isValid'> {
  operation: V1Operation
  /** What is sent beside partner id, timestamp and signature. */
  fields: object
  job?: JobRef
  /**
   * Whether the reply's signature is checked. `'if-signed'`: where it is not known whether replies are;
   * `'never'`: they are known not to be. A function checks in its own way. @default 'always'
   */
  verify?: 'always' | 'if-signed' | 'never' | NonNullable<Call['verify']>
}

/**
 * Signs the fields and posts them; resolves to the members of the reply.
 *
 * @throws {SmileIdError} with the code of what failed, or the signal's own reason.
 */
export async function postSigned(
  internals: ClientInternals,
  { fields, verify = 'always', ...call }: SignedPost,
  options: RequestOptions,
): Promise<Record<string, unknown>> {
  const fieldsText = jsonText(fields)
  return send(
    internals,
    {
      maxReplyBytes: MAX_REPLY_BYTES,
      async body(attempt) {
        const signed = { partner_id: internals.client.partnerId, ...(await signedFields(internals, attempt)) }
        return { body: utf8(joinObjects(fieldsText, JSON.stringify(signed))) }
      },
      verify(reply, facts) {
        if (typeof verify === 'function') return verify(reply, facts)
        if (verify === 'never') return undefined
        const isSigned = signedPairOf(internals, reply).signature !== undefined
        return verify === 'always' || isSigned ? verifyReply(internals, reply, facts) : undefined
      },
      ...call,
    },
    options,
  )
}

/** Two JSON objects as one; the first is not written again, since it may be large. */
function joinObjects(first: string, second: string): string {
  return first === '{}' ? second : `${first.slice(0, -1)},${second.slice(1)}`
}

/**
 * Members as they are now.
 *
 * @throws {SmileIdInputError} `invalid_input`: what cannot be written (a cycle, a BigInt).
 */
export function jsonText(fields: object): string {
  try {
    return JSON.stringify(fields)
  } catch (error) {
    // Its message names members, which the caller chose.
    const cause = new Error((error as Error).name)
    throw new SmileIdInputError([wrongType('fields', 'cannot be written as JSON')], cause)
  }
}

/**
 * Whether a reply is a result, and of this user or job: the signature covers no more than the time, so what
 * it comes with must at least be about what was asked.
 */
export function isResultOf(asked: Partial<JobRef>, reply: Record<string, unknown>): boolean {
  if (typeof reply.ResultCode !== 'string') return false
  const params = membersOf(reply.PartnerParams)
  return Object.entries(asked).every(([name, value]) => asText(params[name] ?? value) === value)
}
