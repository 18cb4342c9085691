/** What the emulated service knows, shared by its endpoints. */
import type { JobResult } from '../wire/replies.ts'
import type { JobRef } from '../wire/jobs.ts'
import type { Bytes } from '../platform/bytes.ts'

/** Where the real behaviour is unknown. */
export interface EmulatorChoices {
  /**
   * Milliseconds by which a request's timestamp may be off, be it signed or in a sec_key. @default no limit
   */
  maxSignatureAgeMs?: number | undefined
  /**
   * A photo to backfill, or of a v2 SmartSelfie call, that is no picture, cut off or too small: processed and
   * refused ('reply'), or an error. @default 'reply'
   */
  badPhoto?: 'reply' | 'error' | undefined
  /** Pixels of the shorter side under which no face is found. @default 48 */
  minFaceSide?: number | undefined
  /** Whether a processed refusal uses the user_id up. @default false */
  refusalUsesUserId?: boolean | undefined
  /** The error code for a user_id that is enrolled. @default '2209' */
  usedUserCode?: string | undefined
  /** The error code for a wrong signature, sec_key or partner. @default '2205' */
  wrongSignatureCode?: '2204' | '2205' | undefined
  /** The HTTP status for the same in the v2 SmartSelfie calls. @default 401 */
  wrongHeadersStatus?: 401 | 403 | undefined
  /**
   * Whether a job_id is one of the user's or one of the partner's: the job status asks for both ids. @default
   * 'user'
   */
  jobIdScope?: 'user' | 'partner' | undefined
  /** Milliseconds for which a signed upload URL is good. @default 900_000 */
  uploadUrlLifetimeMs?: number | undefined
  /** Whether the code 2202 of a prepared upload is a text or a number: both were seen. @default 'text' */
  uploadCode?: 'text' | 'number' | undefined
  /**
   * The ResultCode of a job whose info.json does not fit its zip, its announcement or its job type. @default
   * '0903', as for a broken zip
   */
  badInfoCode?: string | undefined
  /**
   * The ResultCode of an approved authentication (job type 2), which is not documented: in no table, so the
   * job's own success decides. @default '0820'
   */
  authenticatedCode?: string | undefined
  /**
   * The ResultCode of an approved update of the photo (job type 8), not documented either. @default '0820'
   */
  photoUpdatedCode?: string | undefined
  /**
   * Requests for one ID number, each within three days of the one before, until it is blocked. @default 30
   */
  idNumberLimit?: number | undefined
  /**
   * The ResultCode of a job that a reviewer refused, which is not documented: in no table, so the job's own
   * success decides. @default '1211'
   */
  reviewRejectedCode?: string | undefined
  /** The ResultCode of a screening without a hit, which is not documented. @default '1031' */
  amlClearCode?: string | undefined
  /**
   * How the status of a job without a zip is signed: as all others, or by the bare hash, with milliseconds as
   * timestamp, which was seen in the wild. @default 'hmac'
   */
  noZipSignature?: 'hmac' | 'bare_hash' | undefined
  /**
   * Where the reply to a lookup that was asked for with a sec_key carries its own: both were seen, each with
   * milliseconds; other replies have it as `signature`. @default 'sec_key'
   */
  lookupSecKeyField?: 'sec_key' | 'signature' | undefined
  /** Whether a callback carries the result itself or a job status. @default 'result' */
  callbackShape?: 'result' | 'envelope' | undefined
  /** Milliseconds before each repeat of a callback that nobody answered with 2xx. @default [5_000, 30_000] */
  callbackRetriesMs?: readonly number[] | undefined
}

export type Choices = { [name in keyof EmulatorChoices]-?: NonNullable<EmulatorChoices[name]> }

export const CHOICES: Choices = {
  maxSignatureAgeMs: Infinity,
  badPhoto: 'reply',
  minFaceSide: 48,
  refusalUsesUserId: false,
  usedUserCode: '2209',
  wrongSignatureCode: '2205',
  wrongHeadersStatus: 401,
  jobIdScope: 'user',
  uploadUrlLifetimeMs: 900_000,
  uploadCode: 'text',
  badInfoCode: '0903',
  authenticatedCode: '0820',
  photoUpdatedCode: '0820',
  idNumberLimit: 30,
  amlClearCode: '1031',
  reviewRejectedCode: '1211',
  noZipSignature: 'hmac',
  lookupSecKeyField: 'sec_key',
  callbackShape: 'result',
  callbackRetriesMs: [5_000, 30_000],
}

/** One enrolled user, as the emulator keeps it: no photo, only its digest. */
export interface EnrolledUser {
  partner_id: string
  user_id: string
  user_created_at: string
  /** In hex; empty for a user whose photo never came over the wire. */
  photoSha256: string
  /** Of the job that enrolled the user; empty for one that was merely set. */
  smileJobId: string
  /** Absent while nothing is the matter. */
  state?: 'disabled' | 'deleted' | 'must_reenroll' | 'no_photo'
}

