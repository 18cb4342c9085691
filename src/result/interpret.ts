/** From a reply to a decision. */
import { isObject, members } from '../input/objects.ts'
import type { ActionValue, AnyResult, JobResult, JobStatus, ResultCode } from '../wire/replies.ts'
import { type Decision, isQuiet, type Verdict, verdictOn } from './codes.ts'

/** Holds nothing personal: fit for logs and for a column of your database. */
export interface Interpretation {
  /**
   * `'approved'` for an ID lookup: the ID exists, whoever typed it. `'error'`: no verdict (authority down,
   * wrong format). `'unknown'`: a code that this version does not know, contradictory, or an AML reply (read
   * `people`); never treat it as approved.
   */
  decision: Decision
  /**
   * What decided: a code of the table (or of `codes`), `job_success` of a complete job status, or nothing.
   */
  basis: 'code' | 'job_success' | 'none'
  /** No later result of this job will change it. */
  final: boolean
  /** A new job with the same input may end better. */
  retryable: boolean
  /** Actions that speak against approval or are still open. */
  reasons: { action: string; value: ActionValue }[]
  /** Absent while there is no result. */
  code?: ResultCode
  text?: string
  smileJobId?: string
  /** Percent, as the service says it; thresholds are per partner. */
  confidence?: number
}

export interface InterpretOptions {
  /** Further codes, or other verdicts on known ones, that hold for your account. */
  codes?: Readonly<Record<string, Verdict>> | undefined
}

/**
 * Reads a reply, a job status or a callback's result as one decision.
 *
 * A job that is still running is `'pending'` (or `'provisional'`), whatever its codes say so far. For an ID
 * lookup, `'approved'` says that the ID exists, not that it belongs to who typed it: that is what Basic KYC
 * or a job with a selfie is for. Codes that are in no table count as `job_success` says, if the status of a
 * complete job came with them, and are `'unknown'` otherwise. Never throws on odd replies.
 *
 * @see https://docs.usesmileid.com/further-reading/result-codes
 *
 * @example
 * ```ts
 * import { type AnyResult, interpretResult, type JobStatus } from 'smileid-edge/result'
 *
 * export function next(reply: AnyResult | JobStatus): string {
 *   const { decision, retryable, text } = interpretResult(reply)
 *   switch (decision) {
 *     case 'approved':
 *       return 'open the account'
 *     case 'provisional':
 *     case 'pending':
 *       return 'wait'
 *     case 'rejected':
 *       return `decline: ${text}`
 *     case 'error':
 *       return retryable ? 'try again later' : 'ask for other data'
 *     case 'unknown':
 *       return 'let a person look'
 *   }
 * }
 * ```
 */
export function interpretResult(
  reply: AnyResult | JobStatus,
  options: InterpretOptions = {},
): Interpretation {
  const status = isStatus(reply) ? reply : undefined
  const result = resultOf(reply as JobStatus)
  const code = known(result?.ResultCode)
  const verdict =
    code === undefined
      ? undefined
      : Object.hasOwn(options.codes ?? {}, code)
        ? options.codes![code]
        : verdictOn(code)
  const reasons: Interpretation['reasons'] = []
  for (const [action, value] of Object.entries(members(result?.Actions)))
    if (typeof value === 'string' && !isQuiet(value)) reasons.push({ action, value: value as ActionValue })
  return {
    ...decide(status, result, verdict),
    reasons,
    ...(code !== undefined && { code }),
    ...present('text', known(result ? result.ResultText : status?.result)),
    ...present('smileJobId', known(result?.SmileJobID)),
    ...present(
      'confidence',
      /^\d+(\.\d+)?$/.test(`${result?.ConfidenceValue}`) ? Number(result!.ConfidenceValue) : undefined,
    ),
  }
}

function decide(
  status: JobStatus | undefined,
  result: AnyResult | undefined,
  verdict: Verdict | undefined,
): Pick<Interpretation, 'decision' | 'basis' | 'final' | 'retryable'> {
  const { final = true, retryable = false } = verdict ?? {}
  if (status && !isTrue(status.job_complete)) {
    // Parts of a running job may have ended well: that decides nothing yet.
    return {
      decision: verdict?.decision === 'provisional' ? 'provisional' : 'pending',
      basis: verdict?.decision === 'provisional' ? 'code' : 'none',
      final: false,
      retryable: false,
    }
  }
  const success = status?.job_success === undefined ? undefined : isTrue(status.job_success)
  if (!verdict) {
    if (success === undefined)
      return { decision: 'unknown', basis: 'none', final: isFinal(result, !!status), retryable }
    return {
      decision: success ? 'approved' : 'rejected',
      basis: 'job_success',
      final: isFinal(result, true),
      retryable,
    }
  }
  // The code says yes, and the job or its one deciding action no: nobody but a person can tell.
  if (
    verdict.decision === 'approved' &&
    (success === false || /^(rejected|failed)$/i.test(`${result?.Actions?.Register_Selfie}`))
  )
    return { decision: 'unknown', basis: 'none', final, retryable }
  return { decision: verdict.decision, basis: 'code', final: final && isFinal(result, true), retryable }
}

function isFinal(result: AnyResult | undefined, otherwise: boolean): boolean {
  return result?.IsFinalResult === undefined ? otherwise : isTrue(result.IsFinalResult)
}

function isStatus(reply: AnyResult | JobStatus): reply is JobStatus {
  return reply?.job_complete !== undefined
}

/** Booleans come as texts, too. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}

function present<N extends string, T>(name: N, value: T | undefined): { [name in N]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [name in N]: T })
}

/** The result object in any reply, once there is one. */
export function resultOf(reply: JobResult | JobStatus): JobResult | undefined {
  const result: unknown = reply && isStatus(reply) ? reply.result : reply
  return isObject(result) ? (result as JobResult) : undefined
}

/** The text; `undefined` for absent, empty, "Not Available", "N/A" and "NaN-NaN-NaN". */
export function known(value: unknown): string | undefined {
  // Trimmed first: white space at both ends of one pattern takes the square of its length.
  return typeof value === 'string' &&
    !/^(not available|n\/a|nan-nan-nan|undefined|null)?$/i.test(value.trim())
    ? value
    : undefined
}
