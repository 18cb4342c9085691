/** `POST /v1/business_verification` and `…async_business_verification`. */
import { own } from '../input/objects.ts'
import { refuse, refuseMissing } from './answers.ts'
import { countRequest } from './id-number-limit.ts'
import { keepResult, readLookupJob } from './lookup-job.ts'
import { lookupCode } from './lookup.ts'
import type { Answer, Call, JsonObject, Service } from './model.ts'

/** The countries of each ID type. */
const COUNTRIES: Readonly<Record<string, readonly string[]>> = {
  BASIC_BUSINESS_REGISTRATION: ['NG', 'KE', 'ZA'],
  BUSINESS_REGISTRATION: ['NG', 'KE', 'ZA'],
  TAX_INFORMATION: ['NG'],
}

export function verifyBusiness(
  service: Service,
  call: Call,
  { delivery }: { delivery: 'reply' | 'callback' },
): Answer {
  const { partnerId, body } = call
  const read = readLookupJob(service, partnerId, { partnerParams: body.partner_params, jobType: 7 })
  if (!read.ok) return read.refusal
  const required = ['country', 'id_type', 'id_number']
  if (delivery === 'callback') required.push('callback_url')
  const missing = refuseMissing(body, required, '2413')
  if (missing) return withoutSuccess(missing)
  const { country, id_type } = body
  if (!own(COUNTRIES, String(id_type))?.includes(String(country))) {
    return withoutSuccess(refuse('2413', 'Unsupported business type'))
  }

  const id_number = String(body.id_number)
  const blocked = countRequest(service, partnerId, { country, id_type, id_number })
  if (blocked) return blocked
  const code = lookupCode(id_number, { sandboxResult: read.job.partnerParams.sandbox_result })
  return keepResult(service, call, {
    job: read.job,
    result: resultOf(code, body),
    callbackUrl: delivery === 'callback' ? String(body.callback_url) : undefined,
  })
}

/** Refusals of businesses say `success: false`. */
function withoutSuccess(refusal: Answer): Answer {
  return { ...refusal, body: { ...refusal.body, success: false } }
}

function resultOf(code: string, body: JsonObject): JsonObject {
  const found = code === '1012'
  return {
    ResultType: 'Business Verification',
    ResultText: found ? 'Business Verified' : 'Unable to Validate Business',
    ResultCode: code,
    IsFinalResult: 'true',
    Actions: {
      Verify_Business: found ? 'Verified' : 'Not Verified',
      Return_Business_Info: found ? 'Returned' : 'Not Returned',
    },
    ...(found ? businessInfo(body) : {}),
    success: found,
  }
}

function businessInfo(body: JsonObject): JsonObject {
  return {
    company_information: {
      company_type: 'PRIVATE COMPANY LIMITED BY SHARES',
      country: body.country,
      address: '1 Example Street',
      registration_number: body.id_number,
      legal_name: 'EXAMPLE VENTURES',
      status: 'ACTIVE',
      tax_id: 'N/A',
      email: 'N/A',
    },
    fiduciaries: [],
    beneficial_owners: [{ name: 'DOE LEO JOE', shareholdings: '100', nationality: 'N/A' }],
    proprietors: [],
    documents: { search_certificate: '' },
    directors: [{ name: 'DOE LEO JOE', nationality: 'N/A', date_of_birth: 'N/A' }],
  }
}
