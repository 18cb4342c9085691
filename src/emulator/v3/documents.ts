/** `POST /v3/biometric_kyc`, and the three verifications of documents. */
import { badRequest, v3Error } from './answers.ts'
import { COMMON, country, enabledIdType, idNumber, idNumberLimit, idType } from './checks.ts'
import { idTypeOf } from './id-types.ts'
import { documentImage, imageLinks, judgeImages, SELFIE_IMAGES } from './image-checks.ts'
import type { Outcome } from './identities.ts'
import { commonDetails, idFields } from './results.ts'
import { BINDABLE, type Check, type Submission, type SubmissionRules } from './submission.ts'
import { canEnrol } from './users.ts'

const WITH_FACE: Pick<SubmissionRules, 'delivery' | 'details' | 'judge' | 'enrols'> = {
  delivery: 'callback',
  details: (submission, outcome) => ({
    ...commonDetails(submission, outcome),
    image_links: imageLinks(submission),
    ...idFields(submission, outcome),
  }),
  judge: judgeImages,
  // Whoever is enrolled stays so, with the first face.
  enrols: canEnrol,
}

export const BIOMETRIC_KYC: SubmissionRules = {
  ...WITH_FACE,
  product: 'biometric_kyc',
  bindable: [...BINDABLE, 'country', 'id_type', 'id_number'],
  checks: [...SELFIE_IMAGES, country, idType, ...COMMON, enabledIdType, idNumber, idNumberLimit],
  rejection: { status: 'block', reason: 'face_verification_failed' },
  takesSandboxResult: true,
}

const DOCUMENT_BINDABLE = [...BINDABLE, 'country', 'id_type']
const REJECTED_DOCUMENT: Outcome = { status: 'block', reason: 'document_check_failed' }
const DOCUMENT_IMAGES: readonly Check[] = [
  documentImage('document'),
  documentImage('document_back', { isOptional: true }),
]

export const DOCUMENT_VERIFICATION: SubmissionRules = {
  ...WITH_FACE,
  product: 'document_verification',
  bindable: DOCUMENT_BINDABLE,
  checks: [...SELFIE_IMAGES, ...DOCUMENT_IMAGES, country, ...COMMON],
  rejection: REJECTED_DOCUMENT,
}

/** Documents of all countries, beside the ID types of each. */
const DOCUMENTS = ['DRIVERS_LICENSE', 'IDENTITY_CARD', 'NATIONAL_ID', 'PASSPORT', 'RESIDENT_ID', 'VOTER_ID']

const enabledDocument: Check = ({ call, text }) => {
  const type = text('id_type')!
  if (DOCUMENTS.includes(type) || idTypeOf(text('country')!, type)) return undefined
  return v3Error(call.operation, 403, 'ID type not enabled for this partner.')
}

export const ENHANCED_DOCUMENT_VERIFICATION: SubmissionRules = {
  ...WITH_FACE,
  product: 'enhanced_document_verification',
  bindable: DOCUMENT_BINDABLE,
  checks: [...SELFIE_IMAGES, ...DOCUMENT_IMAGES, country, idType, ...COMMON, enabledDocument],
  rejection: { status: 'block', reason: 'identifier_not_found' },
}

const passport: Check = ({ call, text }) => {
  const message = "Field 'id_type' must be PASSPORT for residency document verification."
  return text('id_type') === 'PASSPORT' ? undefined : badRequest(call.operation, message)
}

/** The only operation whose header is asked for, with zeros up to three digits. */
const partnerHeader: Check = ({ state, call }) => {
  const given = call.headers.get('smileid-partner-id')
  if (given === null && !state.choices.residencyNeedsPartnerId) return undefined
  const isRight = given !== null && /^\d{3,}$/.test(given)
  return isRight ? undefined : badRequest(call.operation, "Header 'SmileID-Partner-ID' is required.")
}

export const RESIDENCY_DOCUMENT_VERIFICATION: SubmissionRules = {
  ...WITH_FACE,
  product: 'residency_document_verification',
  bindable: DOCUMENT_BINDABLE,
  checks: [
    partnerHeader,
    ...SELFIE_IMAGES,
    ...DOCUMENT_IMAGES,
    documentImage('visa'),
    country,
    idType,
    passport,
    ...COMMON,
  ],
  rejection: REJECTED_DOCUMENT,
  userInBody: false,
  details: (submission, outcome) => ({
    ...WITH_FACE.details(submission, outcome),
    additional_documents: additionalDocuments(submission, outcome),
  }),
}

/** What was read from the visa: nothing where the verdict is a block or an error. */
function additionalDocuments({ details }: Submission, { status }: Outcome): object[] {
  if (status === 'block' || status === 'error') return []
  return [
    {
      image_link: 'https://images.example/visa',
      full_name: `${String(details.given_names)} ${String(details.last_name)}`,
      id_number: 'V0000000',
      issued_at: null,
      issuance_date: '2025-01-01',
      expiry: { expiry_date: '2027-01-01', expiry_period_in_months: '24' },
      conditions: null,
      no_of_entries: 'multiple',
      document_primary_id: 'A00000000',
    },
  ]
}
