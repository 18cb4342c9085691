/** The SDK's client behind the old constructors, and what old code reads of its errors. */
import { type ClientOptions, createClient } from '../client.ts'
import { type ClientInternals, internalsOf } from '../client/internals.ts'
import {
  type AnySmileIdError,
  SmileIdApiError,
  SmileIdError,
  SmileIdTimeoutError,
} from '../errors/classes.ts'
import { type JobQuery, readStatus } from '../job-status/status.ts'
import { type Members } from '../input/objects.ts'
import type { JobStatus } from '../wire/replies.ts'
import { readRsaKey } from '../legacy/rsa.ts'
import { secKeySigner } from '../legacy/sec-key.ts'
import { ORIGINS } from '../wire/endpoints.ts'
import { refusal } from './checks.ts'
import { isLoopback } from '../client/addresses.ts'
import { jobRef } from '../wire/jobs.ts'
import type { Client } from '../signature/credentials.ts'

/** What the SDK can do that the original could not, as one more argument of each constructor. */
export type CompatExtras = Partial<
  Pick<
    ClientOptions,
    | 'fetch'
    | 'now'
    | 'sleep'
    | 'timeoutMs'
    | 'uploadTimeoutMs'
    | 'maxRetries'
    | 'hooks'
    | 'allowedUploadHosts'
  >
>

/**
 * What the methods reject with: an SDK error that also answers `catch (e) { e.response?.data?.code }`, as
 * written for axios.
 */
export type CompatError = AnySmileIdError & {
  readonly response?: {
    readonly status: number
    readonly data: { readonly error?: string; readonly code?: string }
  }
}

/** How a call is signed; `'as_python'`: as smile_id_core 1.x did, where the key can. */
export type Scheme = 'signature' | 'sec_key' | 'as_python'

export type Connect = (scheme?: Scheme) => Client

/** The client, made when it is needed first: a constructor never throws, as the originals never did. */
export function connection(
  partnerId: string,
  apiKey: string,
  server: string | number,
  extras: CompatExtras = {},
): Connect {
  const clients: Partial<Record<string, Client>> = {}
  return (scheme = 'signature') =>
    (clients[scheme] ??= createClient({
      ...extras,
      partnerId,
      apiKey,
      ...serverOf(server),
      ...((scheme === 'sec_key' || (scheme === 'as_python' && readRsaKey(`${apiKey}`))) && {
        auth: secKeySigner,
      }),
    }))
}

/** `sid_server`: 0 and 1, as numbers or text, or a URL, with or without scheme and `/v1`. */
function serverOf(server: unknown): Pick<ClientOptions, 'environment' | 'baseUrl'> {
  if (`${server}` === '0') return { environment: 'sandbox' }
  if (`${server}` === '1') return { environment: 'production' }
  const wrong = refusal('sid_server', 'sid_server needs to be 0, 1 or a URL', 'wrong_format')
  if (typeof server !== 'string' || !server.trim()) throw wrong
  let url: URL
  try {
    url = new URL(/^https?:\/\//i.test(server) ? server : `https://${server}`)
  } catch {
    throw wrong
  }
  // The original took https for whatever was given; this machine may do without.
  if (!isLoopback(url)) url.protocol = 'https:'
  const environment = url.hostname === new URL(ORIGINS.production).hostname ? 'production' : 'sandbox'
  return { environment, baseUrl: url.href.replace(/\/+$/, '') }
}

/** With the members of an axios error that old code looks at. */
export async function asBefore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SmileIdApiError && error.status)
      Object.defineProperty(error, 'response', {
        value: { status: error.status, data: { ...error.body } },
        configurable: true,
      })
    throw error
  }
}

export interface PollPlan {
  /** All in all. */
  polls: number
  /** Milliseconds after poll n, from 1. */
  pauseMs(poll: number): number
}

/** smile-identity-core's rhythm, but with an end: 2 s four times, then 4 s. */
const SUBMITTED: PollPlan = { polls: 22, pauseMs: (poll) => (poll <= 4 ? 2000 : 4000) }

/**
 * The status of a job that is complete, or the last one. Errors count as polls; what cannot get better ends
 * it at once.
 */
export async function poll(
  internals: ClientInternals,
  job: JobQuery,
  { polls, pauseMs }: PollPlan,
): Promise<JobStatus> {
  for (let count = 1; ; count++) {
    try {
      const status = await readStatus(internals, job, { maxRetries: 0 })
      if (status.job_complete || count >= polls) return status
    } catch (error) {
      // A job that was just submitted may not be known everywhere yet.
      const again = error instanceof SmileIdError && (error.retryable || error.code === 'job_not_found')
      if (!again || count >= polls) throw error
    }
    await internals.sleep(pauseMs(count))
  }
}

/** Polls a job that was just submitted; one that is not complete in time is an error. */
export async function waitForSubmitted(client: Client, job: JobQuery): Promise<JobStatus> {
  const status = await poll(internalsOf(client), job, SUBMITTED)
  if (status.job_complete) return status
  throw Object.assign(
    new SmileIdTimeoutError({
      code: 'wait_timeout',
      operation: 'job_status',
      attempts: SUBMITTED.polls,
      outcome: 'rejected',
      retryable: true,
      lastStatus: status,
      job: jobRef(job),
      hint: 'The job is not over: ask again later, or take its callback.',
    }),
    { message: 'Timeout waiting for job status response.' },
  )
}

/** Calls by a name, or of a shape, that only smile_id_core had keep its defaults. */
export interface Origin {
  python?: boolean | undefined
}

/** Python's calls carried a sec_key unless they were told not to, JavaScript's an HMAC. */
export const schemeOf = ({ signature }: Members, { python }: Origin = {}): Scheme =>
  signature === false ? 'sec_key' : python && signature !== true ? 'as_python' : 'signature'

/**
 * Whether ID info is checked against the services document first: as it is said, or else for Python's calls
 * alone.
 */
export const validates = (said: unknown, options: Members, { python }: Origin = {}): boolean =>
  !!(said ?? options.use_validation_api ?? python)
