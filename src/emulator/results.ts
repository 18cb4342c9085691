/** What results of jobs say, by product and verdict. Codes are documented ones, or named choices. */
import type { JobResult } from '../wire/replies.ts'
import type { EmulatedJob, JobVerdict } from './job-model.ts'
import type { Service } from './model.ts'
import { PERSON } from './person.ts'

/** The members of a result that differ by product and verdict. */
export type ResultFields = Pick<JobResult, 'ResultCode' | 'ResultText'> & {
  Actions: Record<string, string>
  ConfidenceValue?: string
  [field: string]: unknown
}

const NO_ACTIONS = {
  Liveness_Check: 'Not Applicable',
  Selfie_To_ID_Card_Compare: 'Not Applicable',
  Selfie_To_Registered_Selfie_Compare: 'Not Applicable',
  Update_Registered_Selfie_On_File: 'Not Applicable',
  Human_Review_Compare: 'Not Applicable',
  Human_Review_Liveness_Check: 'Not Applicable',
  Human_Review_Selfie_Check: 'Not Applicable',
  Human_Review_Update_Selfie: 'Not Applicable',
}

/** What each kind of action says with each verdict. */
const ACTION_VALUES = {
  approved: {
    enrol: 'Approved',
    compare: 'Completed',
    check: 'Passed',
    update: 'Approved',
    info: 'Returned',
  },
  provisional: {
    enrol: 'Provisionally Approved',
    compare: 'Provisionally Approved',
    check: 'Under Review',
    update: 'Not Done',
    info: 'Returned',
  },
  rejected: {
    enrol: 'Rejected',
    compare: 'Not Done',
    check: 'Failed',
    update: 'Not Done',
    info: 'Not Returned',
  },
}
type ActionKind = keyof typeof ACTION_VALUES.approved

interface CodeAndText {
  code: string
  text: string
}

interface Product {
  approved: CodeAndText
  /** What a reviewer's approval says. @default 1210 */
  reviewed?: CodeAndText
  actions: Readonly<Record<string, ActionKind>>
  /** The action that a reviewer decides. */
  reviewAction: string
  /** What an approved job tells of the person. */
  person?: Record<string, string>
}

const CONFIDENCE = { approved: '99', provisional: '81', rejected: '12' }
const PROVISIONAL: CodeAndText = { code: '0814', text: 'Provisional Enroll - Under Review' }
const REJECTED: CodeAndText = { code: '0907', text: 'FAIL - Possible Spoof - Strict Setting' }
const REVIEWED: CodeAndText = { code: '1210', text: 'Enroll User' }

/** What the machine decides. */
export function machineResult(service: Service, job: EmulatedJob, verdict: JobVerdict): ResultFields {
  const product = productOf(service, job)
  const { code, text } = { approved: product.approved, provisional: PROVISIONAL, rejected: REJECTED }[verdict]
  const actions = actionsOf(product, verdict)
  if (verdict === 'provisional') actions[product.reviewAction] = 'Under Review'
  if (verdict === 'rejected') actions.Liveness_Check = 'Failed'
  return {
    ResultCode: code,
    ResultText: text,
    ConfidenceValue: CONFIDENCE[verdict],
    Actions: actions,
    ...(verdict === 'rejected' ? {} : product.person),
  }
}

/** What a reviewer decides about a provisional job. */
export function reviewerResult(
  service: Service,
  job: EmulatedJob,
  verdict: 'approved' | 'rejected',
): ResultFields {
  const product = productOf(service, job)
  const { code, text } = {
    approved: product.reviewed ?? REVIEWED,
    rejected: { code: service.choices.reviewRejectedCode, text: 'Rejected by reviewer' },
  }[verdict]
  const actions = actionsOf(product, verdict)
  actions[product.reviewAction] = verdict === 'approved' ? 'Passed' : 'Failed'
  return {
    ResultCode: code,
    ResultText: text,
    ConfidenceValue: '99',
    Actions: actions,
    ...(verdict === 'rejected' ? {} : product.person),
  }
}

/** The result of a job whose zip is broken: nothing was looked at. */
export function badZipResult(code: string): ResultFields {
  return { ResultCode: code, ResultText: 'Zip Corrupt', Actions: { ...NO_ACTIONS } }
}

/** The result of a job with an image that cannot be used: one code for both kinds, the text tells which. */
export function unusableImageResult(image: 'Selfie' | 'ID Card'): ResultFields {
  const failed =
    image === 'Selfie' ? { Selfie_Provided: 'Passed', Selfie_Check: 'Failed' } : { Document_Check: 'Failed' }
  return {
    ResultCode: '0001',
    ResultText: `${image} image unusable`,
    Actions: { ...NO_ACTIONS, ...failed },
  }
}

function actionsOf(product: Product, verdict: JobVerdict): Record<string, string> {
  const actions: Record<string, string> = { ...NO_ACTIONS }
  for (const [action, kind] of Object.entries(product.actions)) actions[action] = ACTION_VALUES[verdict][kind]
  return actions
}

function productOf({ choices }: Service, job: EmulatedJob): Product {
  switch (job.job_type) {
    case 2:
      return authentication(choices.authenticatedCode)
    case 4:
      return {
        approved: { code: '0840', text: 'Enroll User' },
        actions: { Register_Selfie: 'enrol' },
        reviewAction: 'Human_Review_Compare',
      }
    case 8:
      return photoUpdate(choices.photoUpdatedCode)
    case 6:
    case 11:
      return documentVerification(job)
    default:
      return biometricKyc(job)
  }
}

function authentication(code: string): Product {
  const approved = { code, text: 'Authenticate User' }
  return {
    approved,
    reviewed: approved,
    actions: { Selfie_To_Registered_Selfie_Compare: 'compare' },
    reviewAction: 'Human_Review_Compare',
  }
}

function photoUpdate(code: string): Product {
  const approved = { code, text: 'Update Photo On File' }
  return {
    approved,
    reviewed: approved,
    actions: {
      Selfie_To_Registered_Selfie_Compare: 'compare',
      Update_Registered_Selfie_On_File: 'update',
    },
    reviewAction: 'Human_Review_Update_Selfie',
  }
}

function documentVerification({ useEnrolledImage, document }: EmulatedJob): Product {
  const enrolment: Record<string, ActionKind> = useEnrolledImage ? {} : { Register_Selfie: 'enrol' }
  return {
    approved: { code: '0810', text: 'Document Verified' },
    reviewed: { code: '0810', text: 'Document Verified After Human Review' },
    actions: {
      ...enrolment,
      Selfie_To_ID_Card_Compare: 'compare',
      Document_Check: 'check',
      Verify_Document: 'check',
      Return_Personal_Info: 'info',
    },
    reviewAction: 'Human_Review_Document_Check',
    person: { ...PERSON, ...document },
  }
}

function biometricKyc({ idLookup = true }: EmulatedJob): Product {
  const comparison = idLookup ? 'Selfie_To_ID_Authority_Compare' : 'Selfie_To_ID_Card_Compare'
  return {
    approved: { code: '0810', text: 'Enroll User' },
    actions: { Register_Selfie: 'enrol', [comparison]: 'compare' },
    reviewAction: 'Human_Review_Compare',
  }
}
