/** What the API says no with, as codes of the SDK, and what to do about each. */
import type { V1ApiCode } from './codes.ts'

/** What to do when nobody knows whether the server acted. */
export const ASK_FIRST = 'Find out whether the server acted.'

/** What to do when no connection could be made. */
export const CHECK_NETWORK = 'Check the network and baseUrl.'

/** What to do when what came is no reply of the service. */
export const CHECK_PROXIES = 'Check baseUrl and proxies.'

interface ApiRefusal {
  /** Smile ID's own codes (2xyz), which count before the HTTP status. */
  smileCodes?: readonly string[]
  /** HTTP statuses. */
  statuses?: readonly number[]
  /** What to do. */
  hint: string
}

/**
 * Smile ID's documentation, "Error codes", and its SDKs; what is in no row is `api_error` or `server_error`.
 */
export const API_REFUSALS: Readonly<Record<V1ApiCode, ApiRefusal>> = {
  unauthorized: {
    smileCodes: ['2205', '2405'],
    statuses: [401, 403],
    hint: 'Check partner id, API key, environment and clock.',
  },
  payment_required: { statuses: [402], hint: 'Top up the wallet.' },
  not_enabled: { smileCodes: ['2220'], hint: 'Ask Smile ID to enable it.' },
  rate_limited: { statuses: [429], hint: 'Wait, then send again.' },
  id_number_blocked: {
    smileCodes: ['2222'],
    hint: 'Do not send this number again: each try prolongs the block.',
  },
  invalid_request: {
    smileCodes: ['2203', '2204', '2212', '2213', '2217', '2413'],
    hint: 'A field is missing, or has a wrong type or format: body.error of this error says which.',
  },
  too_large: { statuses: [413], hint: 'Send a smaller photo.' },
  user_exists: {
    smileCodes: ['2209'],
    hint: 'Nothing is left to do, or choose another user_id.',
  },
  user_not_found: { smileCodes: ['2210'], hint: 'Enrol the user.' },
  user_disabled: { smileCodes: ['2207'], hint: 'Enable the user.' },
  user_deleted: { smileCodes: ['2208'], hint: 'Choose another user_id.' },
  user_must_reenroll: { smileCodes: ['2211'], hint: 'Let the user re-enrol.' },
  user_has_no_photo: { smileCodes: ['2216'], hint: 'Enrol a photo.' },
  job_exists: { smileCodes: ['2215'], hint: 'Ask for the status of the job.' },
  job_not_found: { smileCodes: ['2304'], hint: 'Check ids and environment.' },
  upload_refused: { hint: 'Ask for a new upload address.' },
  server_error: { smileCodes: ['2201', '2301', '2401'], hint: ASK_FIRST },
  invalid_reply: { hint: CHECK_PROXIES },
  api_error: { hint: 'Look the code up in the documentation.' },
}

/** What to do about one of Smile ID's codes, where several share a code of the SDK. */
const SMILE_CODE_HINTS: Readonly<Record<string, string>> = {
  2203: 'The body did not arrive as it was sent: check proxies.',
  2212: 'The endpoint does not take this job type: check partner_params.job_type.',
  2217: 'The service does not know the product, or it is not for this call: check product.',
  2413:
    'The ID type is not known for the country, or a field that it needs is missing or wrong: getServices ' +
    'lists both.',
}

/** What to do about a code of the SDK that was read from one of Smile ID's. */
export function refusalHint(code: V1ApiCode, smileCode: string | undefined): string {
  const isShared = code === 'invalid_request' && smileCode !== undefined
  return (isShared && SMILE_CODE_HINTS[smileCode]) || API_REFUSALS[code].hint
}

/** The code that one of Smile ID's own codes stands for. */
export function apiCodeOfSmileCode(smileCode: string | undefined): V1ApiCode | undefined {
  if (smileCode === undefined) return undefined
  return apiCodeWhere(({ smileCodes }) => smileCodes?.includes(smileCode))
}

/** The code that an HTTP status stands for. */
export function apiCodeOfStatus(status: number): V1ApiCode | undefined {
  return apiCodeWhere(({ statuses }) => statuses?.includes(status))
}

function apiCodeWhere(fits: (refusal: ApiRefusal) => boolean | undefined): V1ApiCode | undefined {
  const names = Object.keys(API_REFUSALS) as V1ApiCode[]
  return names.find((name) => fits(API_REFUSALS[name]))
}

/** What to do about a code of the SDK or of Smile ID; `undefined` for what is no refusal of the API's. */
export function hintOf(code: string): string | undefined {
  const name = Object.hasOwn(API_REFUSALS, code) ? (code as V1ApiCode) : apiCodeOfSmileCode(code)
  return name && refusalHint(name, code)
}
