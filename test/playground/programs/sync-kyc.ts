/**
 * An ID lookup with its answer in the same request, on a Worker; when nobody knows whether it ran, it is
 * asked for, never sent again.
 */
import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import { submitEnhancedKycSync } from 'smileid-edge/v3/enhanced-kyc'
import { interpretVerdict } from 'smileid-edge/v3/result'
import { getSupportedIdTypes } from 'smileid-edge/v3/services'
import { getVerificationStatus } from 'smileid-edge/v3/status'

interface Lookup {
  application: string
  country: string
  id_type: string
  id_number: string
  given_names: string
  last_name: string
  email: string
  agreedAt: string
}

export default {
  async fetch(request: Request, env: object): Promise<Response> {
    // Cheap: the token is kept per isolate, not per client.
    const client = createClient(clientOptionsFromEnv(env))
    const job_id = new URL(request.url).searchParams.get('job')
    if (job_id) return Response.json(await getVerificationStatus(client, { job_id }))

    const { application, country, id_type, id_number, given_names, last_name, email, agreedAt } =
      (await request.json()) as Lookup
    try {
      const result = await submitEnhancedKycSync(
        client,
        {
          country,
          id_type,
          id_number,
          user_details: { given_names, last_name, email },
          consent: {
            granted: true,
            granted_at: agreedAt,
            notice_language: 'EN',
            notice_privacy_policy_url: 'https://shop.example/privacy',
          },
          partner_params: { application },
        },
        {
          idTypes: await getSupportedIdTypes(client, { country }),
          timeoutMs: 60_000,
          signal: request.signal,
        },
      )
      const { decision, reason } = interpretVerdict(result)
      return Response.json({ decision, reason, job: result.job_id, born: result.id_fields?.date_of_birth })
    } catch (error) {
      if (isSmileIdError(error, 'invalid_input'))
        return Response.json({ issues: error.issues }, { status: 422 })
      if (isSmileIdError(error, 'id_number_blocked'))
        return Response.json({ code: error.code }, { status: 429 })
      if (isSmileIdError(error) && error.outcome === 'unknown')
        return Response.json({ ask: error.smileJobId ?? null, hint: error.hint }, { status: 202 })
      if (isSmileIdError(error)) return Response.json({ code: error.code, hint: error.hint }, { status: 502 })
      throw error
    }
  },
}
