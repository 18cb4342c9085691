/** One request to v3 and its answer: let in, read, checked, answered and recorded. */
import { type Bytes, collect } from '../../platform/bytes.ts'
import type { Clock } from '../clock.ts'
import { type Arrived, converse, type EmulatorCall } from '../conversation.ts'
import { type ActiveFaults, type Faults, truncated } from '../faults.ts'
import { gatewayError, gatewayTimeout, v3Error } from './answers.ts'
import { authorize } from './authorizer.ts'
import { signedHeaders } from './callbacks.ts'
import { preflight } from './cors.ts'
import { EMPTY_FORM, Form } from './form.ts'
import { headerText } from './header-text.ts'
import type { TokenClaims, V3Answer, V3State } from './model.ts'
import { boundaryOf, readParts } from './multipart.ts'
import type { V3Partner } from './partners.ts'
import { recordRequest } from './records.ts'
import { findV3Route, type FoundRoute } from './routes.ts'
import { authorizeByKey } from './token-endpoint.ts'
import { environmentOf } from './tokens.ts'

interface V3ExchangeSetup {
  state: V3State
  clock: Clock
  faults: Faults
  calls: EmulatorCall[]
}

/** What the gateway takes. */
const GATEWAY_BYTES = 10 * 1024 * 1024
/** Read so far, that whoever sends more gets an answer. */
const MAX_BODY_BYTES = 64 * 1024 * 1024

/** Statuses that the synchronous calls make themselves, since they leave a job behind. */
const WITH_JOB = [408, 424, 504]

export function isV3({ pathname }: URL): boolean {
  return /^\/+v3(\/|$)/.test(pathname)
}

export function createV3Exchange(setup: V3ExchangeSetup): (request: Request, url: URL) => Promise<Response> {
  const { state } = setup
  return async (request, url) => {
    if (request.method === 'OPTIONS') return preflight()
    // The vendor's own mobile SDK writes a slash twice.
    const found = findV3Route(request.method, url.pathname.replace(/\/+/g, '/'))
    return converse(setup, {
      operation: found.route.operation,
      signal: request.signal,
      receive: () => receive(request),
      jobOf: () => undefined,
      async answer({ bytes }, faults) {
        const exchange = { request, url, found, bytes, faults }
        const { answer, partner } = await respond(state, exchange)
        await recordRequest(state, { request, url, route: found.route, bytes, partner, answer })
        const { status, committed, job } = answer
        return { status, committed, job, send: () => toResponse(state, { answer, partner, faults }) }
      },
    })
  }
}

interface Received {
  /** `undefined` for more than is read. */
  bytes: Bytes | undefined
}

async function receive(request: Request): Promise<Arrived<Received>> {
  try {
    const bytes = request.body ? await collect(request.body, MAX_BODY_BYTES) : new Uint8Array()
    return request.signal.aborted ? { ok: false, error: request.signal.reason } : { ok: true, bytes }
  } catch (error) {
    // The connection broke off.
    return { ok: false, error }
  }
}

interface Exchange {
  request: Request
  url: URL
  found: FoundRoute
  bytes: Bytes | undefined
  faults: ActiveFaults
}

interface Responded {
  answer: V3Answer
  /** Absent for a request that nobody proved to have sent. */
  partner?: V3Partner | undefined
}

async function respond(state: V3State, exchange: Exchange): Promise<Responded> {
  const { request, url, found, bytes, faults } = exchange
  const { operation, endpoint } = found.route
  const failure = failureOf(exchange)
  if (failure) return { answer: failure }
  if (!bytes || bytes.length > GATEWAY_BYTES) return { answer: gatewayError(413) }
  const entered = await enter(state, exchange)
  if (!entered.ok) return { answer: entered.refusal }
  const { partner, token } = entered
  const read = readBody(state, exchange, bytes)
  if (!read.ok) return { answer: read.refusal, partner }
  const call = { operation, partner, token, url, path: found.path, form: read.form, faults }
  const answer = await endpoint(state, { ...call, environment: environmentOf(url), headers: request.headers })
  return { answer: withRetryAfter(state, answer), partner }
}

type Entered = { ok: true; partner: V3Partner; token: TokenClaims } | { ok: false; refusal: V3Answer }

/** Whom nothing says who they are. */
const ANYBODY: V3Partner = { id: '', stripped: '', apiKey: undefined, callbackUrl: undefined }
const NO_TOKEN: TokenClaims = { partner_id: '', exp: 0 }

async function enter(state: V3State, { request, url, found, faults }: Exchange): Promise<Entered> {
  const { operation, access = 'token', products = [] } = found.route
  const { headers } = request
  if (access === 'anybody') return { ok: true, partner: ANYBODY, token: NO_TOKEN }
  if (access === 'token') return authorize(state, { operation, products, headers, url, faults })
  const known = authorizeByKey(state, headers)
  return 'status' in known ? { ok: false, refusal: known } : { ok: true, partner: known, token: NO_TOKEN }
}

type Read = { ok: true; form: Form } | { ok: false; refusal: V3Answer }

function readBody(state: V3State, { request, found }: Exchange, bytes: Bytes): Read {
  const { operation, method, isBodyOptional } = found.route
  const contentType = request.headers.get('content-type')
  const isAbsent = bytes.length === 0 && contentType === null
  if (method === 'GET' || (isBodyOptional && isAbsent)) return { ok: true, form: EMPTY_FORM }
  const boundary = boundaryOf(contentType)
  if (boundary === undefined) return { ok: false, refusal: v3Error(operation, 415) }
  if (bytes.length > state.choices.maxBodyBytes) return { ok: false, refusal: v3Error(operation, 413) }
  const parts = readParts(bytes, boundary)
  if (!parts) return { ok: false, refusal: v3Error(operation, 400, 'Malformed multipart/form-data body.') }
  return { ok: true, form: new Form(parts) }
}

/** What the faults want instead of work. */
function failureOf({ found, faults }: Exchange): V3Answer | undefined {
  const { operation } = found.route
  if (faults.code) return v3Error(operation, 400, 'emulated failure')
  if (!faults.status) return undefined
  const { status, message, retryAfter } = faults.status
  if (operation.endsWith('/sync') && WITH_JOB.includes(status) && message === undefined) return undefined
  const failure = status === 504 ? gatewayTimeout() : v3Error(operation, status, message)
  return retryAfter === undefined ? failure : { ...failure, headers: { 'retry-after': String(retryAfter) } }
}

function withRetryAfter({ choices }: V3State, answer: V3Answer): V3Answer {
  if (answer.status !== 429 || choices.retryAfterS === undefined) return answer
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(choices.retryAfterS) } }
}

interface Reply extends Responded {
  faults: ActiveFaults
}

async function toResponse(state: V3State, { answer, partner, faults }: Reply): Promise<Response> {
  const { status, text = JSON.stringify(answer.body) } = answer
  const signed = answer.signed && partner ? await signedHeaders(state, partner, faults) : {}
  const headers = new Headers({ 'content-type': 'application/json', 'access-control-allow-origin': '*' })
  for (const [name, value] of Object.entries({ ...answer.headers, ...signed })) {
    headers.set(name, headerText(value))
  }
  switch (faults.body?.body) {
    case 'truncated':
      return truncated(text, { status, headers })
    case 'not_json':
      return new Response('<html><body>Bad gateway</body></html>', { status, headers })
    case 'empty':
      return new Response('', { status, headers })
    default:
      return new Response(text, { status, headers })
  }
}
