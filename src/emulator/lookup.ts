/** ID lookups: Enhanced KYC and Basic KYC, now or by callback, with the documented test numbers. */
import { own } from '../input/objects.ts'
import { refuse } from './answers.ts'
import { countRequest } from './id-number-limit.ts'
import { keepResult, type LookupJob, readLookupJob } from './lookup-job.ts'
import { basicKycResult, enhancedKycResult, type LookupOutcome } from './lookup-results.ts'
import type { Answer, Call, JsonObject, Service } from './model.ts'
import { PERSON } from './person.ts'
import { servicesDocument } from './services-document.ts'

export interface LookupOptions {
  product: 'enhanced_kyc' | 'basic_kyc'
  /** How the result comes: as the reply, or later by callback. */
  delivery: 'reply' | 'callback'
}

export function lookUp(service: Service, call: Call, { product, delivery }: LookupOptions): Answer {
  const { partnerId, body } = call
  const read = readLookupJob(service, partnerId, { partnerParams: body.partner_params, jobType: 5 })
  if (!read.ok) return read.refusal
  const { job } = read
  const idType = findIdType(body)
  if (!idType) return refuse('2413', 'Unsupported ID type')
  const required = [...idType.required]
  if (delivery === 'callback') required.push('callback_url')
  const missing = required.find((name) => !body[name] && !job.partnerParams[name])
  if (missing !== undefined) return refuse('2413', `"${missing}" is required`)

  const { country, id_type } = body
  const idNumber = String(body.id_number ?? body.session_id)
  const blocked = countRequest(service, partnerId, { country, id_type, id_number: idNumber })
  if (blocked) return blocked

  const { regex, testNumber } = idType
  const sandboxResult = job.partnerParams.sandbox_result
  const code = body.session_id ? '1012' : lookupCode(idNumber, { regex, testNumber, sandboxResult })
  const chosen = lastDigit(idNumber) === '4' ? chosenMembers(job.partnerParams) : {}
  const outcome: LookupOutcome = { code, body, idNumber, person: { ...PERSON, ...chosen } }
  return keepResult(service, call, {
    job: Object.keys(chosen).length > 0 ? withNames(job, outcome.person) : job,
    result: product === 'basic_kyc' ? basicKycResult(outcome) : enhancedKycResult(outcome),
    callbackUrl: delivery === 'callback' ? String(body.callback_url) : undefined,
  })
}

interface IdType {
  required: readonly string[]
  regex: string | undefined
  /** A number of the form that test numbers have. */
  testNumber: string | undefined
}

function findIdType(body: JsonObject): IdType | undefined {
  const country = String(body.country)
  const idType = String(body.id_type)
  const document = servicesDocument()
  const required = own(own(document.id_types, country), idType)
  const details = own(own(document.hosted_web.enhanced_kyc, country)?.id_types, idType)
  if (!required || !details) return undefined
  return { required, regex: details.id_number_regex, testNumber: details.test_data }
}

/** What the last digit of a test number says. */
const CODES_BY_LAST_DIGIT: Readonly<Record<string, string>> = {
  0: '1012',
  1: '1013',
  2: '1014',
  3: '1015',
  4: '1012',
}

/**
 * 1012 to 1015 as the last digit of a test number says; other numbers are not found, or have the wrong
 * format.
 */
export function lookupCode(
  idNumber: string,
  options: {
    /** What its form must be. */
    regex?: string | undefined
    /** A number of the form that test numbers have. */
    testNumber?: string | undefined
    /** The member of `partner_params` that decides, where it is there. */
    sandboxResult: unknown
  },
): string {
  const { regex, testNumber, sandboxResult } = options
  if (regex && !fits(idNumber, regex)) return '1014'
  if (sandboxResult === '1') return '1013'
  if (sandboxResult === '0' || sandboxResult === '2') return '1012'
  if (testNumber && withoutLastDigit(testNumber) !== withoutLastDigit(idNumber)) return '1013'
  return CODES_BY_LAST_DIGIT[lastDigit(idNumber) ?? ''] ?? '1013'
}

/** Expressions of the services document may end with a flag: `…$/i`. */
export function fits(text: string, expression: string): boolean {
  const [, source = '', flags] = /^(.*?)(?:\/(i))?$/s.exec(expression) ?? []
  return new RegExp(source, flags).test(text)
}

function lastDigit(text: string): string | undefined {
  return /\d(?=\D*$)/.exec(text)?.[0]
}

function withoutLastDigit(text: string): string {
  return text.replace(/\d(?=\D*$)/, '#')
}

/** With the last digit 4, any member of the answer can be given in `partner_params`. */
function chosenMembers(partnerParams: JsonObject): Record<string, string> {
  const chosen: Record<string, string> = {}
  for (const [name, value] of Object.entries(partnerParams)) {
    if (typeof value === 'string' && /^[A-Z]/.test(name)) chosen[name] = value
  }
  return chosen
}

/** The answer echoes the names that were chosen. */
function withNames(job: LookupJob, person: Readonly<Record<string, string>>): LookupJob {
  const [LastName, FirstName, MiddleName] = person.FullName!.split(' ')
  return { ...job, partnerParams: { ...job.partnerParams, FirstName, MiddleName, LastName } }
}
