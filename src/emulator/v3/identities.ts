/** The people that the sandbox knows: who they are decides how a job ends. */
import type { JsonObject } from '../model.ts'
import type { V3Status } from './model.ts'
import type { V3Operation } from '../../wire/v3-operations.ts'

export interface Outcome {
  status: V3Status
  reason: string | null
}

interface Identity extends Outcome {
  last: string
  /** Absent for one whose given names and email are not published. */
  given?: string
  /** Where it counts; absent for everywhere. */
  operations?: readonly V3Operation[]
}

const EKYC: V3Operation[] = ['v3/enhanced_kyc', 'v3/enhanced_kyc/sync']
const BKYC: V3Operation[] = ['v3/biometric_kyc']
const SELFIE: V3Operation[] = ['v3/registration', 'v3/authentication', 'v3/compare']
// The published table names document verification; residency documents are documents, too.
const DOCV: V3Operation[] = ['v3/document_verification', 'v3/residency_document_verification']
const EDOCV: V3Operation[] = ['v3/enhanced_document_verification']
const AUTHENTICATION: V3Operation[] = ['v3/authentication']

const clear: Outcome = { status: 'clear', reason: null }
const attention = (reason: string): Outcome => ({ status: 'attention', reason })
const block = (reason: string): Outcome => ({ status: 'block', reason })
const error = (reason: string): Outcome => ({ status: 'error', reason })

const IDENTITIES: readonly Identity[] = [
  { last: 'Clearwater', given: 'Amina Fatou', ...clear },
  {
    last: 'Dangerfield',
    given: 'Rashid Omar',
    operations: [...EKYC, ...BKYC, ...SELFIE],
    ...block('high_risk'),
  },
  {
    last: 'Ghostwell',
    given: 'Fatima Bello',
    operations: [...EKYC, ...BKYC],
    ...block('identifier_not_found'),
  },
  { last: 'Youngblood', given: 'Aisha Lawal', operations: EKYC, ...block('age_requirement_not_met') },
  {
    last: 'Downsworth',
    given: 'Ngozi Ifeoma',
    operations: [...EKYC, ...BKYC],
    ...error('service_unavailable'),
  },
  {
    last: 'Twinley',
    given: 'Obinna Chukwu',
    operations: [...BKYC, ...SELFIE],
    ...block('face_verification_failed'),
  },
  { last: 'Masquero', given: 'Taiwo Adeyemi', operations: [...BKYC, ...SELFIE], ...block('spoof_detected') },
  {
    last: 'Blurton',
    given: 'Kofi Mensah',
    operations: [...BKYC, ...SELFIE],
    ...error('image_unavailable_or_invalid'),
  },
  { last: 'Glitchford', given: 'Chidinma Obi', operations: [...BKYC, ...SELFIE], ...error('internal_error') },
  { last: 'Lockhart', operations: AUTHENTICATION, ...block('account_locked_fraud') },
  { last: 'Forgeman', given: 'Ade Ogundimu', operations: DOCV, ...block('document_check_failed') },
  { last: 'Oddpaper', given: 'Olumide Fashola', operations: DOCV, ...block('unsupported_document') },
  { last: 'Xeroxley', given: 'Adaeze Nnamdi', operations: DOCV, ...attention('document_copy_detected') },
  { last: 'Oldfield', given: 'Tunde Bakare', operations: DOCV, ...attention('document_expired') },
  { last: 'Puzzleton', given: 'Segun Olawale', operations: DOCV, ...error('document_unclassifiable') },
  { last: 'Missingley', given: 'Ifeanyi Okeke', operations: EDOCV, ...block('identifier_not_found') },
  { last: 'Badnumber', given: 'Wale Oladipo', operations: EDOCV, ...error('invalid_id_number') },
]

/** The people of the specification's examples; their emails are not those of the table above. */
const SCREENED: readonly (Outcome & { last: string; given: string })[] = [
  { last: 'Okafor', given: 'Nkechi', ...clear },
  { last: 'Afolabi', given: 'Gbenga', ...block('aml_match_found') },
  { last: 'Oni', given: 'Bukola', ...attention('news_media_match') },
  { last: 'Ifeoma', given: 'Ngozi', ...error('service_unavailable') },
  { last: 'Omar', given: 'Rashid', ...block('high_risk') },
]

const SCREENINGS: readonly V3Operation[] = ['v3/aml', 'v3/aml/sync', 'v3/aml/monitoring']

/** How a job about this person ends; `undefined` for somebody whom the sandbox does not know. */
export function outcomeOf(operation: V3Operation, details: JsonObject): Outcome | undefined {
  const screened = SCREENED.find((person) => hasNames(person, details))
  if (screened && SCREENINGS.includes(operation)) return screened
  return IDENTITIES.find(
    (identity) =>
      (identity.operations?.includes(operation) ?? true) &&
      hasNames(identity, details) &&
      hasEmail(identity, details),
  )
}

function hasNames({ last, given }: { last: string; given?: string }, details: JsonObject): boolean {
  return isSame(details.last_name, last) && (given === undefined || isSame(details.given_names, given))
}

/** Email is part of the key, so whoever has a phone alone is nobody. */
function hasEmail({ last, given }: Identity, { email }: JsonObject): boolean {
  if (given === undefined) return true
  const [first] = given.split(' ')
  return isSame(email, `${first}.${last}@example.com`)
}

function isSame(given: unknown, published: string): boolean {
  return typeof given === 'string' && given.trim().toLowerCase() === published.toLowerCase()
}
