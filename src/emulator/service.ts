/** What the emulated service knows, shared by its endpoints. */
import type { Job, JobVerdict } from './jobs.ts'

/** Where the real behaviour is unknown. */
export interface EmulatorChoices {
  /** Milliseconds by which a request's timestamp may be off. @default no limit */
  maxSignatureAgeMs?: number | undefined
  /** A photo that is no picture, cut off or too small: processed and refused ('reply'), or an error. @default 'reply' */
  badPhoto?: 'reply' | 'error' | undefined
  /** Pixels of the shorter side under which no face is found. @default 48 */
  minFaceSide?: number | undefined
  /** Whether a processed refusal uses the user_id up. @default false */
  refusalUsesUserId?: boolean | undefined
  /** The error code for a user_id that is enrolled. @default '2209' */
  usedUserCode?: string | undefined
  /** The error code for a wrong signature or partner. @default '2205' */
  wrongSignatureCode?: '2204' | '2205' | undefined
  /** Requests for one ID number, each within three days of the one before, until it is blocked. @default 30 */
  idNumberLimit?: number | undefined
  /** The ResultCode of a job that a reviewer refused, which is not documented: in no table, so the job's own success decides. @default '1211' */
  reviewRejectedCode?: string | undefined
  /** The ResultCode of a screening without a hit, which is not documented. @default '1031' */
  amlClearCode?: string | undefined
  /** How the status of a job without a zip is signed; the bare hash, with milliseconds as timestamp, was seen in the wild. @default 'hmac' */
  noZipSignature?: 'hmac' | 'bare_hash' | undefined
  /** Whether a callback carries the result itself or a job status. @default 'result' */
  callbackShape?: 'result' | 'envelope' | undefined
  /** Milliseconds before each repeat of a callback that nobody answered with 2xx. @default [5_000, 30_000] */
  callbackRetriesMs?: readonly number[] | undefined
}

export type Choices = { [name in keyof EmulatorChoices]-?: NonNullable<EmulatorChoices[name]> }

export const CHOICES: Choices = {
  maxSignatureAgeMs: Infinity, badPhoto: 'reply', minFaceSide: 48, refusalUsesUserId: false, usedUserCode: '2209', wrongSignatureCode: '2205',
  idNumberLimit: 30, amlClearCode: '1031', reviewRejectedCode: '1211', noZipSignature: 'hmac', callbackShape: 'result', callbackRetriesMs: [5_000, 30_000],
}

/** One enrolled user, as the emulator keeps it: no photo, only its digest. */
export interface EnrolledUser {
  partner_id: string
  user_id: string
  user_created_at: string
  photoSha256: string
  smileJobId: string
}

export interface Service {
  choices: Choices
  /** By `partner_id:user_id`. */
  users: Map<string, EnrolledUser>
  /** By `partner_id:user_id:job_id`. */
  jobs: Map<string, Job>
  /** How often ID numbers were asked for. */
  asked: Map<string, { count: number; at: number }>
  /** Delivers a job's results to its callback URL when their time comes. */
  schedule(job: Job): void
  verdict: JobVerdict
  jobDurationMs: number
  now(): number
  random(): number
  /** Ten digits, counted up. */
  nextJob(): string
}

export interface Answer {
  status: number
  body: Record<string, unknown>
  /** Whether the service acted. */
  committed: boolean
  signed: boolean | 'bare_hash'
}

/** `{ error, code }`: with HTTP 400 for nearly everything, 429 for a blocked ID number. */
export const refuse = (code: string, error: string): Answer => ({ status: code === '2222' ? 429 : 400, body: { error, code }, committed: false, signed: false })
