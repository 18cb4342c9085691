/** Waiting for a job: looks at it again and again, for no longer than told. */
import { type ClientInternals, internalsOf } from '../client/internals.ts'
import { SmileIdTimeoutError } from '../errors/classes.ts'
import { throwIfAny } from '../errors/issues.ts'
import { invalidReply } from '../http/refusal.ts'
import { resultOf } from '../result/interpret.ts'
import type { Client } from '../signature/credentials.ts'
import { type JobRef, jobRef } from '../wire/jobs.ts'
import type { JobResult, JobStatus } from '../wire/replies.ts'
import { checkJobQuery, checkWatchOptions, type JobQuery, type WatchOptions } from './input.ts'
import { poll } from './polling.ts'
import { readStatus } from './status.ts'

/** A status with its result there. */
export interface DecidedJob extends JobStatus {
  result: JobResult
}

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

function watch({ internals, job, options }: Watch): AsyncGenerator<JobStatus, void, undefined> {
  const { until = 'complete', ...pollOptions } = options
  return poll<JobStatus>(
    internals,
    {
      look: (callOptions) => readStatus(internals, job, callOptions),
      hasEnded: (status) => hasEnded(status, until),
      hasChanged,
      timeout: (seen) => waitTimeout(job, seen),
    },
    pollOptions,
  )
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
