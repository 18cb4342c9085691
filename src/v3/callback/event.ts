/** The event that a callback of v3 reports, before and after it is confirmed. */
import { encodeHex, utf8 } from '../../platform/bytes.ts'
import type { Client } from '../../signature/credentials.ts'
import type { Result, VerdictStatus } from '../wire/results.ts'
import type { JobId } from '../wire/shared.ts'

/** The sender knew the key at that time; **body and job id are not signed**. */
export interface VerifiedCallback {
  readonly '~smileid': 'v3-callback'
  /**
   * `environment:partner:v3:job_id:status`, equal for repeats and replays of one event: a unique key for your
   * database. An update of AML monitoring, of which a job has many, has its product and a digest of its body
   * in it, too.
   */
  eventId: string
  /** Of `Job-ID` and `User-ID`, else of the body. */
  job: { job_id: JobId; user_id?: string }
  /** As the header had it. */
  timestamp: string
  unconfirmedResult: Result
}

/**
 * What the service says itself: whose job, and the verdict. Reasons, names and numbers it does not say again:
 * they stay `unconfirmed`.
 */
export interface ConfirmedCallback {
  eventId: string
  job: { job_id: JobId; user_id: string }
  status: VerdictStatus | 'processing'
  unconfirmedResult: Result
}

/** Later findings of monitoring, which no status shows. */
export function isUpdate({ product }: Result): boolean {
  return product === 'aml_monitoring_update'
}

/**
 * The product of a verdict is not part of it: nothing confirms it, and under other names the same verdict
 * would come again.
 */
export async function eventIdOf(client: Client, job_id: string, result: Result): Promise<string> {
  const { environment, partnerId } = client
  const parts = [environment, partnerId, 'v3', job_id]
  if (isUpdate(result)) parts.push('aml_monitoring_update')
  parts.push(result.status)
  if (isUpdate(result)) parts.push(await digestOf(result))
  return parts.map((part) => encodeURIComponent(part)).join(':')
}

async function digestOf(result: Result): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', utf8(JSON.stringify(result)))
  return encodeHex(new Uint8Array(digest)).slice(0, 32)
}
