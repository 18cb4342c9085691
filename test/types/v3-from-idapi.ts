/**
 * An IDApi user moves to v3: user by user, with one client, one callback route and one verdict for both.
 * `unit/v3/from-idapi.test.ts` runs it.
 */
import { createCallbackHandler as createV1Handler } from 'smileid-edge/callback'
import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
import { type IdInfo, submitId } from 'smileid-edge/id-verification'
import { createCallbackHandler } from 'smileid-edge/v3/callback'
import { submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
import { enhancedKycFrom, verdictFrom } from 'smileid-edge/v3/migrate'

declare const env: Record<string, string | undefined>
declare const store: {
  remember(reference: string, job_id: string): Promise<void>
  referenceOf(job_id: string): Promise<string | undefined>
  decide(reference: string, verdict: string): Promise<void>
}

const client = createClient(clientOptionsFromEnv(env)) // '085' stays '085' for v1's signatures; v3 sends 85

interface Person {
  user_id: string
  reference: string
  id_info: IdInfo
  email: string
  agreedAt: string
}

// Before: new IDApi(partner, key, 1).submit_job({ user_id, job_id, job_type: 5 }, id_info)
export async function check(
  { user_id, reference, id_info, email, agreedAt }: Person,
  useV3: boolean,
): Promise<void> {
  const old = { partner_params: { user_id, job_id: reference }, id_info }
  if (!useV3) {
    await submitId(client, { ...old, callback_url: 'https://shop.example/smile-id' })
    return
  }
  const { job_id } = await submitEnhancedKyc(
    client,
    enhancedKycFrom(old, {
      email, // v1 asked for none; v3 wants an address or a number, and the consent
      consent: {
        granted: true,
        granted_at: agreedAt,
        notice_language: 'EN',
        notice_privacy_policy_url: 'https://shop.example/privacy',
      },
      callback_url: 'https://shop.example/smile-id',
    }),
  )
  await store.remember(reference, job_id) // v1 let you name the job, v3 names it
}

export const POST = createCallbackHandler(client, {
  async onVerdict({ job, status }) {
    const reference = await store.referenceOf(job.job_id)
    if (reference) await store.decide(reference, status)
  },
  v1: createV1Handler(client, {
    async onResult({ job, status }) {
      await store.decide(job.job_id, verdictFrom(status)?.status ?? 'attention')
    },
  }),
})
