/** ID lookups: Enhanced KYC and Basic KYC, now or by callback, with the documented test numbers. */
import { own } from '../input/objects.ts'
import type { JobResult } from '../wire/replies.ts'
import { isUsed } from './jobs.ts'
import { PERSON } from './person.ts'
import { type Answer, type Incoming, refuse, type Service, type Scheme } from './model.ts'
import { servicesDocument } from './services-document.ts'

type Body = Record<string, unknown>
export interface Request {
  user_id: string
  job_id: string
  params: Body
}

const WINDOW_MS = 3 * 86_400_000

/** `partner_params` of a new job, or why not: required texts, the job type, and a `job_id` of its own. */
export function readJob(
  service: Service,
  partnerId: string,
  params: unknown,
  jobType: number,
): Request | Answer {
  const given = (typeof params === 'object' && params ? params : {}) as Body
  for (const name of ['user_id', 'job_id'])
    if (typeof given[name] !== 'string' || !given[name])
      return refuse('2413', `"partner_params.${name}" is required`)
  if (given.job_type !== undefined && Number(given.job_type) !== jobType)
    return refuse('2212', `Invalid job type: use ${jobType}`)
  const { user_id, job_id } = given as Record<string, string>
  if (isUsed(service, partnerId, user_id!, job_id!))
    return refuse('2215', 'Job already exists. Did you mean to set the retry flag to true?')
  return { user_id: user_id!, job_id: job_id!, params: given }
}

/** Keeps the result as that of a job: at once, or after a while with a callback. */
export function settle(
  service: Service,
  partnerId: string,
  { user_id, job_id, params }: Request,
  result: Body,
  callbackUrl?: string,
  scheme?: Scheme,
): Answer {
  const smileJobId = service.nextJob()
  const whole = {
    JSONVersion: '1.0.0',
    SmileJobID: smileJobId,
    PartnerParams: params,
    ...result,
  } as unknown as JobResult
  const success = /^10(12|20|21|30)$/.test(`${result.ResultCode}`)
  const job = {
    partnerId,
    smileJobId,
    job: { user_id, job_id, scheme, ...(callbackUrl !== undefined && { callback_url: callbackUrl }) },
    stages: [
      {
        at: service.now() + (callbackUrl === undefined ? 0 : service.jobDurationMs),
        result: whole,
        complete: true,
        success,
      },
    ],
  }
  service.jobs.set(`${partnerId}:${user_id}:${job_id}`, job)
  if (callbackUrl === undefined) return { status: 200, body: { ...whole }, committed: true, signed: 'lookup' }
  service.schedule(job)
  return { status: 200, body: { success: true }, committed: true, signed: false }
}

const lastDigit = (text: string) => /\d(?=\D*$)/.exec(text)?.[0]
const pattern = (text: string) => text.replace(/\d(?=\D*$)/, '#')

/**
 * 1012 to 1015 as the last digit of a test number says; other numbers are not found, or have the wrong
 * format.
 */
export function codeOf(
  id_number: string,
  regex: string | undefined,
  test: string | undefined,
  sandboxResult: unknown,
): string {
  const [, body = '', flag] = /^(.*?)(?:\/(i))?$/s.exec(regex ?? '') ?? []
  if (regex && !new RegExp(body, flag).test(id_number)) return '1014'
  if (sandboxResult === '1') return '1013'
  if (sandboxResult === '0' || sandboxResult === '2') return '1012'
  if (test && pattern(test) !== pattern(id_number)) return '1013'
  return { 0: '1012', 1: '1013', 2: '1014', 3: '1015', 4: '1012' }[lastDigit(id_number) ?? ''] ?? '1013'
}

/** More than so many requests for one number, each within three days of the one before, and it is blocked. */
export function limited(
  service: Service,
  partnerId: string,
  country: unknown,
  id_type: unknown,
  id_number: string,
): Answer | undefined {
  const key = `${partnerId}:${String(country)}:${String(id_type)}:${id_number}`
  const known = service.asked.get(key)
  const count = known && service.now() - known.at <= WINDOW_MS ? known.count + 1 : 1
  service.asked.set(key, { count, at: service.now() })
  return count > service.choices.idNumberLimit ? refuse('2222', 'ID number is blocked') : undefined
}

