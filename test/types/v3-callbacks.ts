// What compiles of status, results, callbacks and moving over, and what must not: checked by the compiler.
import type { Client } from 'smileid-edge/client'
import * as v3 from 'smileid-edge/v3'
import { createCallbackHandler } from 'smileid-edge/v3/callback'
import { isResultOf } from 'smileid-edge/v3/result'

declare const client: Client
declare const page: v3.TokenClient
declare const verified: v3.VerifiedCallback
declare const express: {
  headers: Record<string, string | string[] | undefined>
  body: Record<string, unknown>
}

export function callbacks() {
  v3.verifyCallback(client, new Request('https://a.example'))
  v3.verifyCallback(client, express)
  v3.verifyCallback(client, { headers: { 'response-signature': 'x', 'set-cookie': ['a'] }, body: {} })
  v3.verifyCallback(client, { headers: new Headers(), body: '{}' })
  // @ts-expect-error callbacks are verified with the key
  v3.verifyCallback(page, new Request('https://a.example'))
  // @ts-expect-error a body alone has no signature
  v3.verifyCallback(client, { status: 'clear' })
  // @ts-expect-error nothing confirmed in it
  void verified.result
  // @ts-expect-error there is nothing to do with a verdict
  createCallbackHandler(client, {})
  v3.replayCallback(page, { job_id: 'from a database' })
}

export const onCallback = createCallbackHandler(client, {
  knows: ({ job_id, partner_params }) => partner_params.order !== undefined && job_id.startsWith('job_'),
  onVerdict({ job, status, unconfirmedResult }) {
    const known: 'clear' | 'attention' | 'block' | 'error' = status
    const name = isResultOf(unconfirmedResult, 'document_verification')
      ? unconfirmedResult.id_fields?.full_name
      : undefined
    // @ts-expect-error the result of another product
    void (() => isResultOf(unconfirmedResult, 'one_time_aml') && unconfirmedResult.id_fields.full_name)
    console.log(job.user_id, known, name)
  },
})

export async function wait(): Promise<'clear' | 'attention' | 'block' | 'error'> {
  const status = await v3.getVerificationStatus(page, { job_id: 'from a database' })
  // @ts-expect-error it may still be processing
  void (() => status.status satisfies v3.VerdictStatus)
  // @ts-expect-error reasons come by callback alone
  void (() => status.reason satisfies string)
  return (await v3.waitForVerdict(client, { job_id: 'from a database' })).status
}

/** A switch on the decision compiles only when it is complete. */
export function next(result: v3.Result): string {
  const { decision } = v3.interpretVerdict(result)
  switch (decision) {
    case 'approved':
      return 'open'
    case 'rejected':
      return 'decline'
    case 'review':
    case 'unknown':
      return 'look'
    case 'pending':
      return 'wait'
    case 'error':
      return 'again'
    default: {
      const never: never = decision
      return never
    }
  }
}
