/** From a reply to a decision. */
import { throwIfAny } from '../errors/issues.ts'
import { isObject, membersOf, withoutUndefined } from '../input/objects.ts'
import { anyObject } from '../input/rules.ts'
import { issuesOf, objectOf, once, optional } from '../input/schema.ts'
import type { ActionValue, AnyResult, JobResult, JobStatus, ResultCode } from '../wire/replies.ts'
import { type Decision, needsAttention, type Verdict, verdictOn } from './codes.ts'

/** Holds nothing personal: fit for logs and for a column of your database. */
export interface Interpretation {
  /**
   * `'approved'` of an ID lookup: the ID exists, whoever typed it. `'error'`: no verdict (authority down,
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

const interpretOptions = /* @__PURE__ */ once(() =>
  objectOf<InterpretOptions>({ codes: optional(anyObject()) }),
)

/**
 * Reads a reply, a job status or a callback's result as one decision.
 *
 * A job that is still running is `'pending'` (or `'provisional'`), whatever its codes say so far. For an ID
 * lookup, `'approved'` says that the ID exists, not that it belongs to who typed it: that is what Basic KYC
 * or a job with a selfie is for. Codes that are in no table count as `job_success` says, if the status of a
 * complete job came with them, and are `'unknown'` otherwise. Never throws on odd replies.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong options.
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
  throwIfAny(issuesOf(interpretOptions(), options ?? {}, 'options'))
  return interpret(reply, options?.codes)
}

/** The same for those who have checked the codes once. */
export function interpret(reply: AnyResult | JobStatus, codes: InterpretOptions['codes']): Interpretation {
  const status = isStatus(reply) ? reply : undefined
  const result = resultOf(reply)
  const code = known(result?.ResultCode)
  return withoutUndefined({
    ...decide(status, result, verdictFor(code, codes)),
    reasons: reasonsIn(result),
    code,
    text: known(result ? result.ResultText : status?.result),
    smileJobId: known(result?.SmileJobID),
    confidence: percent(result?.ConfidenceValue),
  })
}

function verdictFor(code: string | undefined, codes: InterpretOptions['codes']): Verdict | undefined {
  if (code === undefined) return undefined
  // A verdict of the caller's counts also where it is `undefined`: then the code decides nothing.
  return codes && Object.hasOwn(codes, code) ? codes[code] : verdictOn(code)
}

function reasonsIn(result: AnyResult | undefined): Interpretation['reasons'] {
  const reasons: Interpretation['reasons'] = []
  for (const [action, value] of Object.entries(membersOf(result?.Actions))) {
    if (typeof value === 'string' && needsAttention(value)) reasons.push({ action, value })
  }
  return reasons
}

function percent(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  return /^\d+(\.\d+)?$/.test(String(value)) ? Number(value) : undefined
}

type Decided = Pick<Interpretation, 'decision' | 'basis' | 'final' | 'retryable'>

function decide(
  status: JobStatus | undefined,
  result: AnyResult | undefined,
  verdict: Verdict | undefined,
): Decided {
  // Parts of a running job may have ended well: that decides nothing yet.
  if (status && !isTrue(status.job_complete)) return decideRunning(verdict)
  const success = status?.job_success === undefined ? undefined : isTrue(status.job_success)
  if (!verdict) return decideWithoutVerdict(result, { hasStatus: status !== undefined, success })
  const { final = true, retryable = false } = verdict
  // The code says yes, and the job or its one deciding action no: only a person can tell.
  if (verdict.decision === 'approved' && (success === false || isSelfieRefused(result))) {
    return { decision: 'unknown', basis: 'none', final, retryable }
  }
  return {
    decision: verdict.decision,
    basis: 'code',
    final: final && isFinal(result, { otherwise: true }),
    retryable,
  }
}

function decideRunning(verdict: Verdict | undefined): Decided {
  const undecided = { final: false, retryable: false }
  if (verdict?.decision === 'provisional') return { decision: 'provisional', basis: 'code', ...undecided }
  return { decision: 'pending', basis: 'none', ...undecided }
}

function decideWithoutVerdict(
  result: AnyResult | undefined,
  { hasStatus, success }: { hasStatus: boolean; success: boolean | undefined },
): Decided {
  const final = isFinal(result, { otherwise: hasStatus })
  if (success === undefined) return { decision: 'unknown', basis: 'none', final, retryable: false }
  return { decision: success ? 'approved' : 'rejected', basis: 'job_success', final, retryable: false }
}

function isSelfieRefused(result: AnyResult | undefined): boolean {
  const { Register_Selfie } = membersOf(result?.Actions)
  return typeof Register_Selfie === 'string' && /^(rejected|failed)$/i.test(Register_Selfie)
}

function isFinal(result: AnyResult | undefined, { otherwise }: { otherwise: boolean }): boolean {
  return result?.IsFinalResult === undefined ? otherwise : isTrue(result.IsFinalResult)
}

function isStatus(reply: AnyResult | JobStatus): reply is JobStatus {
  return reply?.job_complete !== undefined
}

/** Booleans come as texts, too. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}

/** The result object in any reply, once there is one. */
export function resultOf(reply: JobResult | JobStatus): JobResult | undefined {
  const result: unknown = isStatus(reply) ? reply.result : reply
  return isObject(result) ? (result as JobResult) : undefined
}

/** The text; `undefined` for absent, empty, "Not Available", "N/A" and "NaN-NaN-NaN". */
export function known(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  // Trimmed first: a pattern with white space at both ends takes time by the square of its length.
  const isPlaceholder = /^(not available|n\/a|nan-nan-nan|undefined|null)?$/i.test(value.trim())
  return isPlaceholder ? undefined : value
}
