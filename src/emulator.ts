/**
 * An in-memory model of the service, for tests, demos and the playground: a pure `Request → Response`.
 *
 * @module
 */
import type { ClientOptions, Credentials } from './client.ts'
import { backfillUsers } from './emulator/backfill.ts'
import { callbackRequest, createDeliveries } from './emulator/callbacks.ts'
import { realClock, virtualClock } from './emulator/clock.ts'
import { connectionReset, createFaults, type FaultRule, truncated } from './emulator/faults.ts'
import { type EmulatedJob, jobStatus, type JobVerdict, makeJob } from './emulator/jobs.ts'
import { lookUp } from './emulator/lookup.ts'
import { aml, business, compareUserInfo, consent, productsConfig, resetRateLimit, services, token, validDocuments, verifyAddress } from './emulator/more.ts'
import { seeded } from './emulator/random.ts'
import { sampleJpeg, samplePng } from './emulator/sample-photo.ts'
import { type Answer, CHOICES, type EmulatorChoices, type EnrolledUser, refuse, type Service } from './emulator/service.ts'
import { bareHash, serviceSignature } from './emulator/signature.ts'
import type { JobRef, Operation } from './errors.ts'
import type { Bytes, Photo } from './photo.ts'
import type { JobResult } from './result.ts'

export type { Fault, FaultRule } from './emulator/faults.ts'
export type { EmulatedJob, JobVerdict } from './emulator/jobs.ts'
export type { EmulatorChoices, EnrolledUser } from './emulator/service.ts'

export interface EmulatorOptions {
  /** @default one, `085` */
  partners?: readonly Credentials[] | undefined
  /** Decides everything that looks random. @default 1 */
  seed?: number | undefined
  /** `'real'` behind a server; `'virtual'` never waits. @default 'virtual' */
  clock?: 'virtual' | 'real' | undefined
  /** Where the virtual clock starts. @default 2026-01-01 */
  startAt?: Date | undefined
  choices?: EmulatorChoices | undefined
  faults?: readonly FaultRule[] | undefined
  /** How jobs end that do not say so themselves. @default 'approved' */
  verdict?: JobVerdict | undefined
  /** Milliseconds that such jobs take. @default 10_000 */
  jobDurationMs?: number | undefined
  /** Takes the callbacks of jobs, and is asked again until it answers 2xx. @default they wait in `callbacks` */
  onCallback?: ((request: Request) => Promise<Response>) | undefined
}

/** One call as the service saw it. */
export interface EmulatorCall {
  operation: Operation
  job?: JobRef
  /** The HTTP status, or how the connection ended. */
  status: number | 'reset' | 'hang'
  /** Whether the service acted. */
  committed: boolean
}

export interface Emulator {
  /** Fits `client.fetch` and, unbound, every server; given a Request it ignores what follows (a Worker's `env` is no RequestInit). */
  readonly fetch: (input: Request | URL | string, init?: unknown) => Promise<Response>
  /** All that `createClient` needs: the first partner, sandbox, this `fetch`, and the emulator's clock as `now` and `sleep`. */
  readonly clientOptions: ClientOptions
  /** Moves the clock by milliseconds. */
  advance(ms: number): Promise<void>
  addFault(rule: FaultRule): void
  /** Forgets users, calls and faults, but for those of the options. */
  reset(): void
  readonly calls: readonly EmulatorCall[]
  /** Who is enrolled, in order. */
  readonly users: Iterable<EnrolledUser>
  /** Whether the first partner has enrolled this user. */
  isEnrolled(user_id: string): boolean
  /** Takes a job of the first partner on, as if its images had been uploaded now; returns its SmileJobID. */
  startJob(job: EmulatedJob): string
  /** Callbacks that were due, when nobody takes them. */
  readonly callbacks: readonly Request[]
  /** A signed callback, to feed the handler under test. It says an approved job of `user`, `job` unless told otherwise; `apiKey` forges the signature. */
  callbackRequest(url: string, result?: Partial<JobResult>, options?: { envelope?: boolean | undefined; timestamp?: Date | string | undefined; apiKey?: string | undefined }): Promise<Request>
}

interface Operations {
  operation: Operation
  answer: (service: Service, partnerId: string, body: Record<string, unknown>) => Promise<Answer>
  /** Where the signature stands. @default 'body' */
  signed?: 'body' | 'headers' | 'not'
}

