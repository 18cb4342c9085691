/** Buttons that make the emulator misbehave; there are none of these routes where the API is real. */
import type { FaultRule } from 'smileid-edge/emulator'
import { readJson } from './body.ts'
import { callbackUrl } from './client.ts'
import { invalid, Refusal } from './problem.ts'
import type { Route, SignedIn } from './router.ts'

const FAULTS: Readonly<Record<string, Omit<FaultRule, 'times'>>> = {
  slow: { fault: { kind: 'latency', ms: 2000 } },
  rate_limited: { on: 'backfill_users', fault: { kind: 'status', status: 429, retryAfter: 2 } },
  unavailable: { on: 'backfill_users', fault: { kind: 'status', status: 503 } },
  wrong_key: { on: 'backfill_users', fault: { kind: 'code', code: '2405' } },
  no_funds: { on: 'backfill_users', fault: { kind: 'status', status: 402 } },
  server_error: { fault: { kind: 'status', status: 500 } },
  reset_before: { on: 'backfill_users', fault: { kind: 'reset', commit: false } },
  reset_after: { on: 'backfill_users', fault: { kind: 'reset', commit: true } },
  truncated: { on: 'backfill_users', fault: { kind: 'body', body: 'truncated' } },
  bad_signature: { on: 'backfill_users', fault: { kind: 'body', body: 'bad_signature' } },
  upload_refused: { on: 'upload_zip', fault: { kind: 'status', status: 503 } },
  v3_timeout: { on: 'v3/enhanced_kyc/sync', fault: { kind: 'status', status: 408 } },
  v3_lost: { on: 'v3/document_verification', fault: { kind: 'reset', commit: true } },
  callback_late: { on: 'callback', fault: { kind: 'callback', delayMs: 5000 } },
  callback_twice: { on: 'callback', fault: { kind: 'callback', copies: 2 } },
}
const CALLBACKS = ['forged', 'altered', 'late', 'again']

async function control({ env }: SignedIn, path: string, body?: object): Promise<Response> {
  if (!env.SMILE_ID_API) throw new Refusal(404, 'no_emulator', 'This playground calls the real API.')
  return env.SMILE_ID_API.fetch(
    `http://emulator.invalid/${path}`,
    body ? { method: 'POST', body: JSON.stringify(body) } : {},
  )
}

async function addFault(context: SignedIn): Promise<Response> {
  const { fault, times = 1, after = 0 } = await readJson(context.request)
  if (!Object.hasOwn(FAULTS, String(fault)))
    throw invalid([
      { path: 'fault', code: 'not_allowed', message: `must be one of ${Object.keys(FAULTS).join(', ')}` },
    ])
  for (const [path, value, least] of [
    ['times', times, 1],
    ['after', after, 0],
  ] as const) {
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > 10_000)
      throw invalid([{ path, code: 'wrong_type', message: `must be a whole number from ${least} to 10000` }])
  }
  return control(context, 'faults', { ...FAULTS[String(fault)], times, after })
}

async function sendCallback(context: SignedIn): Promise<Response> {
  const { kind } = await readJson(context.request)
  if (!CALLBACKS.includes(String(kind)))
    throw invalid([{ path: 'kind', code: 'not_allowed', message: `must be one of ${CALLBACKS.join(', ')}` }])
  const reply = await control(context, 'callbacks', { kind, url: callbackUrl(context.env, context.request) })
  if (reply.status === 404)
    throw new Refusal(409, 'no_callback_yet', 'No callback was delivered yet: submit a document job first.')
  return reply
}

export const emulatorRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/emulator', for: 'session', answer: (context) => control(context, 'counts') },
  { method: 'GET', path: '/api/emulator/v3', for: 'session', answer: (context) => control(context, 'v3') },
  { method: 'POST', path: '/api/emulator/faults', for: 'session', answer: addFault },
  {
    method: 'POST',
    path: '/api/emulator/faults/none',
    for: 'session',
    answer: (context) => control(context, 'faults/none', {}),
  },
  { method: 'POST', path: '/api/emulator/callbacks', for: 'session', answer: sendCallback },
  {
    method: 'GET',
    path: '/api/emulator/photos/:seed',
    for: 'session',
    answer: (context) => control(context, `photos/${Number(context.params.seed) || 1}`),
  },
]
