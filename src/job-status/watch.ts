/** Waiting for a job: looks at it again and again, for no longer than told. */
import { type ClientInternals, internalsOf, type RequestOptions } from '../client/internals.ts'
import { SmileIdError, SmileIdTimeoutError } from '../errors/classes.ts'
import { throwIfAny } from '../errors/issues.ts'
import { invalidReply } from '../http/refusal.ts'
import { steadyClock } from '../platform/time.ts'
import { resultOf } from '../result/interpret.ts'
import type { Client } from '../signature/credentials.ts'
import { type JobRef, jobRef } from '../wire/jobs.ts'
import type { JobResult, JobStatus } from '../wire/replies.ts'
import { checkJobQuery, checkWatchOptions, type JobQuery, type WatchOptions } from './input.ts'
import { readStatus } from './status.ts'

/** A status with its result there. */
export interface DecidedJob extends JobStatus {
  result: JobResult
}

/**
 * So many failures in a row end a wait: with the pauses between them, some ten seconds of outage are
 * survived.
 */
const MAX_FAILURES = 5
/** A job that was just submitted may not be known everywhere yet. */
const UNKNOWN_JOB_MS = 10_000
/** Used where `delayMs` gives no number. */
const FALLBACK_DELAY_MS = 1000

/**
 * Yields the first status of a job and each change, and ends when `until` is met.
 *
 * Every poll is signed afresh and its reply checked. Waiting ends on `job_complete` (or a result, with
 * `until: 'provisional'`), never on a guess from a code. A `Retry-After` is kept to, and a job that the
 * server does not know yet is waited for during the first ten seconds. An abort throws the signal's own
 * reason, also during a pause.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdTimeoutError} `wait_timeout` (with `lastStatus`): `maxWaitMs` is over.
 * @throws {SmileIdError} the errors of `getJobStatus`: at once those that cannot get better, and the last of
 * five in a row.
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { watchJob } from 'smileid-edge/job-status'
 * import { interpretResult } from 'smileid-edge/result'
 *
 * export async function follow(client: Client, job: { user_id: string; job_id: string }): Promise<void> {
 *   for await (const status of watchJob(client, job, { maxWaitMs: 300_000 }))
 *     console.log(interpretResult(status).decision)
 * }
 * ```
 */
export async function* watchJob(
  client: Client,
  job: JobQuery,
  options: WatchOptions = {},
): AsyncGenerator<JobStatus, void, undefined> {
  yield* watch(beginWatch(client, job, options))
}

interface Watch {
  internals: ClientInternals
  job: JobQuery
  options: WatchOptions
}

function beginWatch(client: Client, job: JobQuery, options: WatchOptions): Watch {
  const internals = internalsOf(client)
  const query = checkJobQuery(job)
  const given = checkWatchOptions(options)
  throwIfAny([...query.issues, ...given.issues])
  return { internals, job: query.value, options: given.value }
}

async function* watch({ internals, job, options }: Watch): AsyncGenerator<JobStatus, void, undefined> {
  const { maxWaitMs = 120_000, until = 'complete', delayMs, ...callOptions } = options
  const { timeoutMs = internals.limits.timeoutMs, signal } = callOptions
  const now = steadyClock(internals.now)
  const startedAt = now()
  const remainingMs = () => startedAt + maxWaitMs - now()
  let lastStatus: JobStatus | undefined
  let failures = 0

  for (let poll = 1; ; poll++) {
    // A pause may last longer than it was told to (a suspended machine).
    if (remainingMs() <= 0) throw waitTimeout(job, { polls: poll - 1, lastStatus })
    const seen = await tryStatus(internals, job, {
      ...callOptions,
      timeoutMs: Math.max(1, Math.min(timeoutMs, remainingMs())),
      maxRetries: 0,
    })
    let retryAfterMs = 0
    if (seen.ok) {
      failures = 0
      if (!lastStatus || hasChanged(lastStatus, seen.status)) {
        lastStatus = seen.status
        yield lastStatus
      }
      if (hasEnded(seen.status, until)) return
    } else {
      const { error } = seen
      const isTooNew = error.code === 'job_not_found' && now() - startedAt < UNKNOWN_JOB_MS
      if (!isTooNew) failures++
      if (!isTooNew && (!error.retryable || failures >= MAX_FAILURES)) throw error
      retryAfterMs = error.retryAfterMs ?? 0
    }
    // No poll begins that could not end in time.
    const roomMs = remainingMs() - Math.min(1000, maxWaitMs / 5)
    if (roomMs <= 0 || retryAfterMs > roomMs) throw waitTimeout(job, { polls: poll, lastStatus })
    const wantedMs = Number(delayMs ? delayMs(poll) : defaultDelayMs(poll, internals.random))
    const pauseMs = Math.max(retryAfterMs, wantedMs || FALLBACK_DELAY_MS)
    await internals.sleep(Math.min(pauseMs, roomMs), signal)
  }
}

