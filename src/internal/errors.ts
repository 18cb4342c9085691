/** The errors of the SDK: the caller's mistakes, found before anything is sent, and what the world did. */
import type { JobStatus } from './replies.ts'

/** One name per wire call, the same on errors, hook events and emulator rules; `'callback'` is the one that comes in. */
export type Operation =
  | 'backfill_users' | 'upload' | 'upload_zip' | 'job_status' | 'services' | 'token' | 'aml' | 'callback' | 'other'
  | 'id_verification' | 'async_id_verification' | 'verify' | 'verify_async' | 'business_verification' | 'async_business_verification'
  | 'verify_address' | 'compare_user_info' | 'id_number_rate_limit_reset' | 'products_config' | 'valid_documents' | 'totp_consent'
  | 'smart_selfie_enroll' | 'smart_selfie_authentication'

/**
 * HTTP status and Smile ID's four digits read together (the digits stay on `smileCode`).
 *
 * What stands above a code here, and its hints, are the table in playground/docs/errors.md: `npm run docs:errors` writes it.
 */
export type ApiCode =
  /** The signature does not fit the partner, the environment or the time, or the account may not do this. */
  | 'unauthorized'
  /** The wallet is empty. */
  | 'payment_required'
  /** The account is not enabled for production. */
  | 'not_enabled'
  /** Too many requests in too short a time. */
  | 'rate_limited'
  /** This ID number was looked up too often; the block ends by itself when nobody asks. */
  | 'id_number_blocked'
  /** The service finds a field missing, of a wrong type or format, or a product or job type that does not exist here. */
  | 'invalid_request'
  /** The body is larger than the service, or a gateway before it, takes. */
  | 'too_large'
  /** The `user_id` is enrolled already. */
  | 'user_exists'
  /** No user of this `user_id` is enrolled. */
  | 'user_not_found'
  /** The user was disabled. */
  | 'user_disabled'
  /** The user was deleted, which holds for ever. */
  | 'user_deleted'
  /** The user has to finish a re-enrolment first. */
  | 'user_must_reenroll'
  /** The user is enrolled without a photo on file. */
  | 'user_has_no_photo'
  /** The `job_id` was used before, perhaps by an earlier try of yours. */
  | 'job_exists'
  /** The service knows no such job, or not yet. */
  | 'job_not_found'
  /** The store of uploads took no images: the address lapsed, or does not fit them. */
  | 'upload_refused'
  /** The service, or a gateway before it, failed; it may have acted. */
  | 'server_error'
  /** What came is no reply of the service: no JSON, a redirect, another job's, without its members, or too large. */
  | 'invalid_reply'
  /** The service said no with a code that this version does not know. */
  | 'api_error'

export type SignatureCode =
  /** A reply or a callback came without timestamp and signature. */
  | 'signature_missing'
  /** The signature was made with another key. */
  | 'signature_mismatch'
  /** A callback's signature is right, and older or newer than `maxAgeMs` allows. */
  | 'signature_expired'
  /** A callback's body is no JSON object, too large, or no result of a job. */
  | 'callback_malformed'
  /** The service does not say, or not yet, what the callback says. */
  | 'callback_unconfirmed'

export type IssueCode =
  /** It is not there, and has to be. */
  | 'missing'
  /** It is of another type than it has to be. */
  | 'wrong_type'
  /** It is of the right type, and not written as it has to be. */
  | 'wrong_format'
  /** It may not stand here, or not beside the rest. */
  | 'not_allowed'
  /** It stands twice, and has to be unique. */
  | 'duplicate'
  /** The photo has no bytes. */
  | 'photo_empty'
  /** The photo ends before its end marker. */
  | 'photo_truncated'
  /** The photo is no JPEG or PNG, or one that is damaged; its name and type do not count. */
  | 'photo_format'
  /** The photo has more bytes than the limit. */
  | 'photo_too_large'

/** One thing wrong with an input. `path` is written as in the input: `id_info.id_number`, `images.liveness[2]`. */
export interface InputIssue {
  path: string
  code: IssueCode
  /** Says what is wrong, never what was given. */
  message: string
}

/** What names a job: submissions return it, status calls take it, errors carry it. */
export interface JobRef {
  user_id: string
  job_id: string
}

export type Outcome = 'not_sent' | 'rejected' | 'unknown'

export type SmileIdErrorCode =
  /** The call itself is wrong: `issues` lists every problem with its path. Nothing was sent. */
  | 'invalid_input'
  | ApiCode
  /** No connection, or one that broke: no reply arrived, or not all of it. */
  | 'network_error'
  /** A request took longer than `timeoutMs` (or `uploadTimeoutMs`), its body included. */
  | 'request_timeout'
  /** A job was not over after `maxWaitMs`. */
  | 'wait_timeout'
  | SignatureCode

/** What an error is made of; members that are `undefined` are left out. @internal */
export interface ErrorFacts {
  code: SmileIdErrorCode
  hint: string
  outcome: Outcome
  retryable?: boolean | undefined
  attempts: number
  operation?: Operation | undefined
  retryAfterMs?: number | undefined
  cause?: Error | undefined
  status?: number | undefined
  smileCode?: string | undefined
  smileJobId?: string | undefined
  job?: JobRef | undefined
  body?: Readonly<Record<string, unknown>> | undefined
  lastStatus?: JobStatus | undefined
}

// What may be personal is no property of an error: nothing that prints one can reach it.
const hidden = /* @__PURE__ */ new WeakMap<object, Pick<ErrorFacts, 'job' | 'body' | 'lastStatus'>>()

/**
 * Base of all errors of the SDK, for `instanceof`; not for construction.
 *
 * Nothing that prints or serialises holds keys, signatures, photos, names, numbers or links.
 */
