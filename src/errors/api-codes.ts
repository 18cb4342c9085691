/** What Smile ID says no with, as codes of the SDK and what to do about each. */
import type { ApiCode } from './codes.ts'

/** What to do when nobody knows whether the server acted. */
export const ASK_FIRST = 'Find out whether the server acted.'

/**
 * What the API says no with: Smile ID's codes (2xyz in `code`), which count before the HTTP status, and what
 * to do. Made where it is asked for, as a cold start has no use for it.
 */
export function apiRefusals(): Readonly<Record<ApiCode, readonly [codes: string, hint: string]>> {
  return {
    unauthorized: ['2205 2405 401 403', 'Check partner id, API key, environment and clock.'],
    payment_required: ['402', 'Top up the wallet.'],
    not_enabled: ['2220', 'Ask Smile ID to enable it.'],
    rate_limited: ['429', 'Wait, then send again.'],
    id_number_blocked: ['2222', 'Do not send this number again: each try prolongs the block.'],
    invalid_request: ['2203 2204 2212 2213 2217 2413', 'Compare with the documentation.'],
    too_large: ['413', 'Send a smaller photo.'],
    user_exists: ['2209', 'Nothing is left to do, or choose another user_id.'],
    user_not_found: ['2210', 'Enrol the user.'],
    user_disabled: ['2207', 'Enable the user.'],
    user_deleted: ['2208', 'Choose another user_id.'],
    user_must_reenroll: ['2211', 'Let the user re-enrol.'],
    user_has_no_photo: ['2216', 'Enrol a photo.'],
    job_exists: ['2215', 'Ask for the status of the job.'],
    job_not_found: ['2304', 'Check ids and environment.'],
    upload_refused: ['', 'Ask for a new upload address.'],
    server_error: ['2201 2301 2401', ASK_FIRST],
    invalid_reply: ['', 'Check baseUrl and proxies.'],
    api_error: ['', 'Look the code up in the documentation.'],
  }
}

/** What to do when no connection could be made. */
export const CHECK_NETWORK = 'Check the network and baseUrl.'
