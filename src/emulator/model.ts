/** What the emulated service knows, and what its endpoints take and answer. */
import type { Bytes } from '../platform/bytes.ts'
import type { JobRef } from '../wire/jobs.ts'
import type { Choices } from './choices.ts'
import type { Job, JobVerdict, Scheme } from './job-model.ts'

/** A JSON object whose members are not checked yet. */
export type JsonObject = Record<string, unknown>

/** One enrolled user, as the emulator keeps it: no photo, only its digest. */
export interface EnrolledUser {
  partner_id: string
  user_id: string
  user_created_at: string
  /** In hex; empty for a user whose photo never came over the wire. */
  photoSha256: string
  /** Of the job that enrolled the user; empty for one that was merely set. */
  smileJobId: string
  /** Absent for a user in good standing. */
  state?: 'disabled' | 'deleted' | 'must_reenroll' | 'no_photo'
}

/** What the service says of a user; `'unknown'`: nothing. */
export type UserState = 'enrolled' | 'disabled' | 'deleted' | 'must_reenroll' | 'no_photo' | 'unknown'

/** What a job does to its user once its time has come. */
interface UserChange {
  /** Milliseconds on the emulator's clock. */
  at: number
  /** Of the user in `Service.users`. */
  userKey: string
  apply(before: EnrolledUser | undefined): EnrolledUser | undefined
}

/** An upload that was announced, and whose zip may come. */
export interface AnnouncedUpload {
  job: Job
  /** With the query that signs it. */
  url: URL
  /** In seconds, as the URL says it. */
  expires: number
  /** As announced: what is in the zip must say the same. */
  partnerParams: JsonObject
  jobType: number
  useEnrolledImage: boolean
  allowNewEnroll: boolean
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

/** How something is signed, where it is not by the partner's HMAC. */
interface SigningOptions {
  /** @default 'signature' */
  scheme?: Scheme | undefined
  /** The member that carries a sec_key. @default 'signature' */
  field?: Scheme | undefined
  /** Signs with another key: a forgery. */
  apiKey?: string | undefined
}

/** Checks which partner a request is from, and signs what the service says. */
export interface PartnerAuth {
  /**
   * How these fields prove to be signed by this partner; `undefined` when they do not, or are too old.
   */
  authenticate(partnerId: unknown, fields: JsonObject): Promise<Scheme | undefined>
  /** The body with a timestamp and a signature. */
  sign(
    body: JsonObject,
    options: SigningOptions & { partnerId: string; timestamp: string | number },
  ): Promise<JsonObject>
}

/** The state of the service, and the few things that its endpoints need. */
export interface Service {
  readonly choices: Choices
  /** By `userKey`; without those that jobs enrolled meanwhile, see `usersNow`. */
  readonly users: Map<string, EnrolledUser>
  /** What running jobs will do to users, by SmileJobID. */
  readonly userChanges: Map<string, UserChange>
  /** By `jobKey`. */
  readonly jobs: Map<string, Job>
  /** By the path of their URL. */
  readonly announcedUploads: Map<string, AnnouncedUpload>
  readonly receivedZips: ReceivedZip[]
  /** How often ID numbers were asked for, and when last. */
  readonly idNumberRequests: Map<string, { count: number; at: number }>
  readonly authenticate: PartnerAuth['authenticate']
  /** How jobs end that do not say so themselves. */
  readonly verdict: JobVerdict
  readonly jobDurationMs: number
  /** Delivers a job's results to its callback URL when their time comes. */
  schedule(job: Job): void
  /** Milliseconds since 1970. */
  now(): number
  /** From 0 up to 1. */
  readonly random: () => number
  /** Ten digits, counted up. */
  nextSmileJobId(): string
  /** Forgets everything, and starts the numbers anew. */
  reset(): void
}

/** A request whose signature was right, or that needs none. */
export interface Call {
  /** Empty for a request that needs no signature. */
  partnerId: string
  body: JsonObject
  url: URL
  /** How it was signed, and so how what follows from it is. */
  scheme: Scheme
  headers: Headers
  /** The body of a PUT; `undefined` for one too large to be taken. */
  bytes: Bytes | undefined
  /** A fault says that the URL has expired. */
  urlExpired: boolean
}

/** What the service answers, before it is signed. */
export interface Answer {
  status: number
  body: JsonObject
  /** Sent as it is, instead of `body`. */
  text?: string
  headers?: Readonly<Record<string, string>>
  /** Whether the service acted. */
  committed: boolean
  /**
   * How it will be signed: as most replies, by the bare hash, or as the reply to a lookup, see
   * `EmulatorChoices.lookupSecKeyField`.
   */
  signing: 'none' | 'standard' | 'bare_hash' | 'lookup'
}

export type Endpoint = (service: Service, call: Call) => Answer | Promise<Answer>

export const userKey = (partnerId: string, user_id: string): string => `${partnerId}:${user_id}`

export const jobKey = (partnerId: string, { user_id, job_id }: JobRef): string =>
  `${partnerId}:${user_id}:${job_id}`
