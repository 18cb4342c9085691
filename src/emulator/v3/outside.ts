/** What a test sees of v3, and what it can have it do. */
import { own, withoutUndefined } from '../../input/objects.ts'
import type { JsonObject } from '../model.ts'
import { callbackRequest, signHeaders } from './callbacks.ts'
import { headerText } from './header-text.ts'
import { jobFromOutside } from './jobs.ts'
import type { EmulatedV3Job, IssuedToken, V3Bill, V3Job, V3Request, V3State, V3Status } from './model.ts'
import type { V3Operation } from '../../wire/v3-operations.ts'
import { resultOf } from './results.ts'
import { inWords } from './verdicts.ts'

export interface V3CallbackOptions {
  /** @default now, on the emulator's clock */
  timestamp?: Date | string | undefined
  /** Signs with this key: a forgery. @default the partner's */
  apiKey?: string | undefined
  /** Whose callback it is. @default an id of its own */
  job_id?: string | undefined
  /** @default 'user' */
  user_id?: string | undefined
}

/** What the emulator did for v3, all in order, and what it can be told to do. */
export interface EmulatedV3 {
  /** Tokens that were issued. */
  readonly tokens: readonly IssuedToken[]
  /** Requests that were answered: how they were built, without what they said. */
  readonly requests: readonly V3Request[]
  /** What was billed. */
  readonly bills: readonly V3Bill[]
  /** Jobs that were taken on, as they stand now. */
  readonly jobs: Iterable<EmulatedV3Job>
  /** Has the next jobs end so, whoever they are about; one verdict for each. */
  endNext(...verdicts: { status: V3Status; reason?: string | null | undefined }[]): void
  /**
   * Delivers an update of AML monitoring about a job to the partner's own `callbackUrl`. False for a job that
   * does not monitor, and where there is nowhere to deliver it.
   */
  sendAmlUpdate(job_id: string): boolean
  /**
   * Makes a signed callback, to feed the handler under test. It says a clear job of `user` unless told
   * otherwise; a job that the emulator has, by `job_id`, is told as it is. `apiKey` forges the signature.
   *
   * @throws {TypeError} `url` is no URL.
   * @throws {RangeError} `timestamp` is no valid date.
   */
  callbackRequest(
    url: string,
    result?: Record<string, unknown>,
    options?: V3CallbackOptions,
  ): Promise<Request>
}

export function v3FromOutside(state: V3State): EmulatedV3 {
  return {
    tokens: state.tokens,
    requests: state.requests,
    bills: state.bills,
    jobs: {
      *[Symbol.iterator]() {
        for (const job of state.jobs.values()) yield jobFromOutside(state, job)
      },
    },
    endNext(...verdicts) {
      for (const { status, reason = null } of verdicts) state.nextVerdicts.push({ status, reason })
    },
    sendAmlUpdate(job_id) {
      const job = state.jobs.get(job_id)
      const url = job?.partner.callbackUrl
      if (job?.operation !== 'v3/aml/monitoring' || url === undefined) return false
      state.deliverNow(job, url, { ...resultOf(state, job), product: 'aml_monitoring_update' })
      return true
    },
    callbackRequest: (url, result = {}, options = {}) => sampleCallback(state, { url, result, options }),
  }
}

async function sampleCallback(
  state: V3State,
  { url, result, options }: { url: string; result: JsonObject; options: V3CallbackOptions },
): Promise<Request> {
  const { timestamp = new Date(state.now()), apiKey } = options
  const job = state.jobs.get(options.job_id ?? '') ?? sampleJob(state, result, options)
  const signed = await signHeaders(state, job.partner, {
    timestamp: timestamp instanceof Date ? timestamp.toISOString() : timestamp,
    apiKey,
  })
  const { job_id, user_id } = job
  const ids = state.choices.callbackIds === 'body' ? {} : { 'Job-ID': job_id, 'User-ID': headerText(user_id) }
  const body = { ...resultOf(state, job), ...withoutUndefined(result) }
  return callbackRequest(url, { ...signed, ...ids }, JSON.stringify(body))
}

const OPERATIONS: Readonly<Record<string, V3Operation>> = {
  smart_selfie_registration: 'v3/registration',
  one_time_aml: 'v3/aml',
  aml_monitoring: 'v3/aml/monitoring',
}

/** A job that nobody submitted. */
function sampleJob(state: V3State, result: JsonObject, options: V3CallbackOptions): V3Job {
  const product = String(result.product ?? 'enhanced_kyc')
  const operation = own(OPERATIONS, product) ?? 'v3/enhanced_kyc'
  return {
    job_id: options.job_id ?? 'job_00000000000000000000000000',
    user_id: options.user_id ?? 'user',
    operation,
    partner: state.partners[0]!,
    environment: 'sandbox',
    product,
    createdAt: state.now(),
    completedAt: state.now(),
    verdict: inWords(operation, { status: 'clear', reason: null }),
    callbackUrl: undefined,
    isDelivered: false,
    partnerParams: {},
    details: {},
    staysProcessing: false,
  }
}
