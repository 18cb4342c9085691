/**
 * What the vendor's SDK for JavaScript, v12.0.0, sends of v3, written anew after a description of its wire
 * form: scalars as plain parts, objects and lists as JSON parts without a file name, in a fixed order. It
 * knows neither screenings nor addresses nor links.
 */
import type { RawPart } from './raw-form'

export interface OfficialRequest {
  method: 'GET' | 'POST'
  /** With its query. */
  path: string
  /** But for content-type and content-length. */
  headers: Record<string, string>
  parts?: RawPart[]
}

type Scalar = string | boolean | undefined

export interface OfficialKyc {
  user_id: string
  country: string
  id_type: string
  id_number: string
  bank_code?: string
  operator?: string
  callback_url?: string
  user_details: {
    given_names: string
    last_name: string
    email?: string | null
    phone_number?: string | null
  }
  consent: {
    granted: boolean
    granted_at: string
    notice_language: string
    notice_privacy_policy_url: string
  }
  partner_params?: object
  metadata?: object
}

/** The same person, agent and version on every request; the token on all but the public ones. */
function headers(token: string | undefined): Record<string, string> {
  return {
    'smileid-source-sdk': 'node',
    'smileid-source-sdk-version': '12.0.0',
    'user-agent': 'smileid-sdk-node/12.0.0 (node/20.19.0)',
    ...(token !== undefined && { 'smileid-token': token }),
  }
}

function scalars(members: Record<string, Scalar>): RawPart[] {
  return Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, text: String(value) }],
  )
}

function jsonPart(name: string, value: object | undefined): RawPart[] {
  return value === undefined ? [] : [{ name, type: 'application/json', text: JSON.stringify(value) }]
}

export const officialV3 = {
  token: (partnerId: string, apiKey: string): OfficialRequest => ({
    method: 'POST',
    path: '/v3/token',
    headers: { ...headers(undefined), 'smileid-partner-id': partnerId, 'smileid-api-key': apiKey },
  }),

  enhancedKyc(token: string, input: OfficialKyc): OfficialRequest {
    const { country, id_type, id_number, bank_code, operator, callback_url } = input
    const { given_names, last_name, email, phone_number } = input.user_details
    const { granted, granted_at, notice_language, notice_privacy_policy_url } = input.consent
    // Of contacts, those that are null are left out.
    const contacts = { ...(email && { email }), ...(phone_number && { phone_number }) }
    return {
      method: 'POST',
      path: '/v3/enhanced_kyc',
      headers: { ...headers(token), 'user-id': input.user_id },
      parts: [
        ...scalars({ country, id_type, id_number, bank_code, operator, callback_url }),
        ...jsonPart('user_details', { given_names, last_name, ...contacts }),
        ...jsonPart('consent', { granted, granted_at, notice_language, notice_privacy_policy_url }),
        ...jsonPart('partner_params', input.partner_params),
        ...jsonPart('metadata', input.metadata),
      ],
    }
  },

  reportFraud(token: string, user_id: string, report: Record<string, Scalar>): OfficialRequest {
    const { is_fraud, reported_by, reason, notes } = report
    return {
      method: 'POST',
      path: `/v3/users/${encodeURIComponent(user_id)}/report_fraud`,
      headers: headers(token),
      parts: scalars({ is_fraud, reported_by, reason, notes }),
    }
  },

  service(name: string, query: Record<string, string>, token?: string): OfficialRequest {
    const text = String(new URLSearchParams(query))
    return {
      method: 'GET',
      path: `/v3/services/${name}${text && `?${text}`}`,
      headers: headers(token),
    }
  },
}
