/**
 * Results of v3: which product they are of, and what they decide.
 *
 * @module
 */
import { membersOf, own } from '../input/objects.ts'
import { attempt, isArray } from '../platform/realms.ts'
import { isTrue } from '../result/interpret.ts'
import type { Product, Reason, Result, ResultOf, VerdictStatus } from './wire/results.ts'
import type { VerificationStatus } from './wire/status.ts'

export type {
  AmlMonitoringResult,
  AmlPerson,
  Antifraud,
  BiometricKycResult,
  DocumentResult,
  EnhancedKycResult,
  IdFields,
  Inline,
  NewsCategory,
  OneTimeAmlResult,
  Product,
  Reason,
  ResidencyDocumentResult,
  Result,
  ResultOf,
  SelfieResult,
  VerdictStatus,
} from './wire/results.ts'
export type { JobId } from './wire/shared.ts'
export type { Verdict, VerificationStatus } from './wire/status.ts'

/** The lists that a product's results have in any case. */
const LISTS: Readonly<Record<string, string>> = {
  one_time_aml: 'people',
  residency_document_verification: 'additional_documents',
}

/**
 * Whether a result is of this product, and has the lists that its type has. Nothing else of it is looked at.
 *
 * @example
 * ```ts
 * import { isResultOf, type Result } from 'smileid-edge/v3/result'
 *
 * export const nameIn = (result: Result) =>
 *   isResultOf(result, 'document_verification') ? result.id_fields?.full_name : undefined
 * ```
 */
export function isResultOf<P extends Product>(
  result: Result,
  product: P,
): result is ResultOf[P] & { product: P } {
  return attempt(() => isOfIt(result, product)) ?? false
}

function isOfIt(result: Result, product: Product): boolean {
  const list = own(LISTS, product)
  return membersOf(result).product === product && (list === undefined || isArray(result[list]))
}

/** What a result or a status decides. Holds nothing personal. */
export interface VerdictMeaning {
  /**
   * `'review'`: attention; or clear beside detected fraud or a reason, which it takes back. For ID lookups,
   * `'approved'` says that the ID exists, not whose it is. `'unknown'`: a status that this version does not
   * know; do not treat it as approved.
   */
  decision: 'approved' | 'review' | 'rejected' | 'error' | 'pending' | 'unknown'
  reason?: Reason
  /** A new job with the same input may end better. */
  retryable: boolean
}

const DECISIONS: Readonly<Record<VerdictStatus | 'processing', VerdictMeaning['decision']>> = {
  clear: 'approved',
  attention: 'review',
  block: 'rejected',
  error: 'error',
  processing: 'pending',
}

/** Reasons that say nothing of the person. */
const PASSING_REASONS: readonly unknown[] = ['service_unavailable', 'internal_error'] satisfies Reason[]

/**
 * Reads a result, or a status, as one decision; takes whatever a reply may be.
 *
 * @example
 * ```ts
 * import { interpretVerdict, type Result } from 'smileid-edge/v3/result'
 *
 * export function next(result: Result): string {
 *   const { decision, reason, retryable } = interpretVerdict(result)
 *   switch (decision) {
 *     case 'approved':
 *       return 'open the account'
 *     case 'rejected':
 *       return `decline: ${reason}`
 *     case 'error':
 *       return retryable ? 'try again later' : 'ask for other data'
 *     case 'pending':
 *       return 'wait'
 *     default:
 *       return 'let a person look'
 *   }
 * }
 * ```
 */
export function interpretVerdict(result: Result | VerificationStatus): VerdictMeaning {
  // What cannot be read says nothing.
  return attempt(() => meaningOf(result)) ?? { decision: 'unknown', retryable: false }
}

function meaningOf(result: Result | VerificationStatus): VerdictMeaning {
  const { status, reason, antifraud } = membersOf(result)
  const hasReason = typeof reason === 'string' && reason !== ''
  const isTakenBack = hasReason || isFraudDetected(antifraud)
  const decided = own(DECISIONS, String(status)) ?? 'unknown'
  return {
    decision: decided === 'approved' && isTakenBack ? 'review' : decided,
    ...(hasReason && { reason }),
    retryable: status === 'error' && PASSING_REASONS.includes(reason),
  }
}

function isFraudDetected(antifraud: unknown): boolean {
  return isTrue(membersOf(membersOf(antifraud).summary).fraud_detected)
}
