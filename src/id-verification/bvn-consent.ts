/** The three steps in which the owner of a BVN consents. */
import { postSigned } from '../http/post.ts'
import type { RequestOptions } from '../client/internals.ts'
import { flatIssues } from '../input/flat.ts'
import type { SignedReply } from '../wire/replies.ts'
import { pathOf } from '../wire/endpoints.ts'
import { begin } from '../http/begin.ts'
import type { Client } from '../signature/credentials.ts'

export interface BvnConsent extends SignedReply {
  message: string
  session_id: string
  /** Where a one-time password can be sent: `{ sms: '0800*******67' }`. */
  modes: Record<string, string>[]
  [field: string]: unknown
}

async function consent<R = Record<string, unknown>>(
  client: Client,
  step: string,
  fields: object,
  needed: readonly string[],
  options: RequestOptions,
): Promise<R> {
  const internals = begin(client, options, flatIssues(fields, needed))
  return postSigned(
    internals,
    'totp_consent',
    { country: 'NG', id_type: 'BVN_MFA', ...fields },
    { path: pathOf('totp_consent') + step },
    options,
  ) as Promise<R>
}

/** BVN consent, first step: the ways to reach the owner of the number. Never repeated by itself. */
export function startBvnConsent(
  client: Client,
  input: { id_number: string },
  options: RequestOptions = {},
): Promise<BvnConsent> {
  return consent(client, '', input, ['id_number'], options)
}

/** BVN consent, second step: sends the one-time password. */
export function chooseBvnMode(
  client: Client,
  input: { id_number: string; session_id: string; mode: string },
  options: RequestOptions = {},
): Promise<Record<string, unknown>> {
  return consent(client, '/mode', input, ['id_number', 'session_id', 'mode'], options)
}

/** BVN consent, last step: after it, `verifyId` takes the `session_id` with `id_type: 'BVN_MFA'`. */
export function confirmBvnOtp(
  client: Client,
  input: { id_number: string; session_id: string; otp: string },
  options: RequestOptions = {},
): Promise<Record<string, unknown>> {
  return consent(client, '/otp', input, ['id_number', 'session_id', 'otp'], options)
}
