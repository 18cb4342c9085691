/** The event that a callback reports, before and after it is confirmed. */
import type { Client } from '../signature/credentials.ts'
import type { JobRef } from '../wire/jobs.ts'
import type { JobResult, JobStatus } from '../wire/replies.ts'

/** The sender knows the key, **the content is not signed**: nothing here counts before `confirmCallback`. */
export interface VerifiedCallback {
  readonly '~smileid': 'callback'
  /**
   * `environment:partner:SmileJobID:ResultCode`, the same for each delivery of one event: a unique key for
   * your database.
   */
  eventId: string
  job: JobRef
  smileJobId: string
  timestamp: string
  unconfirmedResult: JobResult
  /** The body, in whichever of its two shapes. */
  unconfirmedBody: Record<string, unknown>
}

/**
 * `result` and `status` come from the API; they may be newer than the event, so late and swapped deliveries
 * do no harm.
 *
 * Decide by the status: a job's first result may be that of its ID alone, while the faces are still compared.
 */
export interface ConfirmedCallback {
  eventId: string
  job: JobRef
  smileJobId: string
  result: JobResult
  status: JobStatus
}

/**
 * Environment and partner are part of it: SmileJobIDs of two of them may be equal. `ResultType` is not: newer
 * replies leave it out, at times in one of the places where an event is found.
 */
export function eventIdOf(client: Client, { SmileJobID, ResultCode }: JobResult): string {
  const parts = [client.environment, client.partnerId, SmileJobID, ResultCode]
  return parts.map((part) => encodeURIComponent(part)).join(':')
}
