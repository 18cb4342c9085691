/** One request and its answer: read, checked, answered, and recorded, with whatever the faults make of it. */
import { parseObject } from '../input/json.ts'
import { membersOf } from '../input/objects.ts'
import { type Bytes, collect } from '../platform/bytes.ts'
import type { JobRef } from '../wire/jobs.ts'
import { refuse } from './answers.ts'
import type { Clock } from './clock.ts'
import { type Arrived, converse, type EmulatorCall } from './conversation.ts'
import type { ActiveFaults, Faults } from './faults.ts'
import { readForm } from './form.ts'
import type { Answer, Call, JsonObject, PartnerAuth, Service } from './model.ts'
import { type SignedFor, toResponse } from './response.ts'
import { findRoute, type Route } from './routes.ts'
import { announcedJob, storeFailure } from './store.ts'

interface ExchangeSetup {
  service: Service
  clock: Clock
  faults: Faults
  calls: EmulatorCall[]
  sign: PartnerAuth['sign']
}

/** More than any zip of photos; what is longer is not kept. */
const MAX_BODY_BYTES = 256 * 1024 * 1024

/** What answers requests to v1 and v2. */
export function createExchange(setup: ExchangeSetup): (request: Request, url: URL) => Promise<Response> {
  const { service } = setup
  return (request, url) => {
    const route = findRoute(request.method, url)
    return converse(setup, {
      operation: route?.operation ?? 'other',
      signal: request.signal,
      receive: () => receive(request, route?.reads),
      jobOf: (received) => (route?.reads === 'zip' ? announcedJob(service, url) : jobOf(received)),
      async answer(received, faults) {
        const { answer, signedFor } = await respond(service, { request, url, route, received, faults })
        const { status, committed } = answer
        return { status, committed, send: () => toResponse(setup, { answer, signedFor, faults }) }
      },
    })
  }
}

/** A request's body: JSON or a form as an object, where it is one, and a zip as bytes. */
interface Received {
  body: JsonObject | undefined
  bytes?: Bytes | undefined
}

async function receive(request: Request, reads: Route['reads'] = 'json'): Promise<Arrived<Received>> {
  try {
    const bytes = request.body ? await collect(request.body, MAX_BODY_BYTES) : new Uint8Array()
    if (request.signal.aborted) return { ok: false, error: request.signal.reason }
    if (reads === 'zip') return { ok: true, body: {}, bytes }
    if (!bytes) return { ok: true, body: reads === 'form' ? {} : undefined }
    if (reads === 'json') return { ok: true, body: parseObject(new TextDecoder().decode(bytes)) }
    return { ok: true, body: await readForm(bytes, request.headers.get('content-type') ?? '') }
  } catch (error) {
    // The connection broke off.
    return { ok: false, error }
  }
}

/** The job that a body names, itself or in its `partner_params`. */
function jobOf(received: Arrived<Received>): JobRef | undefined {
  if (!received.ok) return undefined
  const { user_id, job_id } = { ...received.body, ...membersOf(received.body?.partner_params) }
  return typeof user_id === 'string' && typeof job_id === 'string' ? { user_id, job_id } : undefined
}

interface Exchange {
  request: Request
  url: URL
  route: Route | undefined
  received: Received
  faults: ActiveFaults
}

/** The answer, and the partner that it is signed for; absent for a request that nobody signed. */
interface Responded {
  answer: Answer
  signedFor?: SignedFor
}

async function respond(service: Service, exchange: Exchange): Promise<Responded> {
  const { request, url, route, received, faults } = exchange
  const failure = failureOf(service, route, faults)
  if (failure) return { answer: failure }
  if (!route) return { answer: unsignedFailure(404, 'no such endpoint') }

  const call: Call = {
    partnerId: '',
    body: {},
    url,
    scheme: 'signature',
    headers: request.headers,
    bytes: received.bytes,
    urlExpired: faults.expire !== undefined,
  }
  if (route.signedIn === 'nothing') return { answer: await route.endpoint(service, call) }
  if (!received.body) {
    return { answer: refuse('2203', route.reads === 'form' ? 'Invalid form' : 'Invalid JSON') }
  }
  const { partnerId, signedFields } = claimOf(route, received.body, request.headers)
  const scheme = await service.authenticate(partnerId, signedFields)
  if (!scheme) return { answer: unauthorized(service, route) }

  const signedFor: SignedFor = { partnerId: partnerId as string, scheme }
  const answer = await route.endpoint(service, { ...call, ...signedFor, body: received.body })
  if (faults.upload_url && answer.body.upload_url) answer.body.upload_url = faults.upload_url.url
  return { answer, signedFor }
}

/** What the faults want instead of work. */
function failureOf(service: Service, route: Route | undefined, faults: ActiveFaults): Answer | undefined {
  const isStore = route?.reads === 'zip'
  if (faults.status) {
    const { status, retryAfter } = faults.status
    const answer = isStore ? storeFailure(service, status) : unsignedFailure(status, 'emulated failure')
    if (retryAfter === undefined) return answer
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } }
  }
  if (faults.code) {
    const { code } = faults.code
    if (isStore) return storeFailure(service, 400)
    const isUnauthorized = code === '2204' || code === '2205'
    return refuse(code, isUnauthorized ? 'unauthorized' : 'emulated failure')
  }
  return undefined
}

function unsignedFailure(status: number, error: string): Answer {
  return { status, body: { error }, committed: false, signing: 'none' }
}

function unauthorized(service: Service, route: Route): Answer {
  const { wrongSignatureCode, wrongHeadersStatus } = service.choices
  const answer = refuse(wrongSignatureCode, 'unauthorized')
  return route.reads === 'form' ? { ...answer, status: wrongHeadersStatus } : answer
}

/**
 * Who the request says it is from, and the fields that must prove it. A sec_key stands in bodies alone; which
 * endpoints of v1 take it is not documented one by one.
 */
function claimOf(
  { signedIn = 'body', partnerMember = 'partner_id' }: Route,
  body: JsonObject,
  headers: Headers,
): { partnerId: unknown; signedFields: JsonObject } {
  if (signedIn === 'body') return { partnerId: body[partnerMember], signedFields: body }
  return {
    partnerId: headers.get('smileid-partner-id'),
    signedFields: {
      timestamp: headers.get('smileid-timestamp'),
      signature: headers.get('smileid-request-signature'),
    },
  }
}
