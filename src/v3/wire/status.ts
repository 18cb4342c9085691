/** What v3 says of a job when it is asked. */
import type { VerdictStatus } from './results.ts'
import type { JobId } from './shared.ts'

/** No reason and no data of the person: those come by callback alone. */
export interface VerificationStatus {
  status: VerdictStatus | 'processing'
  job_id: JobId
  user_id: string
  message: string
  /** When this answer was made, not the job. */
  created_at: string
  [field: string]: unknown
}

/** A status that is an end. */
export interface Verdict extends VerificationStatus {
  status: VerdictStatus
}

const VERDICTS: readonly unknown[] = ['clear', 'attention', 'block', 'error'] satisfies VerdictStatus[]

/** An end. What this version does not know is none. */
export function isVerdict(status: unknown): status is VerdictStatus {
  return VERDICTS.includes(status)
}

export function isKnownStatus(status: unknown): status is VerdictStatus | 'processing' {
  return status === 'processing' || isVerdict(status)
}
