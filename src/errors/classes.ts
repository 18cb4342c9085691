/** The errors of the SDK: the caller's mistakes, found before anything is sent, and what the world did. */
import { attempt } from '../platform/realms.ts'
import type { Operation } from '../wire/endpoints.ts'
import type { JobRef } from '../wire/jobs.ts'
import type { JobStatus } from '../wire/replies.ts'
import type { ApiCode, InputIssue, Outcome, SignatureCode, SmileIdErrorCode } from './codes.ts'

export type { ApiCode, IssueCode, Outcome, SignatureCode, SmileIdErrorCode } from './codes.ts'

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
  issues?: readonly InputIssue[] | undefined
  status?: number | undefined
  smileCode?: string | undefined
  smileJobId?: string | undefined
  job?: JobRef | undefined
  body?: Readonly<Record<string, unknown>> | undefined
  lastStatus?: JobStatus | undefined
  /** Instead of the message that is built of the rest. */
  message?: string | undefined
}

// What may be personal is no property of an error: nothing that prints one can reach it.
const hidden = /* @__PURE__ */ new WeakMap<object, Pick<ErrorFacts, 'job' | 'body' | 'lastStatus'>>()

/** Built of what may be printed, never of what was received. */
function messageOf({ issues, operation, code, status, smileCode, cause }: ErrorFacts): string {
  if (issues) return issues.map(({ path, message }) => `${path} ${message}`).join('; ')
  const parts = [`${operation}: ${code}`, status && `HTTP ${status}`, smileCode, cause?.message]
  return parts.filter(Boolean).join(' ')
}

function withoutUndefined(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

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
  /**
   * `'not_sent'`: nothing left this machine; `'rejected'`: the server said no; `'unknown'`: it may have
   * acted.
   */
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
  constructor(facts: ErrorFacts) {
    const { job, body, lastStatus, cause, message = messageOf(facts), ...shown } = facts
    super(message, cause && { cause })
    Object.assign(this, { name: new.target.kind, retryable: false }, withoutUndefined(shown))
    hidden.set(this, { job, body, lastStatus })
  }

  /** The job that the call was about. Ids may be personal: neither enumerable nor printed. */
  get job(): JobRef | undefined {
    return hidden.get(this)?.job
  }

  // Class identity does not survive two copies of the SDK in one process (ESM beside CJS), nor minification:
  // the literal name does.
  static override [Symbol.hasInstance](value: any): boolean {
    const name: unknown = attempt(() => value?.outcome !== undefined && value.name)
    if (typeof name !== 'string') return false
    return this.kind ? name === this.kind : /^SmileId\w+Error$/.test(name)
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
 *   if (isSmileIdError(error, 'invalid_input'))
 *     return Response.json({ issues: error.issues }, { status: 422 })
 *   throw error
 * }
 * ```
 */
export class SmileIdInputError extends SmileIdError {
  static override readonly kind = 'SmileIdInputError'
  declare readonly name: 'SmileIdInputError'
  declare readonly code: 'invalid_input'
  declare readonly issues: readonly InputIssue[]

  /** @internal */
  constructor(issues: readonly InputIssue[], cause?: Error, message?: string) {
    super({
      code: 'invalid_input',
      outcome: 'not_sent',
      attempts: 0,
      hint: 'Fix the issues.',
      issues,
      cause,
      message,
    })
  }
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

  /**
   * `error`, `message`, `code` and `success` of the reply. The texts are the server's and may quote input:
   * neither enumerable nor printed.
   */
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

/** A request, or reading its photo, took longer than `timeoutMs`; or a wait, longer than `maxWaitMs`. */
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

/**
 * A `switch` over `name` (five arms) or `code` narrows to the class. An abort is none of these: it rejects
 * with the signal's own reason.
 */
export type AnySmileIdError =
  SmileIdInputError | SmileIdApiError | SmileIdNetworkError | SmileIdTimeoutError | SmileIdSignatureError

export type ErrorWithCode<C extends SmileIdErrorCode, E = AnySmileIdError> = E extends {
  readonly code: infer K
}
  ? C & K extends never
    ? never
    : E & { readonly code: C & K }
  : never

/**
 * True for errors of every copy of the SDK in the process; with codes, for those only.
 *
 * @example
 * ```ts
 * import { isSmileIdError } from 'smileid-edge/errors'
 *
 * export const again = (error: unknown) =>
 *   isSmileIdError(error, 'rate_limited') ? (error.retryAfterMs ?? 1000) : undefined
 * ```
 */
export function isSmileIdError(error: unknown): error is AnySmileIdError
export function isSmileIdError<C extends SmileIdErrorCode>(
  error: unknown,
  code: C,
  ...more: C[]
): error is ErrorWithCode<C>
export function isSmileIdError(error: unknown, ...codes: SmileIdErrorCode[]): boolean {
  return error instanceof SmileIdError && (codes.length === 0 || codes.includes(error.code))
}

export type { Operation } from '../wire/endpoints.ts'
