/** Facts of the Smile ID v1 API, each in this one place. */
import type { ApiCode, Operation } from './errors.ts'

export type Environment = 'sandbox' | 'production'

/** API roots, without version. */
export const ORIGINS: Readonly<Record<Environment, string>> = {
  sandbox: 'https://testapi.smileidentity.com',
  production: 'https://api.smileidentity.com',
}

export interface Endpoint {
  operation: Operation
  method: 'GET' | 'POST'
  path: string
  /** A repeat bills nothing and uses nothing up. */
  repeatable: boolean
}

export const BACKFILL_USERS: Endpoint = { operation: 'backfill_users', method: 'POST', path: '/v1/backfill_users', repeatable: false }

export type Answers = Readonly<Partial<Record<ApiCode, readonly [digits: string, hint: string]>>>

const ASK_FIRST = 'Find out whether the server acted.'

/** What the API says no with: Smile ID's codes (2xyz in `code`), and what to do. Codes that are not here are judged by the HTTP status. */
export const ANSWERS = {
  unauthorized: ['2205 2405', 'Check partner id, API key, environment and clock.'],
  payment_required: ['', 'Top up the wallet.'],
  not_enabled: ['2220', 'Ask Smile ID to enable this product.'],
  rate_limited: ['', 'Wait, then send again.'],
  invalid_request: ['2203 2204 2212 2213 2217 2413', 'Compare the fields with the documentation.'],
  too_large: ['', 'Send a smaller photo.'],
  user_exists: ['2209', 'Nothing is left to do, or choose another user_id.'],
  user_disabled: ['2207', 'Enable the user.'],
  user_deleted: ['2208', 'Choose another user_id.'],
  server_error: ['2201 2301 2401', ASK_FIRST],
  invalid_reply: ['', 'Check baseUrl, and what stands in between.'],
  api_error: ['', 'Look this code up in the documentation.'],
} as const satisfies Answers

export const STATUS_CODES: Readonly<Record<number, keyof typeof ANSWERS>> = {
  401: 'unauthorized', 402: 'payment_required', 403: 'unauthorized', 413: 'too_large', 429: 'rate_limited',
}

/** The same for failures without an answer. */
export const NETWORK_HINTS = { early: 'Check the network and baseUrl.', late: ASK_FIRST }
