/** `POST /v1/totp_consent`, `…/mode` and `…/otp`: the consent of a BVN's owner, in three steps. */
import { refuse, refuseMissing, tell } from './answers.ts'
import type { Answer, Call, JsonObject } from './model.ts'

/** The owner's one-time password. */
const OTP = '000000'

export function startConsent({ body }: Call): Answer {
  const missing = refuseMissing(body, ['id_number'], '2413')
  if (missing) return missing
  const reply = {
    message: 'Select OTP Delivery Mode',
    success: true,
    session_id: sessionId(body),
    modes: [{ sms: '0800*******67' }, { email: 'd**@example.com' }],
  }
  return tell(reply, 'standard')
}

export function chooseOtpMode({ body }: Call): Answer {
  const refusal = refuseStep(body, 'mode')
  return refusal ?? tell({ message: 'OTP Sent', success: true }, 'standard')
}

export function confirmOtp({ body }: Call): Answer {
  const refusal = refuseStep(body, 'otp')
  if (refusal) return refusal
  if (body.otp !== OTP) return refuse('2413', 'Wrong OTP')
  return tell({ message: 'OTP Confirmed', success: true }, 'standard')
}

/** The refusal of a step that lacks a member, or does not belong to a consent that was started. */
function refuseStep(body: JsonObject, member: 'mode' | 'otp'): Answer | undefined {
  const missing = refuseMissing(body, ['id_number', 'session_id', member], '2413')
  if (missing) return missing
  return body.session_id === sessionId(body) ? undefined : refuse('2413', 'Unknown session')
}

function sessionId(body: JsonObject): string {
  return `session-${String(body.id_number)}`
}