/**
 * Waits until a job has ended, and resolves to its status with the result.
 *
 * As {@link watchJob}, for those who want nothing but the end.
 *
 * @throws {SmileIdApiError} `invalid_reply`: the job ended without a result object.
 * @throws {SmileIdError} the errors of `watchJob`.
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { isSmileIdError } from 'smileid-edge/errors'
 * import { waitForJob } from 'smileid-edge/job-status'
 *
 * export async function wait(client: Client, job: { user_id: string; job_id: string }): Promise<string> {
 *   try {
 *     return (await waitForJob(client, job)).result.ResultText
 *   } catch (error) {
 *     if (isSmileIdError(error, 'wait_timeout')) return error.lastStatus ? 'still running' : 'never seen'
 *     throw error
 *   }
 * }
 * ```
 */
export async function waitForJob(
  client: Client,
  job: JobQuery,
  options: WatchOptions = {},
): Promise<DecidedJob> {
  let last: JobStatus | undefined
  const call = beginWatch(client, job, options)
  for await (const status of watch(call)) last = status
  if (last && resultOf(last)) return last as DecidedJob
  const facts = { operation: 'job_status', attempts: 1, job: jobRef(call.job) } as const
  const failure = invalidReply(facts, { status: 200, outcome: 'rejected' })
  throw failure.makeError(failure.facts)
}

/** The error of a wait that is over before the job is. */
export function waitTimeout(
  job: JobRef,
  { polls, ...more }: { polls: number; lastStatus: JobStatus | undefined; message?: string },
): SmileIdTimeoutError {
  return new SmileIdTimeoutError({
    code: 'wait_timeout',
    operation: 'job_status',
    attempts: polls,
    outcome: 'rejected',
    retryable: true,
    job: jobRef(job),
    hint: 'The job is not over: ask again later, or take its callback.',
    ...more,
  })
}

type Seen = { ok: true; status: JobStatus } | { ok: false; error: SmileIdError }

/** Rejects when aborted, with the signal's own reason. */
async function tryStatus(internals: ClientInternals, job: JobQuery, options: RequestOptions): Promise<Seen> {
  try {
    return { ok: true, status: await readStatus(internals, job, options) }
  } catch (error) {
    if (!(error instanceof SmileIdError)) throw error
    return { ok: false, error }
  }
}

function hasEnded(status: JobStatus, until: 'complete' | 'provisional'): boolean {
  if (status.job_complete) return true
  return until === 'provisional' && resultOf(status) !== undefined
}

/** The time, the signature, and links that are new each time are no change. */
function hasChanged(before: JobStatus, after: JobStatus): boolean {
  const essence = (status: JobStatus) =>
    JSON.stringify({ ...status, timestamp: 0, signature: 0, image_links: 0 })
  return essence(before) !== essence(after)
}

/** From 1 s to 3.8 s, give or take a tenth, so that many waits do not ask at the same moments. */
function defaultDelayMs(poll: number, random: () => number): number {
  const spread = 0.9 + random() / 5
  return Math.min(3800, 1000 * 1.5 ** (poll - 1)) * spread
}
