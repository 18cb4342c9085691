/** Answers as v3 makes them: its words by HTTP status, and the four shapes of its errors. */
import { own } from '../../input/objects.ts'
import type { JobRef } from '../../wire/jobs.ts'
import type { JsonObject } from '../model.ts'
import type { V3Answer } from './model.ts'
import type { V3Operation } from '../../wire/v3-operations.ts'

/** The `status` of an error's body, and the message where the operation has none of its own. */
const ERRORS: Readonly<Record<number, readonly [status: string, message: string]>> = {
  400: ['Bad Request', 'The request is invalid.'],
  401: ['Unauthorized', 'Invalid authentication credentials.'],
  402: ['Payment Required', 'Insufficient wallet balance.'],
  403: ['Forbidden', 'Product not enabled for this partner.'],
  404: ['Not Found', 'Job not found'],
  408: ['Request Timeout', 'The request timed out.'],
  409: ['Conflict', 'The request conflicts with another one.'],
  413: ['Content Too Large', 'The request payload exceeds the maximum allowed size of 4.5MB.'],
  415: ['Unsupported Media Type', 'Unsupported Media Type. Required Content-Type is multipart/form-data'],
  424: ['Failed Dependency', 'Unable to verify ID — ID authority unavailable.'],
  429: ['Too Many Requests', 'Rate limit exceeded. Please try again later.'],
  500: ['Internal Server Error', 'An unexpected error occurred. Please try again or contact support.'],
  502: ['Bad Gateway', 'Unable to complete request due to upstream provider error.'],
  503: ['Service Unavailable', 'Upstream provider is temporarily unavailable. Please try again later.'],
}

const IMAGE_TOO_LARGE = { 413: 'selfie_image is too large.' }
const OUT_OF_CREDITS = 'You are out of credits. Add funds to your wallet to run more verifications.'
const NEEDS_ACTIVATION = 'This feature requires you to activate ID Validation for your Smile ID account.'
const NOT_AUTHORIZED = 'You are not authorized to do that.'

function timeoutOf(who: string): string {
  return (
    `The ${who} did not respond in time. The job is still recorded — ` +
    'retrieve its result from /v3/status/{job_id}.'
  )
}

/** What operations say in words of their own. */
const OWN_MESSAGES: Partial<Record<V3Operation, Readonly<Record<number, string>>>> = {
  'v3/enhanced_kyc': { 413: 'File is too large.' },
  'v3/enhanced_kyc/sync': {
    402: OUT_OF_CREDITS,
    403: NEEDS_ACTIVATION,
    408: timeoutOf('ID authority'),
    429:
      'This ID number has been blocked due to multiple submissions. ' +
      'Please use the designated endpoint to reactivate it.',
  },
  'v3/biometric_kyc': IMAGE_TOO_LARGE,
  'v3/document_verification': IMAGE_TOO_LARGE,
  'v3/enhanced_document_verification': IMAGE_TOO_LARGE,
  'v3/residency_document_verification': IMAGE_TOO_LARGE,
  'v3/registration': IMAGE_TOO_LARGE,
  'v3/aml': { 404: 'No enrolled user found for this partner.', 413: 'Request payload is too large.' },
  'v3/aml/sync': {
    402: OUT_OF_CREDITS,
    403: NEEDS_ACTIVATION,
    404: 'No enrolled user found for this partner.',
    408: timeoutOf('screening provider'),
    413: 'Request payload is too large.',
  },
  'v3/aml/monitoring': { 404: 'No enrolled user found for this partner.' },
  'v3/aml/monitoring/news': { 404: 'No AML job found for this partner' },
  'v3/status': { 403: NOT_AUTHORIZED },
  'v3/replay': {
    403: NOT_AUTHORIZED,
    409: 'Job is still processing. Callbacks can only be replayed for completed jobs.',
  },
  'v3/users/report_fraud': {
    401: 'Invalid token',
    403: NOT_AUTHORIZED,
    404: 'User not found',
    500: 'System Error',
  },
  'v3/smile_links': {
    401: 'Missing or invalid authentication credentials.',
    403: 'You are not allowed to do that.',
    404: 'Link not found',
    409: 'User ID is taken. Please provide a unique ID.',
    500: 'An error occurred while generating the link. Please try again!',
  },
  'v3/services/id_status': { 401: 'Invalid token' },
}

/** Operations whose errors are `{ error, code }`, as in v1. */
const WITH_CODES: readonly V3Operation[] = [
  'v3/services/bank_codes',
  'v3/services/supported_id_types',
  'v3/services/supported_documents',
]

/** An error of the operation, in its shape and its words; `message` says something else. */
export function v3Error(operation: V3Operation, status: number, message?: string): V3Answer {
  const [name, common] = own(ERRORS, String(status)) ?? ['Error', 'emulated failure']
  if (WITH_CODES.includes(operation)) {
    const text = message ?? (status === 403 ? NOT_AUTHORIZED : 'System Error')
    return answer(status, { error: text, code: status === 500 ? '2401' : '2413' })
  }
  if (operation === 'v3/enhanced_kyc/sync' && (status === 401 || status === 413)) return gatewayError(status)
  // A fault may want what the gateway says when what is behind it breaks down.
  if (status === 500 && message === GATEWAY_ERRORS[500]![1]) return gatewayError(500)
  return answer(status, { status: name, message: message ?? OWN_MESSAGES[operation]?.[status] ?? common })
}

/** A refusal for what is wrong with the request. */
export function badRequest(operation: V3Operation, message: string): V3Answer {
  return v3Error(operation, 400, message)
}

/** The refusal of a part that is missing, or is not what it should be. */
export function missing(operation: V3Operation, name: string): V3Answer {
  return badRequest(operation, `Required field '${name}' is missing or invalid.`)
}

const GATEWAY_ERRORS: Readonly<Record<number, readonly [status: string, message: string]>> = {
  401: ['unauthorized', 'Missing or invalid authentication credentials.'],
  413: ['payload_too_large', 'Request payload too large. Maximum allowed size is 10 MB.'],
  500: [
    'integration_failure',
    'Backend processing failure. Please retry; contact support if the issue persists.',
  ],
}

/** An error of the gateway, which stands before all endpoints. */
export function gatewayError(status: 401 | 413 | 500): V3Answer {
  const [name, message] = GATEWAY_ERRORS[status]!
  return answer(status, { status: name, message, job_id: null, user_id: null })
}

/** What AWS says itself when nothing answered in time. */
export function gatewayTimeout(): V3Answer {
  return { status: 504, body: {}, text: '{"message": "Endpoint request timed out"}', committed: false }
}

/** An answer that tells something and changes nothing. */
export function answer(status: number, body: JsonObject): V3Answer {
  return { status, body, committed: false }
}

/** An answer about a job that was taken on. */
export function acted(status: number, body: JsonObject, job?: JobRef): V3Answer {
  return job ? { status, body, committed: true, job } : { status, body, committed: true }
}
