/** What Enhanced KYC takes. */
import type { IdNumber, Verification } from './shared.ts'

export interface EnhancedKyc extends Verification, IdNumber {
  /** For BANK_ACCOUNT. */
  bank_code?: string | undefined
  /** For some PHONE_NUMBER types. */
  operator?: string | undefined
}
