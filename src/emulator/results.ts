/** What jobs say when they end, by product. Codes are documented ones, or named choices. */
import type { JobResult } from '../wire/replies.ts'
import { PERSON } from './person.ts'
import type { Service, JobVerdict, EmulatedJob } from './model.ts'

export type Ending = Pick<JobResult, 'ResultCode' | 'ResultText'> & {
  Actions: Record<string, string>
  ConfidenceValue?: string
  [field: string]: unknown
}

const NONE = {
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
const WORDS = {
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
type Kind = keyof typeof WORDS.approved

interface Product {
  approved: readonly [code: string, text: string]
  /** Where a reviewer says it with a code of his own. @default 1210 */
  reviewed?: readonly [code: string, text: string]
  actions: Readonly<Record<string, Kind>>
  review: string
  person?: Record<string, string>
}

function productOf(
  { choices }: Service,
  { job_type, idLookup = true, useEnrolledImage, document }: EmulatedJob,
): Product {
  const review = 'Human_Review_Compare'
  switch (job_type) {
    case 2:
      return {
        approved: [choices.authenticatedCode, 'Authenticate User'],
        reviewed: [choices.authenticatedCode, 'Authenticate User'],
        actions: { Selfie_To_Registered_Selfie_Compare: 'compare' },
        review,
      }
    case 4:
      return { approved: ['0840', 'Enroll User'], actions: { Register_Selfie: 'enrol' }, review }
    case 8: {
      const approved = [choices.photoUpdatedCode, 'Update Photo On File'] as const
      return {
        approved,
        reviewed: approved,
        actions: {
          Selfie_To_Registered_Selfie_Compare: 'compare',
          Update_Registered_Selfie_On_File: 'update',
        },
        review: 'Human_Review_Update_Selfie',
      }
    }
    case 6:
    case 11:
      return {
        approved: ['0810', 'Document Verified'],
        reviewed: ['0810', 'Document Verified After Human Review'],
        review: 'Human_Review_Document_Check',
        person: { ...PERSON, ...document },
        actions: {
          ...(!useEnrolledImage && { Register_Selfie: 'enrol' as const }),
          Selfie_To_ID_Card_Compare: 'compare',
          Document_Check: 'check',
          Verify_Document: 'check',
          Return_Personal_Info: 'info',
        },
      }
    default:
      return {
        approved: ['0810', 'Enroll User'],
        actions: {
          Register_Selfie: 'enrol',
          [idLookup ? 'Selfie_To_ID_Authority_Compare' : 'Selfie_To_ID_Card_Compare']: 'compare',
        },
        review,
      }
  }
}

const said = ({ actions }: Product, verdict: JobVerdict) => ({
  ...NONE,
  ...Object.fromEntries(Object.entries(actions).map(([action, kind]) => [action, WORDS[verdict][kind]])),
})

export function machineSays(service: Service, job: EmulatedJob, verdict: JobVerdict): Ending {
  const product = productOf(service, job)
  const [ResultCode, ResultText] = {
    approved: product.approved,
    provisional: ['0814', 'Provisional Enroll - Under Review'],
    rejected: ['0907', 'FAIL - Possible Spoof - Strict Setting'],
  }[verdict] as [string, string]
  return {
    ResultCode,
    ResultText,
    ConfidenceValue: { approved: '99', provisional: '81', rejected: '12' }[verdict],
    Actions: {
      ...said(product, verdict),
      ...(verdict === 'provisional' && { [product.review]: 'Under Review' }),
      ...(verdict === 'rejected' && { Liveness_Check: 'Failed' }),
    },
    ...(verdict !== 'rejected' && product.person),
  }
}

export function reviewerSays(service: Service, job: EmulatedJob, good: boolean): Ending {
  const product = productOf(service, job)
  const [ResultCode, ResultText] = good
    ? (product.reviewed ?? ['1210', 'Enroll User'])
    : [service.choices.reviewRejectedCode, 'Rejected by reviewer']
  return {
    ResultCode,
    ResultText,
    ConfidenceValue: '99',
    Actions: {
      ...said(product, good ? 'approved' : 'rejected'),
      [product.review]: good ? 'Passed' : 'Failed',
    },
    ...(good && product.person),
  }
}

/** Nothing was looked at. */
export const badZip = (code: string): Ending => ({
  ResultCode: code,
  ResultText: 'Zip Corrupt',
  Actions: { ...NONE },
})

/** One code for both; the text tells. */
export const unusable = (what: 'Selfie' | 'ID Card'): Ending => ({
  ResultCode: '0001',
  ResultText: `${what} image unusable`,
  Actions: {
    ...NONE,
    ...(what === 'Selfie'
      ? { Selfie_Provided: 'Passed', Selfie_Check: 'Failed' }
      : { Document_Check: 'Failed' }),
  },
})
