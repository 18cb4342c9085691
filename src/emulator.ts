/**
 * An in-memory model of the service, for tests, demos and the playground: a pure `Request → Response`.
 *
 * @module
 */
import type { ClientOptions } from './client.ts'
import { callbackRequest, createDeliveries } from './emulator/callbacks.ts'
import { realClock, virtualClock } from './emulator/clock.ts'
import { setUser, usersNow } from './emulator/enrolment.ts'
import { createExchange, type EmulatorCall } from './emulator/exchange.ts'
import { createFaults, type FaultRule } from './emulator/faults.ts'
import { openJob, runJob, stagesOf } from './emulator/jobs.ts'
import { createProofs, type EmulatorPartner } from './emulator/partners.ts'
import { seeded } from './emulator/random.ts'
import { sampleJpeg, samplePng } from './emulator/sample-photo.ts'
import {
  CHOICES,
  type EmulatorChoices,
  type EnrolledUser,
  type Service,
  type UserState,
  type ReceivedZip,
  type JobVerdict,
  type EmulatedJob,
  type Scheme,
} from './emulator/model.ts'
import type { Bytes, Photo } from './photo.ts'
import type { JobResult } from './result.ts'
export type { EmulatorCall } from './emulator/exchange.ts'
export type { Fault, FaultRule } from './emulator/faults.ts'
export type { EmulatorPartner } from './emulator/partners.ts'
export type {
  EmulatorChoices,
  EnrolledUser,
  UserState,
  ReceivedZip,
  JobVerdict,
  EmulatedJob,
  Scheme,
} from './emulator/model.ts'

export interface EmulatorOptions {
  /** @default one, `085` */
  partners?: readonly EmulatorPartner[] | undefined
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
  /** How many jobs an emulator before this one had: SmileJobIDs go on from there. @default 0 */
  jobsBefore?: number | undefined
  /**
   * Takes the callbacks of jobs, and is asked again until it answers 2xx. @default they wait in `callbacks`
   */
  onCallback?: ((request: Request) => Promise<Response>) | undefined
}

export interface Emulator {
  /**
   * Fits `client.fetch` and, unbound, every server; given a Request it ignores what follows (a Worker's `env`
   * is no RequestInit).
   */
  readonly fetch: (input: Request | URL | string, init?: unknown) => Promise<Response>
  /**
   * All that `createClient` needs: the first partner, sandbox, this `fetch`, and the emulator's clock as
   * `now` and `sleep`.
   */
  readonly clientOptions: ClientOptions
  /** Moves the clock by milliseconds. */
  advance(ms: number): Promise<void>
  addFault(rule: FaultRule): void
  /** Takes back what `addFault` added; the faults of the options begin anew. */
  clearFaults(): void
  /** Forgets users, jobs, zips, calls and faults, but for those of the options. */
  reset(): void
  readonly calls: readonly EmulatorCall[]
  /** Who is enrolled, in order. */
  readonly users: Iterable<EnrolledUser>
  /** Whether the first partner has enrolled this user. */
  isEnrolled(user_id: string): boolean
  /** Says how the first partner's user stands, whatever happened before; `'unknown'` forgets him. */
  setUser(user_id: string, state: UserState): void
  /** Zips that the store took, in order: what was in them, and why the service refused them. */
  readonly uploads: readonly ReceivedZip[]
  /** Takes a job of the first partner on, as if its images had been uploaded now; returns its SmileJobID. */
  startJob(job: EmulatedJob): string
  /** Callbacks that were due, when nobody takes them. */
  readonly callbacks: readonly Request[]
  /**
   * A signed callback, to feed the handler under test. It says an approved job of `user`, `job` unless told
   * otherwise; `apiKey` forges the signature.
   */
  callbackRequest(
    url: string,
    result?: Partial<JobResult>,
    options?: {
      envelope?: boolean | undefined
      timestamp?: Date | string | undefined
      scheme?: Scheme | undefined
      apiKey?: string | undefined
    },
  ): Promise<Request>
}

