/** A call of a JSON endpoint that is signed in its body, as most of v1 are. */
import { invalidReply } from './api-error.ts'
import type { Core, RequestOptions } from './core.ts'
import type { JobRef } from './errors.ts'
import { send } from './http.ts'
import { confirmReply } from './signed-reply.ts'
import type { Endpoint } from './tables.ts'

/** Replies carry photos as text, and histories several of them. */
const MAX_REPLY_BYTES = 33_554_432

export interface Plan {
  job?: JobRef
  /** `'always'`: refuse an unsigned reply; `'if-signed'`: where it is not known whether replies are; `'never'`: they are known not to be. @default 'always' */
  verify?: 'always' | 'if-signed' | 'never'
}

export async function post(core: Core, endpoint: Endpoint, fields: object, { job, verify = 'always' }: Plan, options: RequestOptions): Promise<Record<string, unknown>> {
  const reply = await send(core, {
    ...endpoint,
    ...(job && { job }),
    maxReplyBytes: MAX_REPLY_BYTES,
    async body() {
      const timestamp = new Date(core.now()).toISOString()
      return { body: new TextEncoder().encode(JSON.stringify({ ...fields, partner_id: core.client.partnerId, timestamp, signature: await core.sign(timestamp) })) }
    },
  }, options)
  if (verify === 'always' || (verify === 'if-signed' && reply.signature !== undefined)) await confirmReply(core, reply, endpoint, job)
  return reply
}

/** The signature covers no more than the time: what it comes with must at least be a result of this job. */
export function confirmJob(reply: Record<string, unknown>, { operation }: Endpoint, job: JobRef): void {
  const { ResultCode, PartnerParams } = reply as { ResultCode?: unknown; PartnerParams?: Partial<Record<keyof JobRef, unknown>> }
  const { user_id = job.user_id, job_id = job.job_id } = PartnerParams ?? {}
  if (typeof ResultCode !== 'string' || `${user_id}` !== job.user_id || `${job_id}` !== job.job_id) throw invalidReply(200, { operation, attempts: 1, job })
}