export interface Service {
  choices: Choices
  /** By `partner_id:user_id`; without those whom jobs enrolled meanwhile, see `usersNow`. */
  users: Map<string, EnrolledUser>
  /** What jobs that run will do to users, by SmileJobID. */
  changes: Map<string, UserChange>
  /** By `partner_id:user_id:job_id`. */
  jobs: Map<string, Job>
  /** Zips that may come, by the path of their URL. */
  announced: Map<string, Announced>
  zips: ReceivedZip[]
  /** How often ID numbers were asked for. */
  asked: Map<string, { count: number; at: number }>
  provenBy: Proofs['provenBy']
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
  /** Sent as it is, instead of `body`. */
  text?: string
  headers?: Readonly<Record<string, string>>
  /** Whether the service acted. */
  committed: boolean
  signed: boolean | 'bare_hash' | 'lookup'
}

/** What a call brings beyond its JSON. */
export interface Incoming {
  url: URL
  /** How it was signed, and so how what follows from it is. */
  scheme: Scheme
  headers: Headers
  /** The body of a PUT; `undefined` for one too large to be taken. */
  bytes: Bytes | undefined
  /** A fault says that its URL has expired. */
  lapsed: boolean
}

/** `{ error, code }`: with HTTP 400 for nearly everything, 429 for a blocked ID number. */
export const refuse = (code: string, error: string): Answer => ({
  status: code === '2222' ? 429 : 400,
  body: { error, code },
  committed: false,
  signed: false,
})

/** What the service says of a user; `'unknown'`: nothing. */
export type UserState = 'enrolled' | 'disabled' | 'deleted' | 'must_reenroll' | 'no_photo' | 'unknown'

/** What a job does to its user once its time has come. */
interface UserChange {
  at: number
  key: string
  apply(before: EnrolledUser | undefined): EnrolledUser | undefined
}

/** A zip as the service saw it, without images and without what may be personal. */
export interface ReceivedZip {
  job: JobRef
  smileJobId: string
  /** Why it was refused, each with its place in info.json; empty for a good one. */
  problems: string[]
  /** info.json; of `id_info` and of what else may be personal or secret, the types alone. */
  info: Record<string, unknown>
  /** Its images in their order, those that came inline with an empty name. */
  files: { name: string; image_type_id: number; sha256: string; bytes: number }[]
}

export type JobVerdict = 'approved' | 'provisional' | 'rejected'

/** A job to run, as an image job would: for tests of polling and callbacks. */
export interface EmulatedJob {
  user_id: string
  job_id: string
  /** @default 1 */
  job_type?: number | undefined
  /** @default what `sandbox_result` of its `partner_params` says, else the emulator's `verdict` */
  verdict?: JobVerdict | undefined
  /**
   * Milliseconds from now to the verdict; a provisional one is reviewed after as much again. @default the
   * emulator's `jobDurationMs`
   */
  durationMs?: number | undefined
  /** How the review of a provisional job ends. @default 'approved' */
  review?: 'approved' | 'rejected' | undefined
  /** Without its zip a job stays as it is prepared (2314). @default true */
  zip?: boolean | undefined
  /** Where its results are delivered. */
  callback_url?: string | undefined
  /** How they are signed: as the request that opened the job was. @default 'signature' */
  scheme?: Scheme | undefined
  /** Further members of `partner_params`, echoed in results. */
  partner_params?: Record<string, unknown> | undefined
  /** Whether a job of type 1 asks the ID authority, whose result comes half-way. @default true */
  idLookup?: boolean | undefined
  /** Whether a document job compares with the selfie on file, and so enrols nobody. @default false */
  useEnrolledImage?: boolean | undefined
  /** What a document job says about its document. */
  document?: { Country?: string; IDType?: string } | undefined
}

/** One thing that happens to a job. */
export interface Stage {
  at: number
  result: JobResult
  complete: boolean
  success: boolean
}

export interface Job {
  partnerId: string
  job: EmulatedJob
  smileJobId: string
  /** None as long as there is no zip. */
  stages: Stage[]
}

/** How somebody proves who he is: by an HMAC in `signature`, or as smile_id_core 1.x did. */
export type Scheme = 'signature' | 'sec_key'

/** How something is signed that is not simply signed. */
interface Signing {
  /** @default 'signature' */
  scheme?: Scheme | undefined
  /** Where a sec_key stands. @default 'signature' */
  field?: Scheme | undefined
  /** Signs with another key: a forgery. */
  apiKey?: string | undefined
}

export interface Proofs {
  /** How a body proves to be this partner's, if it does, and is not too old. */
  provenBy(partnerId: unknown, body: Record<string, unknown>): Promise<Scheme | undefined>
  sign(
    partnerId: string,
    body: Record<string, unknown>,
    timestamp: string | number,
    how?: Signing,
  ): Promise<Record<string, unknown>>
}

/** A zip that may come. */
export interface Announced {
  job: Job
  /** With the query that signs it. */
  url: URL
  expires: number
  /** As announced: what is in the zip must say the same. */
  partnerParams: Record<string, unknown>
  jobType: number
  useEnrolledImage: boolean
  allowNewEnroll: boolean
}