/**
 * Makes an emulator. It checks every signature with code of its own, keeps the documented rules, signs its
 * replies, and misbehaves when told to.
 *
 * Where the real behaviour is unknown, `choices` decides. Everything is deterministic by `seed`.
 *
 * @example
 * ```ts
 * import { backfillUser } from 'smileid-edge/backfill'
 * import { createClient } from 'smileid-edge/client'
 * import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
 *
 * const emulator = createEmulator({
 *   faults: [{ on: 'backfill_users', fault: { kind: 'status', status: 429, retryAfter: 3 } }],
 * })
 * const client = createClient(emulator.clientOptions)
 * await backfillUser(client, { user_id: 'u1', user_created_at: '2021-08-12', photo: samplePhoto() })
 * console.log(
 *   emulator.isEnrolled('u1'),
 *   emulator.calls.map((call) => call.status),
 * ) // true [ 429, 200 ]
 * ```
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const {
    partners = [{ partnerId: '085', apiKey: 'emulator-key-of-085' }],
    seed = 1,
    startAt = new Date('2026-01-01T00:00:00Z'),
  } = options
  const clock = options.clock === 'real' ? realClock() : virtualClock(startAt.getTime())
  const faults = createFaults(options.faults ?? [])
  const calls: EmulatorCall[] = []
  const { jobsBefore = 0 } = options
  let jobs = jobsBefore
  const choices = {
    ...CHOICES,
    ...Object.fromEntries(Object.entries(options.choices ?? {}).filter(([, value]) => value !== undefined)),
  }
  const { provenBy, sign } = createProofs(partners, clock.now, choices)
  const service: Service = {
    choices,
    users: new Map(),
    changes: new Map(),
    jobs: new Map(),
    announced: new Map(),
    zips: [],
    asked: new Map(),
    provenBy,
    schedule: (job) => deliveries.schedule(job),
    verdict: options.verdict ?? 'approved',
    jobDurationMs: options.jobDurationMs ?? 10_000,
    now: clock.now,
    random: seeded(seed),
    nextJob: () => String(++jobs).padStart(10, '0'),
  }

  const callbacks: Request[] = []
  const deliveries = createDeliveries({
    service,
    clock,
    sign,
    strike: () => faults.strike('callback').callback ?? {},
    deliver: options.onCallback,
    waiting: callbacks,
  })

  const fetch = createExchange({ service, clock, faults, calls, sign })
  const [first] = partners
  return {
    fetch,
    clientOptions: {
      partnerId: first!.partnerId,
      apiKey: first!.apiKey,
      environment: 'sandbox',
      fetch,
      now: clock.now,
      sleep: clock.sleep,
      random: seeded(seed),
    },
    advance: clock.advance,
    addFault: faults.add,
    clearFaults: faults.clear,
    reset() {
      for (const map of [service.users, service.changes, service.jobs, service.announced, service.asked])
        map.clear()
      service.zips.length = 0
      callbacks.length = 0
      calls.length = 0
      faults.clear()
      clock.clear()
      jobs = jobsBefore
      service.random = seeded(seed)
    },
    calls,
    users: { [Symbol.iterator]: () => usersNow(service).values() },
    isEnrolled(user_id) {
      const user = usersNow(service).get(`${first!.partnerId}:${user_id}`)
      return user !== undefined && user.state !== 'deleted'
    },
    setUser: (user_id, state) => setUser(service, first!.partnerId, user_id, state),
    uploads: service.zips,
    startJob(job) {
      const opened = openJob(service, first!.partnerId, job)
      if (job.zip !== false) runJob(service, opened)
      return opened.smileJobId
    },
    callbacks,
    async callbackRequest(url, result = {}, { envelope = false, timestamp, scheme, apiKey } = {}) {
      const stages = stagesOf(service, {
        partnerId: first!.partnerId,
        smileJobId: '0000000000',
        job: { user_id: 'user', job_id: 'job', verdict: 'approved' },
        stages: [],
      })
      const body = { ...stages.at(-1)!.result, ...result }
      const text =
        timestamp instanceof Date
          ? timestamp.toISOString()
          : (timestamp ?? new Date(clock.now()).toISOString())
      const signed = await sign(
        first!.partnerId,
        envelope ? { job_complete: true, job_success: true, code: '2302', result: body } : body,
        text,
        { scheme, apiKey },
      )
      return callbackRequest(url, signed)
    },
  }
}

/** A small valid photo, another one for each seed: a JPEG of 128 × 160, or a PNG of 64 × 80 pixels. */
export function samplePhoto(
  options: { seed?: number | undefined; type?: Photo['type'] | undefined } = {},
): Bytes {
  return options.type === 'image/png' ? samplePng(options.seed ?? 1) : sampleJpeg(options.seed ?? 1)
}