const OPERATIONS: Readonly<Record<string, Operations>> = {
  'POST /v1/backfill_users': { operation: 'backfill_users', answer: backfillUsers },
  'POST /v1/job_status': { operation: 'job_status', answer: jobStatus },
  'GET /v1/services': { operation: 'services', answer: services, signed: 'not' },
  'POST /v1/token': { operation: 'token', answer: token },
  'POST /v1/id_verification': { operation: 'id_verification', answer: /* @__PURE__ */ lookUp(false, false) },
  'POST /v1/async_id_verification': { operation: 'async_id_verification', answer: /* @__PURE__ */ lookUp(false, true) },
  'POST /v2/verify': { operation: 'verify', answer: /* @__PURE__ */ lookUp(true, false) },
  'POST /v2/verify_async': { operation: 'verify_async', answer: /* @__PURE__ */ lookUp(true, true) },
  'POST /v1/business_verification': { operation: 'business_verification', answer: /* @__PURE__ */ business(false) },
  'POST /v1/async_business_verification': { operation: 'async_business_verification', answer: /* @__PURE__ */ business(true) },
  'POST /v1/aml': { operation: 'aml', answer: aml },
  'POST /v1/compare_user_info': { operation: 'compare_user_info', answer: compareUserInfo },
  'POST /v1/async-verify-address': { operation: 'verify_address', answer: verifyAddress, signed: 'headers' },
  'POST /v1/id_number_rate_limit_reset': { operation: 'id_number_rate_limit_reset', answer: resetRateLimit },
  'POST /v1/products_config': { operation: 'products_config', answer: productsConfig },
  'POST /v1/valid_documents': { operation: 'valid_documents', answer: validDocuments },
  'POST /v1/totp_consent': { operation: 'totp_consent', answer: /* @__PURE__ */ consent('start') },
  'POST /v1/totp_consent/mode': { operation: 'totp_consent', answer: /* @__PURE__ */ consent('mode') },
  'POST /v1/totp_consent/otp': { operation: 'totp_consent', answer: /* @__PURE__ */ consent('otp') },
}

