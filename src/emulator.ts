/**
 * An in-memory model of the service, v1 and v3, for tests, demos and the playground: a pure
 * `Request → Response`.
 *
 * @module
 */
import type { ClientOptions } from './client.ts'
import { assemble } from './emulator/assemble.ts'
import type { EmulatorCall } from './emulator/conversation.ts'
import { setUser, usersNow } from './emulator/enrolment.ts'
import type { FaultRule } from './emulator/faults.ts'
import {
  checkEmulatorOptions,
  checkPhotoOptions,
  type EmulatorOptions,
  type SamplePhotoOptions,
} from './emulator/input.ts'
import type { EmulatedJob, Scheme } from './emulator/job-model.ts'
import { openJob, runJob } from './emulator/jobs.ts'
import { type EnrolledUser, type ReceivedZip, userKey, type UserState } from './emulator/model.ts'
import type { EmulatorPartner } from './emulator/partners.ts'
import { seeded } from './emulator/random.ts'
import { sampleCallback } from './emulator/sample-callback.ts'
import { sampleJpeg } from './emulator/sample-jpeg.ts'
import { samplePng } from './emulator/sample-png.ts'
import { type EmulatedV3, v3FromOutside } from './emulator/v3/outside.ts'
import type { Bytes } from './photo.ts'
import type { JobResult } from './result.ts'

export type { EmulatorChoices } from './emulator/choices.ts'
export type { EmulatorCall } from './emulator/conversation.ts'
export type { Fault, FaultRule } from './emulator/faults.ts'
export type { EmulatedJob, JobVerdict, Scheme } from './emulator/job-model.ts'
export type { EnrolledUser, ReceivedZip, UserState } from './emulator/model.ts'
export type { EmulatorOptions, SamplePhotoOptions } from './emulator/input.ts'
export type { EmulatorPartner } from './emulator/partners.ts'
export type { V3Choices } from './emulator/v3/choices.ts'
export type {
  EmulatedV3Job,
  IssuedToken,
  V3Bill,
  V3Environment,
  V3Request,
  V3Status,
} from './emulator/v3/model.ts'
export type { V3Operation } from './wire/v3-operations.ts'
export type { EmulatedV3, V3CallbackOptions } from './emulator/v3/outside.ts'

export interface Emulator {
  /**
   * Answers a request, as the service would. Fits `client.fetch` and, unbound, every server; given a Request
   * it ignores what follows (a Worker's `env` is no RequestInit).
   *
   * @throws {TypeError} The connection died, as a fault wanted.
   * @throws {SmileIdInputError} `invalid_input`: for a sec_key the partner's `privateKey` is needed, which
   *   is no RSA key.
   * @throws The signal's reason, once the request is aborted.
   */
  readonly fetch: (input: Request | URL | string, init?: unknown) => Promise<Response>
  /**
   * All that `createClient` needs: the first partner, sandbox, this `fetch`, and the emulator's clock as
   * `now` and `sleep`.
   */
  readonly clientOptions: ClientOptions
  /** Moves the clock by milliseconds; callbacks that fall due are delivered on the way. */
  advance(ms: number): Promise<void>
  /** Adds a fault to those of the options. */
  addFault(rule: FaultRule): void
  /** Takes back what `addFault` added; the faults of the options begin anew. */
  clearFaults(): void
  /** Forgets users, jobs, zips, calls and faults, but for those of the options. */
  reset(): void
  /** Every request that was answered or broke off, in order. */
  readonly calls: readonly EmulatorCall[]
  /** Who is enrolled, in order. */
  readonly users: Iterable<EnrolledUser>
  /** Whether the first partner has enrolled this user. */
  isEnrolled(user_id: string): boolean
  /** Says how the first partner's user stands, whatever happened before; `'unknown'` forgets the user. */
  setUser(user_id: string, state: UserState): void
  /** Zips that the store took, in order: what was in them, and why the service refused them. */
  readonly uploads: readonly ReceivedZip[]
  /** Takes a job of the first partner on, as if its images had been uploaded now; returns its SmileJobID. */
  startJob(job: EmulatedJob): string
  /** Callbacks that were due, when nobody takes them. */
  readonly callbacks: readonly Request[]
  /** The service's v3: what it did, and what it can be told to do. */
  readonly v3: EmulatedV3
  /**
   * Makes a signed callback of v1, to feed the handler under test. It says an approved job of `user`, `job`
   * unless told otherwise; `apiKey` forges the signature.
   *
   * @throws {TypeError} `url` is no URL.
   * @throws {RangeError} `timestamp` is no valid date.
   * @throws {SmileIdInputError} `invalid_input`: `scheme` is 'sec_key', and the partner's `privateKey` is no
   *   RSA key.
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
 * Makes an emulator of the service. It checks every signature with code of its own, keeps the documented
 * rules, signs its replies, and misbehaves when told to.
 *
 * Where the real behaviour is unknown, `choices` decides. Everything is deterministic by `seed`.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong options, or the `privateKey` of a partner is neither PEM
 * nor base64.
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
  const given = checkEmulatorOptions(options)
  const { partners = DEFAULT_PARTNERS, seed = 1 } = given
  const parts = assemble({ ...given, partners, seed })
  const { service, state, clock, faults, calls, callbacks, sign, fetch } = parts
  const { partnerId, apiKey } = partners[0]!
  const { now, sleep, advance } = clock
  return {
    fetch,
    clientOptions: {
      partnerId,
      apiKey,
      environment: 'sandbox',
      fetch,
      now,
      sleep,
      random: seeded(seed),
    },
    advance,
    addFault: faults.add,
    clearFaults: faults.clear,
    reset() {
      service.reset()
      state.reset()
      callbacks.length = 0
      calls.length = 0
      faults.clear()
      clock.clear()
    },
    calls,
    users: { [Symbol.iterator]: () => usersNow(service).values() },
    isEnrolled(user_id) {
      const user = usersNow(service).get(userKey(partnerId, user_id))
      return user !== undefined && user.state !== 'deleted'
    },
    setUser: (user_id, state) => setUser(service, partnerId, user_id, state),
    uploads: service.receivedZips,
    startJob(job) {
      const opened = openJob(service, partnerId, job)
      if (job.zip !== false) runJob(service, opened)
      return opened.smileJobId
    },
    callbacks,
    v3: v3FromOutside(state),
    callbackRequest: (url, result = {}, sampleOptions = {}) =>
      sampleCallback(service, sign, { partnerId, url, result, options: sampleOptions }),
  }
}

const DEFAULT_PARTNERS: readonly EmulatorPartner[] = [{ partnerId: '085', apiKey: 'emulator-key-of-085' }]

/**
 * Makes a small valid photo, another one for each seed: a JPEG of 128 × 160, or a PNG of 64 × 80 pixels.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong options.
 */
export function samplePhoto(options: SamplePhotoOptions = {}): Bytes {
  const { seed = 1, type } = checkPhotoOptions(options)
  return type === 'image/png' ? samplePng(seed) : sampleJpeg(seed)
}