const TEXTS: Readonly<Record<string, string>> = {
  1012: 'ID Number Validated',
  1013: 'Unable to Validate ID',
  1014: 'Unsupported ID number format',
  1015: 'Queried Database Unavailable',
  1020: 'Exact Match',
  1021: 'Partial Match',
  1022: 'No Match',
  1023: 'Not Found',
}

export const lookUp =
  (basic: boolean, later: boolean) =>
  async (service: Service, partnerId: string, body: Body, { scheme }: Incoming): Promise<Answer> => {
    const job = readJob(service, partnerId, body.partner_params, 5)
    if ('status' in job) return job
    const { country, id_type } = body
    const document = servicesDocument()
    const needed = own(
      own<Record<string, readonly string[]>>(document.id_types, `${country as string}`),
      `${id_type as string}`,
    )
    if (!needed) return refuse('2413', 'Unsupported ID type')
    for (const field of [...needed, ...(later ? ['callback_url'] : [])])
      if (!body[field] && !job.params[field]) return refuse('2413', `"${field}" is required`)
    const number = String(body.id_number ?? body.session_id)
    const blocked = limited(service, partnerId, country, id_type, number)
    if (blocked) return blocked
    const { id_number_regex, test_data } =
      document.hosted_web.enhanced_kyc[`${country as string}`]!.id_types[`${id_type as string}`]!
    const code = body.session_id
      ? '1012'
      : codeOf(number, id_number_regex, test_data, job.params.sandbox_result)
    const found = code === '1012'
    // The last digit 4: any member of the answer can be given in partner_params.
    const chosen =
      lastDigit(number) === '4'
        ? Object.fromEntries(
            Object.entries(job.params).filter(
              ([name, value]) => typeof value === 'string' && /^[A-Z]/.test(name),
            ),
          )
        : {}
    const person: Record<string, string> = { ...PERSON, ...(chosen as Record<string, string>) }
    const [LastName, FirstName, MiddleName] = person.FullName!.split(' ')
    const params = { ...job.params, ...(Object.keys(chosen).length && { FirstName, MiddleName, LastName }) }
    const result = basic
      ? compared(found, code, body, { FirstName, LastName, DOB: person.DOB })
      : {
          ResultType: 'ID Verification',
          ResultText: TEXTS[code],
          ResultCode: code,
          IsFinalResult: 'true',
          Actions: {
            Verify_ID_Number: found ? 'Verified' : code === '1015' ? 'Issuer Unavailable' : 'Not Verified',
            Return_Personal_Info: found ? 'Returned' : 'Not Returned',
          },
          Country: country,
          IDType: id_type,
          IDNumber: number,
          Source: 'ID API',
          ...(found ? { ...person, FullData: {} } : {}),
        }
    return settle(
      service,
      partnerId,
      { ...job, params },
      result,
      later ? String(body.callback_url) : undefined,
      scheme,
    )
  }

/** Basic KYC tells how well the given texts match, and nothing more. */
function compared(
  found: boolean,
  code: string,
  body: Body,
  person: Record<string, string | undefined>,
): Body {
  const pairs = Object.entries({
    first_name: person.FirstName,
    last_name: person.LastName,
    dob: person.DOB,
  }).filter(([name]) => body[name] !== undefined)
  const matches = pairs.map(
    ([name, value]) => [name, `${body[name] as string}`.toLowerCase() === `${value}`.toLowerCase()] as const,
  )
  const good = matches.filter(([, match]) => match).length
  const ResultCode = !found
    ? code === '1013'
      ? '1023'
      : code
    : good === matches.length
      ? '1020'
      : good
        ? '1021'
        : '1022'
  return {
    ResultType: 'Basic KYC',
    ResultCode,
    ResultText: TEXTS[ResultCode],
    IsFinalResult: 'true',
    Source: 'ID API',
    Country: body.country,
    IDType: body.id_type,
    Actions: {
      Verify_ID_Number: found ? 'Verified' : 'Not Verified',
      ...(found &&
        Object.fromEntries(matches.map(([name, match]) => [name, match ? 'Exact Match' : 'No Match']))),
    },
  }
}
