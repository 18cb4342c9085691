/** Businesses, screening, tokens, and the smaller endpoints. */
import { own } from '../input/objects.ts'
import { codeOf, limited, readJob, settle } from './lookup.ts'
import { type Answer, type Incoming, refuse, type Service } from './model.ts'
import { servicesDocument } from './services-document.ts'

type Body = Record<string, unknown>
const plain = (body: Body, signed = false): Answer => ({ status: 200, body, committed: false, signed })

const BUSINESS_TYPES: Readonly<Record<string, readonly string[]>> = {
  BASIC_BUSINESS_REGISTRATION: ['NG', 'KE', 'ZA'],
  BUSINESS_REGISTRATION: ['NG', 'KE', 'ZA'],
  TAX_INFORMATION: ['NG'],
}

export const business =
  (later: boolean) =>
  async (service: Service, partnerId: string, body: Body, { scheme }: Incoming): Promise<Answer> => {
    const job = readJob(service, partnerId, body.partner_params, 7)
    if ('status' in job) return job
    const failed = (answer: Answer): Answer => ({ ...answer, body: { ...answer.body, success: false } })
    for (const field of ['country', 'id_type', 'id_number', ...(later ? ['callback_url'] : [])])
      if (!body[field]) return failed(refuse('2413', `"${field}" is required`))
    if (!own(BUSINESS_TYPES, String(body.id_type))?.includes(String(body.country)))
      return failed(refuse('2413', 'Unsupported business type'))
    const blocked = limited(service, partnerId, body.country, body.id_type, String(body.id_number))
    if (blocked) return blocked
    const code = codeOf(String(body.id_number), undefined, undefined, job.params.sandbox_result)
    const found = code === '1012'
    return settle(
      service,
      partnerId,
      job,
      {
        ResultType: 'Business Verification',
        ResultText: found ? 'Business Verified' : 'Unable to Validate Business',
        ResultCode: code,
        IsFinalResult: 'true',
        Actions: {
          Verify_Business: found ? 'Verified' : 'Not Verified',
          Return_Business_Info: found ? 'Returned' : 'Not Returned',
        },
        ...(found && {
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
        }),
        success: found,
      },
      later ? String(body.callback_url) : undefined,
      scheme,
    )
  }

/** Finds whoever is called as the person of the samples. */
export async function aml(service: Service, partnerId: string, body: Body): Promise<Answer> {
  const job = readJob(
    service,
    partnerId,
    {
      ...(body.partner_params as Body | undefined),
      user_id: body.user_id,
      job_id: body.job_id,
      job_type: body.job_type ?? 10,
    },
    10,
  )
  if ('status' in job) return job
  for (const field of ['full_name', 'countries'])
    if (!body[field]) return refuse('2413', `"${field}" is required`)
  const hit = /\bdoe\b/i.test(String(body.full_name))
  return settle(service, partnerId, job, {
    Actions: { Listed: hit ? 'Listed' : 'Not Listed' },
    ResultCode: hit ? '1030' : service.choices.amlClearCode,
    ResultText: hit ? 'Found on list' : 'Not found on list',
    StrictMatch: body.strict_match ?? true,
    no_of_persons_found: hit ? 1 : 0,
    people: hit
      ? [
          {
            name: 'Leo Joe Doe',
            aliases: ['Joe Leo Doe'],
            dates_of_birth: ['2000-09-20'],
            nationalities: ['Nigeria'],
            addresses: [],
            adverse_media: [],
            associations: [],
            pep: { pep_level: 0, political_positions: [], sources: [] },
            sanctions: [
              {
                date_of_birth: '2000-09-20',
                nationality: 'Nigeria',
                source_details: {
                  listed_date: '2020-01-01',
                  source_link: ['https://lists.example/1'],
                  source_name: 'Example list',
                  source_type: 'Sanctions',
                },
              },
            ],
          },
        ]
      : [],
  })
}

const PRODUCTS = [
  'authentication',
  'smartselfie',
  'basic_kyc',
  'identity_verification',
  'enhanced_kyc',
  'biometric_kyc',
  'ekyc_smartselfie',
  'doc_verification',
  'enhanced_document_verification',
  'e_signature',
]

