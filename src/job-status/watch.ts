/** Waiting for a job: looks at it again and again, for no longer than told. */
import { invalidReply } from '../http/refusal.ts'
import { internalsOf, type RequestOptions } from '../client/internals.ts'
import { SmileIdError, SmileIdTimeoutError } from '../errors/classes.ts'
import { throwIfAny } from '../errors/issues.ts'
import { getJobStatus, type JobQuery } from './status.ts'
import { CALLABLE, duration, oneOf, optionIssues } from '../input/rules.ts'
import type { JobResult, JobStatus } from '../wire/replies.ts'
import { resultOf } from '../result/interpret.ts'
import { steadyClock } from '../platform/time.ts'
import { jobRef } from '../wire/jobs.ts'
import type { Client } from '../signature/credentials.ts'

/** `maxRetries` counts for nothing here: the next poll is the retry. */
export interface WatchOptions extends RequestOptions {
  /** Milliseconds for the whole wait, sleeps included; then `'wait_timeout'`. @default 120_000 */
  maxWaitMs?: number | undefined
  /**
   * Milliseconds before poll n, from 1; the first poll is at once. @default 1 s, then half as much more each
   * time, up to 3.8 s, give or take a tenth
   */
  delayMs?: ((poll: number) => number) | undefined
  /** `'provisional'`: also the first result that human review may still change. @default 'complete' */
  until?: 'complete' | 'provisional' | undefined
}

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
const GRACE_MS = 10_000

/**
 * Yields the first status of a job and each change, and ends when `until` is met.
 *
 * Every poll is signed afresh and its reply checked. Waiting ends on `job_complete` (or a result, with
 * `until: 'provisional'`), never on a guess from a code. Throws `'wait_timeout'` (with `lastStatus`) when
 * `maxWaitMs` is over, the signal's own reason when aborted, also while asleep, at once what cannot get
 * better, and the last error after five failures in a row. A `Retry-After` is kept to, and a job that the
 * server does not know yet is waited for during the first ten seconds.
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
  const internals = internalsOf(client)
  throwIfAny(
    optionIssues(options, {
      maxWaitMs: duration(1),
      delayMs: CALLABLE,
      until: oneOf('complete', 'provisional'),
    }),
  )
  const {
    maxWaitMs = 120_000,
    until = 'complete',
    signal,
    maxRetries: _,
    delayMs = (poll: number) => Math.min(3800, 1000 * 1.5 ** (poll - 1)) * (0.9 + internals.random() / 5),
    ...limits
  } = options ?? {}
  const now = steadyClock(internals.now)
  const started = now()
  const left = () => started + maxWaitMs - now()
  let last: JobStatus | undefined
  let failures = 0
  for (let poll = 1; ; poll++) {
    let pauseMs = 0
    // A sleep may last longer than it was told to (a suspended machine).
    if (left() <= 0) throw timeout(poll - 1)
    try {
      const status = await getJobStatus(client, job, {
        ...limits,
        timeoutMs: Math.max(1, Math.min(limits.timeoutMs ?? internals.limits.timeoutMs, left())),
        maxRetries: 0,
        signal,
      })
      failures = 0
      if (!last || essence(last) !== essence(status)) yield (last = status)
      if (status.job_complete || (until === 'provisional' && resultOf(status))) return
    } catch (error) {
      if (!(error instanceof SmileIdError)) throw error
      const tooNew = error.code === 'job_not_found' && now() - started < GRACE_MS
      if (!tooNew && (!error.retryable || ++failures >= MAX_FAILURES)) throw error
      pauseMs = error.retryAfterMs ?? 0
    }
    // No poll begins that could not end in time.
    const room = left() - Math.min(1000, maxWaitMs / 5)
    if (room <= 0 || pauseMs > room) throw timeout(poll)
    await internals.sleep(Math.min(Math.max(pauseMs, Number(delayMs(poll)) || 1000), room), signal)
  }

  function timeout(attempts: number): SmileIdTimeoutError {
    return new SmileIdTimeoutError({
      code: 'wait_timeout',
      operation: 'job_status',
      attempts,
      outcome: 'rejected',
      retryable: true,
      lastStatus: last,
      job: jobRef(job),
      hint: 'The job is not over: ask again later, or take its callback.',
    })
  }
}

/**
 * Waits until a job has ended, and resolves to its status with the result.
 *
 * As {@link watchJob}, for those who want nothing but the end. A job that ended without a result object
 * rejects with `'invalid_reply'`.
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
  for await (const status of watchJob(client, job, options)) last = status
  if (last && resultOf(last)) return last as DecidedJob
  throw invalidReply(200, { operation: 'job_status', attempts: 1, job: jobRef(job) }, { outcome: 'rejected' })
}

/** What counts as a change: not the time, the signature, or links that are new each time. */
function essence(status: JobStatus): string {
  return JSON.stringify({ ...status, timestamp: 0, signature: 0, image_links: 0 })
}
