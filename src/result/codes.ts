/**
 * ResultCodes of the v1 API and what they decide (docs.usesmileid.com, result codes; the table of face jobs
 * beyond these is not public).
 */
import { own } from '../input/objects.ts'

export type Decision = 'approved' | 'partial' | 'provisional' | 'rejected' | 'pending' | 'error' | 'unknown'

export interface Verdict {
  decision: Exclude<Decision, 'pending'>
  /** No later result of the job changes it. @default true */
  final?: boolean | undefined
  /** A new job with the same input may end better. @default false */
  retryable?: boolean | undefined
}

const VERDICTS: Readonly<Record<string, Verdict>> = {
  // Four causes share it; the text tells which.
  '0001': { decision: 'rejected' },
  '0810': { decision: 'approved' },
  '0814': { decision: 'provisional', final: false },
  '0840': { decision: 'approved' },
  // The zip arrived broken: the same images may arrive whole.
  '0903': { decision: 'rejected', retryable: true },
  '0907': { decision: 'rejected' },
  '1012': { decision: 'approved' },
  '1013': { decision: 'rejected' },
  '1014': { decision: 'error' },
  // The ID authority is down.
  '1015': { decision: 'error', retryable: true },
  '1016': { decision: 'error' },
  '1020': { decision: 'approved' },
  // The documentation counts it among the approvals; but names that match in part may be another person's.
  '1021': { decision: 'partial' },
  '1022': { decision: 'rejected' },
  '1023': { decision: 'rejected' },
  // "Found on list": what it means for a person is in `people`, never in the code.
  '1030': { decision: 'unknown' },
  '1210': { decision: 'approved' },
}

export function verdictOn(code: string): Verdict | undefined {
  return own(VERDICTS, code)
}

/** Values of Actions that are good news or none. */
const QUIET_ACTIONS: readonly string[] = [
  'Passed',
  'Completed',
  'Approved',
  'Verified',
  'Returned',
  'Exact Match',
  'Not Applicable',
  'Not Done',
  'Not Provided',
]

/** Whether the value of an Action speaks against approval, or is still open. */
export function needsAttention(value: string): boolean {
  return !QUIET_ACTIONS.includes(value)
}

/** What an approval stands for: the photo on file, the number, the document or the business. */
const DECIDING_ACTIONS: readonly string[] = [
  'Register_Selfie',
  'Verify_ID_Number',
  'Verify_Document',
  'Verify_Business',
]

/** How well one field of Basic KYC matched, whatever the Action is called. */
const MISMATCHES: readonly string[] = ['Partial Match', 'Transposed', 'No Match']

/** Whether an Action that needs attention is one without which nothing is approved. */
export function contradictsApproval({ action, value }: { action: string; value: string }): boolean {
  return DECIDING_ACTIONS.includes(action) || MISMATCHES.includes(value)
}

/** Codes that tell of an ID or a business alone, whatever else the job has to decide. */
export function isLookupCode(code: string | undefined): boolean {
  return code === '1012' || code === '1020'
}
