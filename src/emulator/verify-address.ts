/** `POST /v1/async-verify-address`. */
import type { Answer, Call } from './model.ts'

export function verifyAddress({ body }: Call): Answer {
  const { country } = body
  if (country !== 'NG' && country !== 'ZA') return failed('"country" must be one of [NG, ZA]')
  const idMembers = country === 'NG' ? ['utility_number', 'utility_provider'] : ['id_number']
  const missing = ['address', 'callback_url', ...idMembers].find((name) => !body[name])
  if (missing !== undefined) return failed(`"${missing}" is required`)
  return { status: 200, body: { success: true }, committed: true, signing: 'none' }
}

function failed(error: string): Answer {
  const body = { error, code: '2413', success: false }
  return { status: 400, body, committed: false, signing: 'none' }
}