/**
 * Makes an emulator. It checks every signature with code of its own, keeps the documented rules, signs its replies, and misbehaves when told to.
 *
 * Where the real behaviour is unknown, `choices` decides. Everything is deterministic by `seed`.
 *
 * @example
 * ```ts
 * import { backfillUser } from 'smileid-edge/backfill'
 * import { createClient } from 'smileid-edge/client'
 * import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
 *
 * const emulator = createEmulator({ faults: [{ on: 'backfill_users', fault: { kind: 'status', status: 429, retryAfter: 3 } }] })
 * const client = createClient(emulator.clientOptions)
 * await backfillUser(client, { user_id: 'u1', user_created_at: '2021-08-12', photo: samplePhoto() })
 * console.log(emulator.isEnrolled('u1'), emulator.calls.map((call) => call.status)) // true [ 429, 200 ]
 * ```
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const { partners = [{ partnerId: '085', apiKey: 'emulator-key-of-085' }], seed = 1, startAt = new Date('2026-01-01T00:00:00Z') } = options
  const clock = options.clock === 'real' ? realClock() : virtualClock(startAt.getTime())
  const keys = new Map(partners.map(({ partnerId, apiKey }) => [partnerId, [apiKey].flat()[0]!]))
  const faults = createFaults(options.faults ?? [])
  const calls: EmulatorCall[] = []
  let jobs = 0
  const service: Service = {
    choices: { ...CHOICES, ...Object.fromEntries(Object.entries(options.choices ?? {}).filter(([, value]) => value !== undefined)) },
    users: new Map(),
    jobs: new Map(),
    asked: new Map(),
    schedule: (job) => deliveries.schedule(job),
    verdict: options.verdict ?? 'approved',
    jobDurationMs: options.jobDurationMs ?? 10_000,
    now: clock.now,
    random: seeded(seed),
    nextJob: () => String(++jobs).padStart(10, '0'),
  }

  async function authenticate({ partner_id, timestamp, signature }: Record<string, unknown>): Promise<Answer | undefined> {
    const wrong = refuse(service.choices.wrongSignatureCode, 'unauthorized')
    const key = keys.get(partner_id as string)
    if (key === undefined || typeof timestamp !== 'string' || signature !== (await serviceSignature(partner_id as string, key, timestamp))) return wrong
    const age = Math.abs(clock.now() - Date.parse(timestamp))
    return service.choices.maxSignatureAgeMs < Infinity && !(age <= service.choices.maxSignatureAgeMs) ? wrong : undefined
  }

  const sign = async (partnerId: string, body: Record<string, unknown>, timestamp: string, apiKey = keys.get(partnerId)!): Promise<Record<string, unknown>> =>
    ({ ...body, signature: await serviceSignature(partnerId, apiKey, timestamp), timestamp })

  const callbacks: Request[] = []
  const deliveries = createDeliveries({ service, clock, sign, strike: () => faults.strike('callback').callback ?? {}, deliver: options.onCallback, waiting: callbacks })

  async function fetch(input: Request | URL | string, init?: unknown): Promise<Response> {
    const request = typeof input === 'object' && 'headers' in input ? input : new Request(input, init as RequestInit)
    const { operation, answer, signed: place = 'body' } = OPERATIONS[`${request.method} ${new URL(request.url).pathname}`] ?? { operation: 'other' as const, answer: undefined }
    const struck = faults.strike(operation)
    let job: JobRef | undefined
    const ended = (status: EmulatorCall['status'], committed = false) => void calls.push({ operation, ...(job && { job }), status, committed })

    if (struck.latency) await clock.sleep(struck.latency.ms, request.signal)
    const text = await request.text()
    job = jobOf(parse(text))
    if (struck.hang) {
      ended('hang')
      return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)))
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

    async function respond(): Promise<Answer & { partnerId?: string; headers?: Record<string, string> }> {
      if (struck.status) {
        const { status, retryAfter } = struck.status
        return { status, body: { error: 'emulated failure' }, committed: false, signed: false, headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) } }
      }
      if (struck.code) return refuse(struck.code.code, struck.code.code === '2204' || struck.code.code === '2205' ? 'unauthorized' : 'emulated failure')
      if (!answer) return { status: 404, body: { error: 'no such endpoint' }, committed: false, signed: false }
      if (place === 'not') return answer(service, '', {})
      const body = parse(text)
      if (!body) return refuse('2203', 'Invalid JSON')
      const header = (name: string) => request.headers.get(`smileid-${name}`)
      const pair = place === 'body' ? body : { partner_id: header('partner-id'), timestamp: header('timestamp'), signature: header('request-signature') }
      return (await authenticate(pair)) ?? { ...(await answer(service, pair.partner_id as string, body)), partnerId: pair.partner_id as string }
    }

    async function damage({ status, body, signed, partnerId, headers }: Awaited<ReturnType<typeof respond>>): Promise<Response> {
      const fault = struck.body?.body
      const at = clock.now() + (struck.clock_skew?.ms ?? 0)
      const whole = JSON.stringify(
        !signed || fault === 'unsigned' ? body
        : signed === 'bare_hash' ? { ...body, timestamp: `${at}`, signature: await bareHash(partnerId!, `${at}`) }
        : await sign(partnerId!, body, new Date(at).toISOString(), fault === 'bad_signature' ? 'another key' : undefined),
      )
      if (fault === 'truncated') return truncated(whole)
      const sent = fault === 'not_json' ? '<html><body>Bad gateway</body></html>' : fault === 'empty' ? '' : whole
      return new Response(sent, { status, headers: { 'content-type': 'application/json', ...headers } })
    }
  }

  const [first] = partners
  return {
    fetch,
    clientOptions: { partnerId: first!.partnerId, apiKey: first!.apiKey, environment: 'sandbox', fetch, now: clock.now, sleep: clock.sleep, random: seeded(seed) },
    advance: clock.advance,
    addFault: faults.add,
    reset() {
      service.users.clear()
      service.jobs.clear()
      service.asked.clear()
      callbacks.length = 0
      calls.length = 0
      faults.clear()
      clock.clear()
      jobs = 0
      service.random = seeded(seed)
    },
    calls,
    users: { [Symbol.iterator]: () => service.users.values() },
    isEnrolled: (user_id) => service.users.has(`${first!.partnerId}:${user_id}`),
    startJob(job) {
      const made = makeJob(service, first!.partnerId, job)
      service.jobs.set(`${made.partnerId}:${job.user_id}:${job.job_id}`, made)
      deliveries.schedule(made)
      return made.smileJobId
    },
    callbacks,
    async callbackRequest(url, result = {}, { envelope = false, timestamp, apiKey } = {}) {
      const { stages } = makeJob({ ...service, nextJob: () => '0000000000', verdict: 'approved' }, first!.partnerId, { user_id: 'user', job_id: 'job' })
      const body = { ...stages.at(-1)!.result, ...result }
      const text = timestamp instanceof Date ? timestamp.toISOString() : timestamp ?? new Date(clock.now()).toISOString()
      const signed = await sign(first!.partnerId, envelope ? { job_complete: true, job_success: true, code: '2302', result: body } : body, text, apiKey)
      return callbackRequest(url, signed)
    },
  }
}

function jobOf(body: Record<string, unknown> | undefined): JobRef | undefined {
  const { user_id, job_id } = (body?.partner_params ?? body ?? {}) as Partial<JobRef>
  return typeof user_id === 'string' && typeof job_id === 'string' ? { user_id, job_id } : undefined
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** A small valid photo, another one for each seed: a JPEG of 128 × 160, or a PNG of 64 × 80 pixels. */
export function samplePhoto(options: { seed?: number | undefined; type?: Photo['type'] | undefined } = {}): Bytes {
  return options.type === 'image/png' ? samplePng(options.seed ?? 1) : sampleJpeg(options.seed ?? 1)
}
