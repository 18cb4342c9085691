/** One request and its answer: read, checked, answered, signed, and whatever the faults make of that. */
import { type Bytes, collect } from '../platform/bytes.ts'
import type { Operation } from '../errors/classes.ts'
import { parseObject } from '../input/json.ts'
import type { Clock } from './clock.ts'
import { connectionReset, type Faults, truncated } from './faults.ts'
import { type Route, routeOf } from './routes.ts'
import { type Answer, refuse, type Service, type Scheme, type Proofs } from './model.ts'
import { bareHash } from './signature.ts'
import { readForm } from './smart-selfie.ts'
import { jobStored, storeFailure } from './store.ts'
import type { JobRef } from '../wire/jobs.ts'

/** One call as the service saw it. */
export interface EmulatorCall {
  operation: Operation
  job?: JobRef
  /** The HTTP status, or how the connection ended. */
  status: number | 'reset' | 'hang'
  /** Whether the service acted. */
  committed: boolean
}

interface Setup {
  service: Service
  clock: Clock
  faults: Faults
  calls: EmulatorCall[]
  sign: Proofs['sign']
}

/** More than any zip of photos; what is longer is not kept. */
const MOST_BYTES = 256 * 1024 * 1024

export function createExchange({
  service,
  clock,
  faults,
  calls,
  sign,
}: Setup): (input: Request | URL | string, init?: unknown) => Promise<Response> {
  return async function fetch(input, init) {
    const request =
      typeof input === 'object' && 'headers' in input ? input : new Request(input, init as RequestInit)
    const url = new URL(request.url)
    const route = routeOf(request.method, url)
    const operation = route?.operation ?? 'other'
    const struck = faults.strike(operation)
    let job: JobRef | undefined
    const ended = (status: EmulatorCall['status'], committed = false) =>
      void calls.push({ operation, ...(job && { job }), status, committed })

    if (struck.latency) await clock.sleep(struck.latency.ms, request.signal)
    const { bytes, body } = await received()
    job = route?.reads === 'zip' ? jobStored(service, url) : jobOf(body)
    if (struck.hang) {
      ended('hang')
      return new Promise((_, reject) =>
        request.signal.addEventListener('abort', () => reject(request.signal.reason)),
      )
    }
    if (struck.reset && !struck.reset.commit) {
      ended('reset')
      throw connectionReset()
    }
    const result = await respond()
    if (struck.reset) {
      ended('reset', result.committed)
      throw connectionReset()
    }
    ended(result.status, result.committed)
    return damage(result)

    async function received(): Promise<{
      bytes?: Bytes | undefined
      body?: Record<string, unknown> | undefined
    }> {
      try {
        const { reads = 'json' } = route ?? {}
        const bytes = request.body ? await collect(request.body, MOST_BYTES) : new Uint8Array()
        if (request.signal.aborted) throw request.signal.reason
        if (reads === 'json') return { body: bytes && parseObject(new TextDecoder().decode(bytes)) }
        return {
          bytes,
          body:
            reads === 'form' && bytes ? await readForm(bytes, request.headers.get('content-type') ?? '') : {},
        }
      } catch (error) {
        // It broke off: nothing has come.
        job = route?.reads === 'zip' ? jobStored(service, url) : undefined
        ended('reset')
        throw error
      }
    }

    async function respond(): Promise<Answer & { partnerId?: string; scheme?: Scheme }> {
      if (struck.status) {
        const { status, retryAfter } = struck.status
        const answer: Answer =
          route?.reads === 'zip'
            ? storeFailure(service, status)
            : { status, body: { error: 'emulated failure' }, committed: false, signed: false }
        return retryAfter === undefined
          ? answer
          : { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } }
      }
      if (struck.code)
        return route?.reads === 'zip'
          ? storeFailure(service, 400)
          : refuse(
              struck.code.code,
              struck.code.code === '2204' || struck.code.code === '2205'
                ? 'unauthorized'
                : 'emulated failure',
            )
      if (!route) return { status: 404, body: { error: 'no such endpoint' }, committed: false, signed: false }
      if (!body && route.signed !== 'not')
        return refuse('2203', route.reads === 'form' ? 'Invalid form' : 'Invalid JSON')
      const incoming = { url, headers: request.headers, bytes, lapsed: struck.expire !== undefined }
      if (route.signed === 'not') return route.answer(service, '', {}, { ...incoming, scheme: 'signature' })
      const { partnerId, proof } = claimed(route, body!)
      const scheme = await service.provenBy(partnerId, proof)
      if (!scheme)
        return {
          ...refuse(service.choices.wrongSignatureCode, 'unauthorized'),
          ...(route.reads === 'form' && { status: service.choices.wrongHeadersStatus }),
        }
      const answer = await route.answer(service, partnerId as string, body!, { ...incoming, scheme })
      if (struck.upload_url && answer.body.upload_url) answer.body.upload_url = struck.upload_url.url
      return { ...answer, partnerId: partnerId as string, scheme }
    }

    // A sec_key stands in bodies alone; which endpoints of v1 take it is not documented one by one.
    function claimed(
      { signed = 'body', partner }: Route,
      body: Record<string, unknown>,
    ): { partnerId: unknown; proof: Record<string, unknown> } {
      if (signed === 'body') return { partnerId: body[partner ?? 'partner_id'], proof: body }
      const [partnerId, timestamp, signature] = ['partner-id', 'timestamp', 'request-signature'].map((name) =>
        request.headers.get(`smileid-${name}`),
      )
      return { partnerId, proof: { timestamp, signature } }
    }

    async function damage({
      status,
      body,
      text,
      signed,
      partnerId,
      scheme,
      headers,
    }: Awaited<ReturnType<typeof respond>>): Promise<Response> {
      const fault = struck.body?.body
      const at = clock.now() + (struck.clock_skew?.ms ?? 0)
      const isOldLookup = scheme === 'sec_key' && signed === 'lookup'
      const whole =
        text ??
        JSON.stringify(
          !signed || fault === 'unsigned'
            ? body
            : signed === 'bare_hash'
              ? { ...body, timestamp: `${at}`, signature: await bareHash(partnerId!, `${at}`) }
              : await sign(partnerId!, body, isOldLookup ? at : new Date(at).toISOString(), {
                  scheme,
                  apiKey: fault === 'bad_signature' ? 'another key' : undefined,
                  field: isOldLookup ? service.choices.lookupSecKeyField : 'signature',
                }),
        )
      if (fault === 'truncated') return truncated(whole)
      const sent =
        fault === 'not_json' ? '<html><body>Bad gateway</body></html>' : fault === 'empty' ? '' : whole
      return new Response(sent, {
        status,
        headers: { ...(text === undefined && { 'content-type': 'application/json' }), ...headers },
      })
    }
  }
}

function jobOf(body: Record<string, unknown> | undefined): JobRef | undefined {
  const { user_id, job_id } = { ...body, ...(body?.partner_params as object | undefined) } as Partial<JobRef>
  return typeof user_id === 'string' && typeof job_id === 'string' ? { user_id, job_id } : undefined
}
