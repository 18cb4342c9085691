/** A call of a JSON endpoint that is signed in its body, as most of v1 are. */
import { invalidReply } from './api-error.ts'
import type { Core, RequestOptions } from './core.ts'
import type { JobRef, Operation } from './errors.ts'
import { type Call, type CallFacts, send } from './http.ts'
import { inputError, issue } from './input-error.ts'
import { proofOf } from './proof.ts'
import { confirmReply, pairOf } from './signed-reply.ts'

/** Replies carry photos as text, and histories several of them. */
const MAX_REPLY_BYTES = 33_554_432

export interface Plan extends Pick<Call, 'path' | 'repeatable'> {
  job?: JobRef
  /** `'if-signed'`: where it is not known whether replies are; `'never'`: they are known not to be, or `check` sees to it. @default 'always' */
  verify?: 'always' | 'if-signed' | 'never'
  /** What else must hold of a reply. */
  check?: (reply: Record<string, unknown>, facts: CallFacts) => unknown
}

export function post(core: Core, operation: Operation, fields: object, { verify = 'always', check, ...more }: Plan, options: RequestOptions): Promise<Record<string, unknown>> {
  const text = jsonText(fields)
  return send(core, {
    ...more,
    operation,
    maxReplyBytes: MAX_REPLY_BYTES,
    async body() {
      const ours = JSON.stringify({ partner_id: core.client.partnerId, ...(await proofOf(core)) })
      return { body: new TextEncoder().encode(text === '{}' ? ours : `${text.slice(0, -1)},${ours.slice(1)}`) }
    },
    async check(reply, facts) {
      if (verify === 'always' || (verify === 'if-signed' && pairOf(core, reply).signature !== undefined)) await confirmReply(core, reply, facts)
      await check?.(reply, facts)
    },
  }, options)
}

/** Members as they are now; what cannot be written (a cycle, a BigInt) stands in those that are open. */
export function jsonText(fields: object): string {
  try {
    return JSON.stringify(fields)
  } catch (error) {
    throw inputError([issue('fields', 'wrong_type', 'cannot be written as JSON')], { cause: new Error((error as Error).name) })
  }
}

/** The signature covers no more than the time: what it comes with must at least be a result, and of this job. */
export function confirmResult(reply: Record<string, unknown>, facts: CallFacts, asked: Partial<JobRef> = facts.job ?? {}): void {
  const { ResultCode, PartnerParams } = reply as { ResultCode?: unknown; PartnerParams?: Partial<Record<keyof JobRef, unknown>> }
  const other = Object.entries(asked).some(([name, value]) => `${PartnerParams?.[name as keyof JobRef] ?? value}` !== value)
  if (typeof ResultCode !== 'string' || other) throw invalidReply(200, facts)
}