/** A token with the shape of a JWT; nobody but the emulator would take it. */
export async function token(service: Service, partnerId: string, body: Body): Promise<Answer> {
  for (const field of ['user_id', 'job_id', 'product', 'callback_url'])
    if (typeof body[field] !== 'string' || !body[field]) return refuse('2213', `"${field}" is required`)
  if (!PRODUCTS.includes(body.product as string)) return refuse('2217', 'Invalid product.')
  const part = (value: object) =>
    btoa(JSON.stringify(value)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  const { user_id, job_id, product, callback_url } = body
  return plain({
    success: true,
    token: `${part({ alg: 'none', typ: 'JWT' })}.${part({ partner_id: partnerId, partner_params: { user_id, job_id }, product, callback_url, iat: Math.floor(service.now() / 1000) })}.emulated`,
  })
}

export const services = async (): Promise<Answer> => plain(servicesDocument())

export async function resetRateLimit(service: Service, partnerId: string, body: Body): Promise<Answer> {
  for (const field of ['id_type', 'id_number'])
    if (!body[field]) return refuse('2413', `"${field}" is required`)
  for (const key of service.asked.keys())
    if (key.startsWith(`${partnerId}:`) && key.endsWith(`:${String(body.id_type)}:${String(body.id_number)}`))
      service.asked.delete(key)
  return plain({ message: 'Rate limit reset successful', success: 'true' })
}

export async function productsConfig(): Promise<Answer> {
  const { hosted_web } = servicesDocument()
  const idSelection = Object.fromEntries(
    (['basic_kyc', 'biometric_kyc', 'enhanced_kyc', 'doc_verification'] as const).map((product) => [
      product,
      Object.fromEntries(
        Object.entries(hosted_web[product]).map(([country, { id_types }]) => [
          country,
          Object.keys(id_types),
        ]),
      ),
    ]),
  )
  return plain({ consentRequired: { NG: ['NIN_V2', 'BVN_MFA'] }, idSelection })
}

export async function validDocuments(): Promise<Answer> {
  const { hosted_web } = servicesDocument()
  return plain({
    valid_documents: Object.entries(hosted_web.doc_verification).map(([code, { name, id_types }]) => ({
      country: { name, continent: 'Africa', code },
      id_types: [
        ...Object.entries(id_types).map(([type, { label }]) => ({
          name: label,
          code: type,
          has_back: type !== 'PASSPORT',
          example: [],
        })),
        { name: 'Others', code: '', has_back: true, example: [] },
      ],
    })),
  })
}

/** The owner's one-time password is always 000000. */
export const consent =
  (step: 'start' | 'mode' | 'otp') =>
  async (_: Service, __: string, body: Body): Promise<Answer> => {
    for (const field of ['id_number', ...(step === 'start' ? [] : ['session_id', step])])
      if (!body[field]) return refuse('2413', `"${field}" is required`)
    const session_id = `session-${String(body.id_number)}`
    if (step !== 'start' && body.session_id !== session_id) return refuse('2413', 'Unknown session')
    if (step === 'otp' && body.otp !== '000000') return refuse('2413', 'Wrong OTP')
    return plain(
      {
        message: { start: 'Select OTP Delivery Mode', mode: 'OTP Sent', otp: 'OTP Confirmed' }[step],
        success: true,
        ...(step === 'start' && {
          session_id,
          modes: [{ sms: '0800*******67' }, { email: 'd**@example.com' }],
        }),
      },
      true,
    )
  }

/** Knows a user by the lookup that was made of him. */
export async function compareUserInfo(service: Service, partnerId: string, body: Body): Promise<Answer> {
  for (const field of ['user_id', 'country', 'id_type'])
    if (!body[field]) return refuse('2413', `"${field}" is required`)
  const known = [...service.jobs.values()].some(
    (job) => job.partnerId === partnerId && job.job.user_id === body.user_id,
  )
  if (!known) return refuse('2210', 'No enrolled user found')
  return plain(
    {
      SmileJobID: service.nextJob(),
      PartnerParams: { user_id: body.user_id, job_id: 'compare', job_type: 9 },
      ResultCode: '1020',
      ResultText: 'Exact Match',
      Actions: {},
    },
    true,
  )
}

export async function verifyAddress(_: Service, __: string, body: Body): Promise<Answer> {
  const failed = (error: string): Answer => ({
    ...refuse('2413', error),
    body: { error, code: '2413', success: false },
  })
  if (body.country !== 'NG' && body.country !== 'ZA') return failed('"country" must be one of [NG, ZA]')
  for (const field of [
    'address',
    'callback_url',
    ...(body.country === 'NG' ? ['utility_number', 'utility_provider'] : ['id_number']),
  ])
    if (!body[field]) return failed(`"${field}" is required`)
  return { ...plain({ success: true }), committed: true }
}
