/** What is wrong with the timestamp and the signature of a request that was refused. */
import { parseTimestamp } from '../../../signature/timestamp.ts'
import type { Generation } from '../../generation.ts'
import type { Settings } from '../../settings.ts'
import type { Finding } from './finding.ts'
import { explainSignature } from './signature-mistakes.ts'

export interface RefusedRequest {
  timestamp?: string | undefined
  signature?: string | undefined
}

/** In v3, of a callback that was refused: nothing else is signed there. */
export function checkRefusedRequest(
  settings: Settings,
  { timestamp, signature }: RefusedRequest,
  generation: Generation,
): Finding[] {
  if (timestamp === undefined) return []
  const findings = [checkTimestamp(timestamp)]
  const {
    SMILE_ID_PARTNER_ID: partnerId,
    SMILE_ID_API_KEY: apiKey,
    SMILE_ID_PREVIOUS_API_KEY: previousKey,
  } = settings
  if (signature !== undefined && partnerId && apiKey) {
    const request = { partnerId, apiKey, previousKey, timestamp, signature }
    findings.push(generation === 'v3' ? checkSignatureOfV3(request) : checkSignature(request))
  }
  return findings
}

/** v3 signs with the partner id without leading zeros, where portals show it with them. */
function checkSignatureOfV3(request: Parameters<typeof explainSignature>[0]): Finding {
  const partnerId = request.partnerId.replace(/^0+(?=.)/, '')
  const found = checkSignature({ ...request, partnerId })
  if (found.state === 'ok') return found
  const padded = [request.partnerId, partnerId.padStart(3, '0')].find(
    (id) => id !== partnerId && explainSignature({ ...request, partnerId: id })?.length === 0,
  )
  if (padded === undefined) return found
  const message = `made with partner id ${padded}, where v3 signs with ${partnerId}`
  return { check: 'signature', state: 'wrong', message }
}

function checkSignature(request: Parameters<typeof explainSignature>[0]): Finding {
  const { partnerId } = request
  const wrong = (message: string): Finding => ({ check: 'signature', state: 'wrong', message })
  if (request.signature.includes('|')) {
    return wrong('is a sec_key of the old kind: send sec_key as sec_key, or make a signature instead')
  }
  const mistakes = explainSignature(request)
  if (!mistakes) {
    return wrong(
      'none of the mistakes that are tried here gives it: the text that was signed, the key (of the other ' +
        'environment, or replaced), the partner id or the timestamp may be another. Print the text that is ' +
        `signed: it must be the timestamp as it is sent, ${partnerId} and sid_request, with nothing between`,
    )
  }
  if (mistakes.length > 0) return wrong(mistakes.join('; and '))
  return {
    check: 'signature',
    state: 'ok',
    message:
      'is right for this partner, key and timestamp: if it is refused, the key is not that of the ' +
      'environment, or the body carries another timestamp',
  }
}

interface TimestampForm {
  pattern: RegExp
  state: 'warning' | 'wrong'
  message: string
}

const NUMERIC_FORMS: readonly TimestampForm[] = [
  { pattern: /^\d{9,10}(\.\d+)?$/, state: 'wrong', message: 'is seconds since 1970' },
  { pattern: /^\d{12,13}$/, state: 'warning', message: 'is milliseconds since 1970' },
  { pattern: /^\d{15,16}$/, state: 'wrong', message: 'is microseconds since 1970' },
]

const WANTED_FORM = ': the documentation asks for ISO 8601 with milliseconds and Z, 2024-08-06T09:15:30.123Z'

/** The service takes other forms than the documented one, too, when the very same text was signed. */
function checkTimestamp(timestamp: string): Finding {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(timestamp)) {
    return { check: 'timestamp', state: 'ok', message: 'is ISO 8601 with milliseconds and Z' }
  }
  const { state, message } = describeForm(timestamp)
  return { check: 'timestamp', state, message: `${message}${WANTED_FORM}` }
}

function describeForm(timestamp: string): Pick<TimestampForm, 'state' | 'message'> {
  const numeric = NUMERIC_FORMS.find(({ pattern }) => pattern.test(timestamp))
  if (numeric) return numeric
  if (Number.isNaN(parseTimestamp(timestamp))) return { state: 'wrong', message: 'is no date' }
  if (/\.\d{6,}/.test(timestamp)) return { state: 'warning', message: 'has microseconds' }
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(timestamp)
  if (!hasZone) {
    return { state: 'warning', message: 'has no zone, so that nobody knows which time it means' }
  }
  return { state: 'warning', message: 'has another form' }
}
