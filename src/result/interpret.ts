/** From a reply to a decision. */
import { throwIfAny } from '../errors/issues.ts'
import { isObject, membersOf, withoutUndefined } from '../input/objects.ts'
import { anything, either } from '../input/rules.ts'
import {
  check,
  elsewhere,
  objectOf,
  once,
  openObjectOf,
  optional,
  recordOf,
  type Schema,
} from '../input/schema.ts'
import { attempt } from '../platform/realms.ts'
import type { ActionValue, AnyResult, JobResult, JobStatus, ResultCode } from '../wire/replies.ts'
import {
  contradictsApproval,
  type Decision,
  isLookupCode,
  needsAttention,
  type Verdict,
  verdictOn,
} from './codes.ts'

/** Holds nothing personal: fit for logs and for a column of your database. */
export interface Interpretation {
  /**
   * `'approved'` of an ID lookup: the ID exists, whoever typed it. `'partial'`: some of the names and dates
   * that Basic KYC compared are the holder's, others are not; no approval before a person has looked.
   * `'provisional'`: approved so far, which a reviewer may still change. `'error'`: no verdict (authority
   * down, wrong format). `'unknown'`: a code that this version does not know, contradictory, or an AML reply
   * (read `people`); never treat it as approved.
   */
  decision: Decision
  /** What decided: a code of the table (or of `codes`), `job_success` of a complete status, or nothing. */
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
  /**
   * Further codes, or other verdicts on known ones, that hold for your account: `{ '1021': { decision:
   * 'approved' } }` where a partial match is enough for you.
   */
  codes?: Readonly<Record<string, Verdict>> | undefined
}

/** Codes with their verdicts, of which members that are odd decide nothing. */
export function verdicts(): Schema<NonNullable<InterpretOptions['codes']>> {
  const verdict = openObjectOf<Verdict>({ decision: elsewhere(), final: elsewhere(), retryable: elsewhere() })
  return recordOf(either((value) => (isObject(value) ? verdict : anything())))
}

const interpretOptions = /* @__PURE__ */ once(() =>
  objectOf<InterpretOptions>({ codes: optional(verdicts()) }),
)

/**
 * Reads a reply, a job status or a callback's result as one decision.
 *
 * A job that is still running is `'pending'` (or `'provisional'`), whatever its codes say so far; so is one
 * with images of which only the ID was found yet. For an ID lookup, `'approved'` says that the ID exists, not
 * that it belongs to who typed it: that is what Basic KYC or a job with a selfie is for. Codes that are in no
 * table count as `job_success` says, if the status of a complete job came with them, and are `'unknown'`
 * otherwise. An approval that the reply itself takes back, by an Action that decides (the photo on file, the
 * number, the document, the business, a field that does not match) or by detected fraud, is `'unknown'`; one
 * that is not final is `'provisional'`. Never throws on odd replies.
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
 *     case 'partial':
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
  const { issues, value } = check(interpretOptions(), options ?? {}, 'options')
  throwIfAny(issues)
  // What cannot be read says nothing.
  return attempt(() => interpret(reply, value.codes)) ?? interpret({} as JobResult, value.codes)
}

/** The same for those who have checked the codes once. */
export function interpret(reply: AnyResult | JobStatus, codes: InterpretOptions['codes']): Interpretation {
  const status = isStatus(reply) ? reply : undefined
  const result = resultOf(reply)
  const code = known(result?.ResultCode)
  const reasons = reasonsIn(result)
  const said = {
    reasons,
    code,
    text: known(result ? result.ResultText : status?.result),
    smileJobId: known(result?.SmileJobID),
    confidence: percent(result?.ConfidenceValue),
  }
  const decided = decide({ status, result, reasons, verdict: verdictFor(code, codes) })
  return withoutUndefined(Object.assign(decided, said))
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

/** Job types with images, as numbers: `JOB_TYPE`, which has their names, would be larger than all of this. */
const IMAGE_JOB_TYPES: readonly unknown[] = [1, 2, 4, 6, 8, 11]

type Decided = Pick<Interpretation, 'decision' | 'basis' | 'final' | 'retryable'>

/** A reply, taken apart. */
interface Evidence {
  status: JobStatus | undefined
  result: JobResult | undefined
  reasons: Interpretation['reasons']
  verdict: Verdict | undefined
}

function decide(evidence: Evidence): Decided {
  const { status, verdict } = evidence
  // Parts of a running job may have ended well: that decides nothing yet.
  if (status && !isTrue(status.job_complete)) return decideRunning(verdict)
  const success = status?.job_success === undefined ? undefined : isTrue(status.job_success)
  const decided = verdict ? decideByVerdict(evidence.result, verdict) : decideBySuccess(evidence, success)
  return decided.decision === 'approved' ? checkApproval(decided, evidence, success) : decided
}

function decideByVerdict(result: JobResult | undefined, verdict: Verdict): Decided {
  const { decision, final = true, retryable = false } = verdict
  return { decision, basis: 'code', final: final && isFinal(result, { otherwise: true }), retryable }
}

/** What is left of an approval once the rest of the reply was read. */
function checkApproval(approved: Decided, evidence: Evidence, success: boolean | undefined): Decided {
  const { status, result, reasons } = evidence
  const { retryable } = approved
  if (success === undefined && isHalfOfJob(result)) {
    if (status) return { decision: 'unknown', basis: 'none', final: true, retryable }
    return { decision: 'pending', basis: 'none', final: false, retryable }
  }
  // The code says yes, and the job, or what decides in it, no: only a person can tell.
  if (success === false || reasons.some(contradictsApproval) || isFraudDetected(result)) {
    return { ...approved, decision: 'unknown', basis: 'none' }
  }
  if (!isFinal(result, { otherwise: true })) return { ...approved, decision: 'provisional' }
  return approved
}

/**
 * Whether a result is about the ID behind a job with images: jobs of both kinds send one of its own, which
 * says nothing of the faces.
 */
function isHalfOfJob(result: JobResult | undefined): boolean {
  const { job_type } = membersOf(result?.PartnerParams)
  // Numbers come as texts, too.
  const jobType = typeof job_type === 'string' ? Number(job_type) : job_type
  return isLookupCode(result?.ResultCode) && IMAGE_JOB_TYPES.includes(jobType)
}

function decideRunning(verdict: Verdict | undefined): Decided {
  const undecided = { final: false, retryable: false }
  if (verdict?.decision === 'provisional') return { decision: 'provisional', basis: 'code', ...undecided }
  return { decision: 'pending', basis: 'none', ...undecided }
}

function decideBySuccess({ status, result }: Evidence, success: boolean | undefined): Decided {
  const final = isFinal(result, { otherwise: status !== undefined })
  if (success === undefined) return { decision: 'unknown', basis: 'none', final, retryable: false }
  return { decision: success ? 'approved' : 'rejected', basis: 'job_success', final, retryable: false }
}

function isFraudDetected(result: JobResult | undefined): boolean {
  return isTrue(membersOf(membersOf(result?.Antifraud).summary).fraud_detected)
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
  const result = attempt((): unknown => (isStatus(reply) ? reply.result : reply))
  return isObject(result) ? (result as JobResult) : undefined
}

/** The text; `undefined` for absent, empty, "Not Available", "N/A" and "NaN-NaN-NaN". */
export function known(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  // Trimmed first: a pattern with white space at both ends takes time by the square of its length.
  const isPlaceholder = /^(not available|n\/a|nan-nan-nan|undefined|null)?$/i.test(value.trim())
  return isPlaceholder ? undefined : value
}
