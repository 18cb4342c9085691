/** Who is verified, and what this person has agreed to, as every route of v3 takes it. */
import type { Consent, UserDetails } from 'smileid-edge/v3/enhanced-kyc'
import type { Env } from '../bindings.ts'
import { isEmulated } from '../client.ts'
import { Refusal } from '../problem.ts'

/** Fields by name, of a form or of JSON; what is not there is `undefined`. */
export type Read = (name: string) => unknown

/** The SDK checks it all: what a browser sends may be anything. */
export function userDetails(read: Read): UserDetails {
  return {
    given_names: read('given_names'),
    last_name: read('last_name'),
    email: read('email'),
    phone_number: read('phone_number'),
  } as UserDetails
}

/**
 * When the person agreed, the page says; to what, is the server's to know: it is the notice that the page
 * showed.
 */
export function consent(env: Env, read: Read): Consent {
  return {
    granted: true,
    granted_at: read('agreed_at') as string,
    notice_language: env.PRIVACY_NOTICE_LANGUAGE || 'EN',
    notice_privacy_policy_url: noticeUrl(env),
  }
}

/** Nobody can have agreed to a notice that there is not. */
function noticeUrl(env: Env): string {
  if (env.PRIVACY_NOTICE_URL) return env.PRIVACY_NOTICE_URL
  if (isEmulated(env)) return 'https://playground.example/privacy'
  throw new Refusal(
    503,
    'no_privacy_notice',
    'PRIVACY_NOTICE_URL must say where people read what becomes of their data.',
  )
}
