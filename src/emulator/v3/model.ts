/** What the emulated service knows of v3, and what its endpoints take and answer. */
import type { JobRef } from '../../wire/jobs.ts'
import type { ActiveFaults } from '../faults.ts'
import type { JobVerdict } from '../job-model.ts'
import type { JsonObject, Service } from '../model.ts'
import type { V3Settings } from './choices.ts'
import type { Form } from './form.ts'
import type { V3Operation } from '../../wire/v3-operations.ts'
import type { V3Partner } from './partners.ts'

export type V3Environment = 'sandbox' | 'production'

export type V3Status = 'clear' | 'attention' | 'block' | 'error'

/** How a job ends. */
export interface V3Verdict {
  status: V3Status
  reason: string | null
  message: string
}

/** What a token says, as far as its claims are read again. */
export interface TokenClaims {
  partner_id: string
  exp: number
  user_id?: string
  product?: string
  partner_params?: Record<string, string>
  /** Bound values; of personal ones, references. */
  payload?: JsonObject
}

/** A token as it was issued. */
export interface IssuedToken {
  partnerId: string
  environment: V3Environment
  user_id?: string
  product?: string
  /** The names of what is bound to it. */
  bound: string[]
  /** ISO 8601. */
  expiresAt: string
}

/** A request as the service saw it, without what may be personal or secret. */
export interface V3Request {
  operation: V3Operation
  /** Absent where no token or key was right. */
  partnerId?: string
  method: string
  path: string
  /** Names of headers, in lower case. */
  headers: string[]
  /** In their order; `sha256` and `filename` of files alone. */
  parts: { name: string; type: string; bytes: number; filename?: string; sha256?: string }[]
  /** HTTP status of the answer that was made. */
  status: number
  job_id?: string
}

/** What a job cost. */
export interface V3Bill {
  operation: V3Operation
  job_id: string
  user_id: string
}

/** A job as the service keeps it. */
export interface V3Job extends JobRef {
  operation: V3Operation
  partner: V3Partner
  environment: V3Environment
  product: string
  /** Milliseconds on the emulator's clock. */
  createdAt: number
  /** When the verdict is known; before that, a person may look at it. */
  completedAt: number
  /** When a person begins to look at it; absent where nobody does. */
  reviewAt?: number
  verdict: V3Verdict
  /** Where its result goes; a job without one tells only by its status. */
  callbackUrl: string | undefined
  /** Whether its result is delivered when it is known. */
  isDelivered: boolean
  partnerParams: Record<string, string>
  /** The members of its result beside those that all products have. */
  details: JsonObject
  /** Whether its status stays `processing`. */
  staysProcessing: boolean
}

/** A job as it can be seen from outside. */
export interface EmulatedV3Job extends JobRef {
  operation: V3Operation
  product: string
  environment: V3Environment
  status: V3Status | 'processing'
  reason: string | null
  /** ISO 8601. */
  completedAt: string
}

/** The state of v3, and the few things that its endpoints need. */
export interface V3State {
  readonly choices: V3Settings
  readonly partners: readonly V3Partner[]
  /** Of v1's service: users are the same where `sharedUsers` says so, as are photos that are too small. */
  readonly service: Service
  /** Who is enrolled. */
  readonly enrolled: Pick<Service, 'users' | 'userChanges' | 'now'>
  /** By id. */
  readonly jobs: Map<string, V3Job>
  /** What references in tokens stand for. */
  readonly bound: Map<string, string>
  readonly idNumberRequests: Map<string, number>
  /** By `ref_id`. */
  readonly links: Map<string, JsonObject>
  /** Users under suspicion, by partner and user. */
  readonly flaggedUsers: Set<string>
  /** What idempotency keys stand for, by the id of their job. */
  readonly idempotentRequests: Map<string, { content: string; answer: V3Answer }>
  readonly tokens: IssuedToken[]
  readonly requests: V3Request[]
  readonly bills: V3Bill[]
  /** Verdicts that the next jobs will have. */
  readonly nextVerdicts: Pick<V3Verdict, 'status' | 'reason'>[]
  readonly verdict: JobVerdict
  readonly jobDurationMs: number
  now(): number
  random(): number
  /** Delivers a job's result when its time comes. */
  schedule(job: V3Job): void
  /** Delivers the result of a job that has ended, or another body about it, from now. */
  deliverNow(job: V3Job, url: string, body?: JsonObject): void
  reset(): void
}

/** A request that was let in. */
export interface V3Call {
  operation: V3Operation
  partner: V3Partner
  environment: V3Environment
  /** Empty for what needs none. */
  token: TokenClaims
  url: URL
  /** The members of the path, decoded. */
  path: Readonly<Record<string, string>>
  headers: Headers
  form: Form
  faults: ActiveFaults
}

/** What the service answers, before it is sent. */
export interface V3Answer {
  status: number
  body: JsonObject
  /** Sent as it is, instead of `body`. */
  text?: string
  headers?: Readonly<Record<string, string>>
  /** The job that the answer is about. */
  job?: JobRef
  /** Whether the service acted. */
  committed: boolean
  /** Whether its headers are signed, as those of a callback. */
  signed?: boolean
}

export type V3Endpoint = (state: V3State, call: V3Call) => V3Answer | Promise<V3Answer>

export const v3UserKey = ({ id }: V3Partner, user_id: string): string => `${id}:${user_id}`