export class SmileIdError extends Error {
  /** @internal */
  static readonly kind: string = ''

  declare readonly code: SmileIdErrorCode
  /** The same call may be sent again: that can bill nothing twice, and is not hopeless. */
  declare readonly retryable: boolean
  /** `'not_sent'`: nothing left this machine; `'rejected'`: the server said no; `'unknown'`: it may have acted. */
  declare readonly outcome: Outcome
  /** One sentence: what to do. */
  declare readonly hint: string
  /** How often the request was tried; 0 when it never was. */
  declare readonly attempts: number
  declare readonly operation?: Operation
  /** Milliseconds to wait before the next try, as far as the server said. */
  declare readonly retryAfterMs?: number
  /** Smile ID's number of the job, once there is one: an upload that failed leaves its job open. */
  declare readonly smileJobId?: string

  /** @internal */
  constructor({ job, body, lastStatus, cause, ...facts }: ErrorFacts) {
    // Built of what may be printed, never of what was received.
    super([`${facts.operation}: ${facts.code}`, facts.status && `HTTP ${facts.status}`, facts.smileCode, cause?.message].filter(Boolean).join(' '), cause && { cause })
    for (const [name, value] of Object.entries({ name: new.target.kind, retryable: false, ...facts })) if (value !== undefined) Object.assign(this, { [name]: value })
    hidden.set(this, { job, body, lastStatus })
  }

  /** The job that the call was about. Ids may be personal: neither enumerable nor printed. */
  get job(): JobRef | undefined {
    return hidden.get(this)?.job
  }

  // Class identity does not survive two copies of the SDK in one process (ESM beside CJS), nor minification: the literal name does.
  static override [Symbol.hasInstance](value: any): boolean {
    return value?.outcome !== undefined && (this.kind ? value.name === this.kind : /^SmileId\w+Error$/.test(value.name))
  }
}

/**
 * The caller's mistake, found before anything is sent: `issues` lists every problem with its path.
 *
 * @example
 * ```ts
 * import { isSmileIdError } from 'smileid-edge/errors'
 *
 * export function toResponse(error: unknown): Response {
 *   if (isSmileIdError(error, 'invalid_input')) return Response.json({ issues: error.issues }, { status: 422 })
 *   throw error
 * }
 * ```
 */
export class SmileIdInputError extends SmileIdError {
  // Made by inputError(), without the class: the signature entry, of 0.9 kB, can then do without this file.
  static override readonly kind = 'SmileIdInputError'
  declare readonly name: 'SmileIdInputError'
  declare readonly code: 'invalid_input'
  declare readonly issues: readonly InputIssue[]
}

/** The server answered no, or nothing that can be read (`'invalid_reply'`). */
export class SmileIdApiError extends SmileIdError {
  static override readonly kind = 'SmileIdApiError'
  declare readonly name: 'SmileIdApiError'
  declare readonly code: ApiCode
  /** HTTP status; 0 when the runtime hides it (a refused redirect). */
  declare readonly status: number
  /** Smile ID's own code, `'2209'`: text, whatever the wire type. */
  declare readonly smileCode?: string

  /** `error`, `message`, `code` and `success` of the reply. The texts are the server's and may quote input: neither enumerable nor printed. */
  get body(): Readonly<Record<string, unknown>> | undefined {
    return hidden.get(this)?.body
  }
}

/** No reply arrived, or not all of it. `cause` holds the system's code and nothing else. */
export class SmileIdNetworkError extends SmileIdError {
  static override readonly kind = 'SmileIdNetworkError'
  declare readonly name: 'SmileIdNetworkError'
  declare readonly code: 'network_error'
}

/** A request took longer than `timeoutMs`, or a wait longer than `maxWaitMs`. */
export class SmileIdTimeoutError extends SmileIdError {
  static override readonly kind = 'SmileIdTimeoutError'
  declare readonly name: 'SmileIdTimeoutError'
  declare readonly code: 'request_timeout' | 'wait_timeout'

  /** With `'wait_timeout'`: the last answer seen. Neither enumerable nor printed. */
  get lastStatus(): JobStatus | undefined {
    return hidden.get(this)?.lastStatus
  }
}

/** Something received cannot be trusted: a reply, or a callback. */
export class SmileIdSignatureError extends SmileIdError {
  static override readonly kind = 'SmileIdSignatureError'
  declare readonly name: 'SmileIdSignatureError'
  declare readonly code: SignatureCode
}

/** A `switch` over `name` (five arms) or `code` narrows to the class. An abort is none of these: it rejects with the signal's own reason. */
export type AnySmileIdError = SmileIdInputError | SmileIdApiError | SmileIdNetworkError | SmileIdTimeoutError | SmileIdSignatureError

export type ErrorWithCode<C extends SmileIdErrorCode, E = AnySmileIdError> =
  E extends { readonly code: infer K } ? (C & K extends never ? never : E & { readonly code: C & K }) : never

/**
 * True for errors of every copy of the SDK in the process; with codes, for those only.
 *
 * @example
 * ```ts
 * import { isSmileIdError } from 'smileid-edge/errors'
 *
 * export const again = (error: unknown) => (isSmileIdError(error, 'rate_limited') ? (error.retryAfterMs ?? 1000) : undefined)
 * ```
 */
export function isSmileIdError(error: unknown): error is AnySmileIdError
export function isSmileIdError<C extends SmileIdErrorCode>(error: unknown, code: C, ...more: C[]): error is ErrorWithCode<C>
export function isSmileIdError(error: unknown, ...codes: SmileIdErrorCode[]): boolean {
  return error instanceof SmileIdError && (codes.length === 0 || codes.includes(error.code))
}
