/** A call of a JSON endpoint that is signed in its body, as most of v1 are. */
import { utf8 } from '../platform/bytes.ts'
import type { ClientInternals, RequestOptions } from '../client/internals.ts'
import type { Operation } from '../errors/classes.ts'
import { type Call, send } from './send.ts'
import { inputError, wrongType } from '../errors/issues.ts'
import type { Members } from '../input/objects.ts'
import { signedFields } from './signed-request.ts'
import { confirmReply, signedPairOf } from './signed-reply.ts'
import type { JobRef } from '../wire/jobs.ts'

/** Replies carry photos as text, and histories several of them. */
const MAX_REPLY_BYTES = 33_554_432

export interface Plan extends Pick<Call, 'path' | 'repeatable'> {
  job?: JobRef
  /**
   * `'if-signed'`: where it is not known whether replies are; `'never'`: they are known not to be, or `check`
   * sees to it. @default 'always'
   */
  verify?: 'always' | 'if-signed' | 'never'
  /** What else must hold of a reply. */
  check?: NonNullable<Call['check']>
}

export function postSigned(
  internals: ClientInternals,
  operation: Operation,
  fields: object,
  { verify = 'always', check, ...more }: Plan,
  options: RequestOptions,
): Promise<Record<string, unknown>> {
  const text = jsonText(fields)
  return send(
    internals,
    {
      ...more,
      operation,
      maxReplyBytes: MAX_REPLY_BYTES,
      async body() {
        const ours = JSON.stringify({
          partner_id: internals.client.partnerId,
          ...(await signedFields(internals)),
        })
        return { body: utf8(text === '{}' ? ours : `${text.slice(0, -1)},${ours.slice(1)}`) }
      },
      async check(reply, facts) {
        if (
          verify === 'always' ||
          (verify === 'if-signed' && signedPairOf(internals, reply).signature !== undefined)
        )
          await confirmReply(internals, reply, facts)
        return check?.(reply, facts) ?? true
      },
    },
    options,
  )
}

/** Members as they are now; what cannot be written (a cycle, a BigInt) stands in those that are open. */
export function jsonText(fields: object): string {
  try {
    return JSON.stringify(fields)
  } catch (error) {
    throw inputError([wrongType('fields', 'cannot be written as JSON')], {
      cause: new Error((error as Error).name),
    })
  }
}

/**
 * The signature covers no more than the time: what it comes with must at least be a result, and of this user
 * or job.
 */
export function isResultOf(
  asked: Partial<JobRef>,
  { ResultCode, PartnerParams }: Record<string, unknown>,
): boolean {
  return (
    typeof ResultCode === 'string' &&
    Object.entries(asked).every(
      ([name, value]) => `${(PartnerParams as Members | undefined)?.[name] ?? value}` === value,
    )
  )
}
