/** Enhanced KYC of v3 with its result in the same answer, and which IDs there are. */
import { type EnhancedKycResult, submitEnhancedKycSync } from 'smileid-edge/v3/enhanced-kyc'
import { interpretVerdict } from 'smileid-edge/v3/result'
import { getBankCodes, getSupportedIdTypes } from 'smileid-edge/v3/services'
import { readJson } from '../body.ts'
import type { Route, SignedIn } from '../router.ts'
import { noteJob, submitNoted } from './jobs.ts'
import { consent, userDetails } from './person.ts'

/** The form, as data. */
async function idTypes({ client }: SignedIn): Promise<Response> {
  const [{ id_types }, { bank_codes }] = await Promise.all([
    getSupportedIdTypes(client),
    getBankCodes(client),
  ])
  return Response.json({ id_types, banks: bank_codes })
}

/** The ids are the server's: a page that chose them could ask in anybody's name. */
async function verify(context: SignedIn): Promise<Response> {
  const { request, env, client, session } = context
  const body = await readJson(request)
  const read = (name: string) => body[name]
  const input = {
    country: read('country') as string,
    id_type: read('id_type') as string,
    id_number: read('id_number') as string,
    bank_code: read('bank_code') as string | undefined,
    operator: read('operator') as string | undefined,
    user_id: `page-${session.id}`,
    user_details: userDetails(read),
    consent: consent(env, read),
  }
  const idTypes = await getSupportedIdTypes(client)
  const job = await noteJob(context, 'enhanced_kyc')
  const { partner_params } = job
  const result = await submitNoted(env, job, () =>
    submitEnhancedKycSync(client, { ...input, partner_params }, { idTypes }),
  )
  const { job_id, status } = result
  return Response.json(
    { reference: job.reference, job_id, status, ...interpretVerdict(result), person: personOf(result) },
    { headers: { 'cache-control': 'no-store' } },
  )
}

function personOf({ id_fields }: EnhancedKycResult): object {
  const { full_name, first_name, last_name, date_of_birth, gender } = id_fields ?? {}
  const parts = [first_name, last_name].filter((part) => part)
  return { name: full_name ?? parts.join(' '), born: date_of_birth, gender }
}

export const v3VerifyRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v3/id-types', for: 'session', answer: idTypes },
  { method: 'POST', path: '/api/v3/verify-id', for: 'session', answer: verify },
]
