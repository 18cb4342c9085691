/**
 * Users whom you know to be frauds, by v3.
 *
 * @module
 */
import { checkRequestOptions } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'
import { asText, type Members, membersOf } from '../input/objects.ts'
import { flag, oneOf } from '../input/rules.ts'
import { check, type Checked, objectOf, once, optional } from '../input/schema.ts'
import { begin } from './http/begin.ts'
import { callV3 } from './http/call.ts'
import type { V3Reply } from './http/exchange.ts'
import { partsOf } from './http/parts.ts'
import type { MembersOfAny } from './input/forms.ts'
import { withMore } from './input/more-issues.ts'
import { pathText } from './input/path-text.ts'
import { email, textUpTo } from './input/shared.ts'
import type { V3Client } from './wire/clients.ts'
import { REPORT_FRAUD } from './wire/operations.ts'

export type { TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'

export type FraudReason =
  | 'FIRST_PARTY_FRAUD'
  | 'SECOND_PARTY_FRAUD'
  | 'THIRD_PARTY_FRAUD'
  | 'SYNTHETIC_IDENTITY'
  | 'ACCOUNT_TAKEOVER'
  | 'DOCUMENT_FORGERY'
  | 'IDENTITY_FARMING'
  | 'MULE_ACCOUNT'
  | 'OTHER'

/** `notes`: at most 500 characters; needed for `OTHER`, and to take a report back. */
export type FraudReport = { user_id: string; /** An email address. */ reported_by: string } & (
  | { is_fraud: true; reason: Exclude<FraudReason, 'OTHER'>; notes?: string | undefined }
  | { is_fraud: true; reason: 'OTHER'; notes: string }
  | { is_fraud: false; reason?: undefined; notes: string }
)

/** Taken on, to be done soon. */
export interface FraudReportAccepted {
  status: 'accepted'
  user_id: string
  message?: string
  [field: string]: unknown
}

const fraudReport = /* @__PURE__ */ once(() =>
  objectOf<MembersOfAny<FraudReport>>({
    user_id: pathText(),
    is_fraud: flag(),
    reason: optional(
      oneOf<FraudReason>(
        'FIRST_PARTY_FRAUD',
        'SECOND_PARTY_FRAUD',
        'THIRD_PARTY_FRAUD',
        'SYNTHETIC_IDENTITY',
        'ACCOUNT_TAKEOVER',
        'DOCUMENT_FORGERY',
        'IDENTITY_FARMING',
        'MULE_ACCOUNT',
        'OTHER',
      ),
    ) as any,
    notes: optional(textUpTo(500)),
    reported_by: email(),
  }),
)

function checkReport(input: unknown): Checked<{ user_id: string }> {
  const checked = check(fraudReport(), membersOf(input))
  return withMore(checked, reasonIssues(membersOf(checked.value)))
}

/** What a report has to say depends on what it does. */
function reasonIssues({ is_fraud, reason, notes }: Members): InputIssue[] {
  const issues: InputIssue[] = []
  if (is_fraud === true && reason === undefined) {
    issues.push(issue('reason', 'missing', 'is missing: why is the user a fraud?'))
  }
  if (is_fraud === false && reason !== undefined) {
    issues.push(issue('reason', 'not_allowed', 'says why somebody is a fraud: say in notes why not'))
  }
  if ((is_fraud === false || reason === 'OTHER') && notes === undefined) {
    issues.push(issue('notes', 'missing', 'is missing: they say why, where no reason of the list does'))
  }
  return issues
}

/**
 * Blocks face and devices of a user, or takes that back.
 *
 * Sent once: after a lost answer (`outcome` `'unknown'`), look at the user before you report again.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `user_not_found`, `forbidden`, `unauthorized`, `invalid_request`,
 * `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import type { Client } from 'smileid-edge/client'
 * import { reportUserFraud } from 'smileid-edge/v3/users'
 *
 * export const block = (client: Client, user_id: string) =>
 *   reportUserFraud(client, {
 *     user_id,
 *     is_fraud: true,
 *     reason: 'MULE_ACCOUNT',
 *     reported_by: 'risk@shop.example',
 *   })
 * ```
 */
export async function reportUserFraud(
  client: V3Client,
  report: FraudReport,
  options: RequestOptions = {},
): Promise<FraudReportAccepted> {
  const call = begin(client, () => checkReport(report), checkRequestOptions(options))
  const { user_id, ...fields } = call.input
  const { members } = await callV3(
    call.caller,
    { endpoint: REPORT_FRAUD, params: { user_id }, parts: partsOf(fields), isValid: isAccepted },
    call.options,
  )
  return { ...members, status: 'accepted', user_id: members.user_id as string }
}

function isAccepted({ members: { status, user_id } }: V3Reply): boolean {
  return asText(status).toLowerCase() === 'accepted' && typeof user_id === 'string'
}
