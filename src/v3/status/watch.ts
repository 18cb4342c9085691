/** Waiting for a verdict. */
import { requestOptionEntries } from '../../client/input.ts'
import type { RequestOptions } from '../../client/internals.ts'
import { SmileIdTimeoutError } from '../../errors/classes.ts'
import { check, objectOf, once } from '../../input/schema.ts'
import { pollEntries } from '../../job-status/input.ts'
import { poll } from '../../job-status/polling.ts'
import type { Caller } from '../client/caller.ts'
import { begin } from '../http/begin.ts'
import type { V3Client } from '../wire/clients.ts'
import { isVerdict, type Verdict, type VerificationStatus } from '../wire/status.ts'
import { checkJobQuery, type JobQuery, readStatus } from './look.ts'

/** `maxRetries` counts for nothing here: the next poll is the retry. */
export interface WatchOptions extends RequestOptions {
  /** Milliseconds for the whole wait, pauses included; then `'wait_timeout'`. @default 120_000 */
  maxWaitMs?: number | undefined
  /**
   * Milliseconds before poll n, from 1; the first poll is at once. @default 1 s, then half as much more each
   * time, up to 3.8 s, give or take a tenth
   */
  delayMs?: ((poll: number) => number) | undefined
}

const watchOptions = /* @__PURE__ */ once(() =>
  objectOf<WatchOptions>({ ...requestOptionEntries(), ...pollEntries() }),
)

/**
 * Yields the first status of a job and each change, and ends with its verdict.
 *
 * One token serves all polls. A `Retry-After` is kept to, a job that the service does not know yet is waited
 * for during the first ten seconds, and a status that this version does not know is an error, not an end. An
 * abort throws the signal's own reason, also during a pause.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdTimeoutError} `wait_timeout`: `maxWaitMs` is over.
 * @throws {SmileIdError} the errors of `getVerificationStatus`: at once those that cannot get better, and the
 * last of five in a row.
 *
 * @example
 * ```ts
 * import { type V3Client, watchStatus } from 'smileid-edge/v3/status'
 *
 * export async function follow(client: V3Client, job_id: string): Promise<void> {
 *   const statuses = watchStatus(client, { job_id }, { maxWaitMs: 300_000 })
 *   for await (const { status } of statuses) console.log(status)
 * }
 * ```
 */
export async function* watchStatus(
  client: V3Client,
  job: { job_id: string },
  options: WatchOptions = {},
): AsyncGenerator<VerificationStatus, void, undefined> {
  yield* watch(beginWatch(client, job, options))
}

/**
 * Waits for the verdict of a job. Takes what the `submit…` functions return.
 *
 * As {@link watchStatus}, for those who want nothing but the end. Reasons and results come by callback alone.
 *
 * @throws {SmileIdError} the errors of `watchStatus`.
 *
 * @example
 * ```ts
 * import { isSmileIdError } from 'smileid-edge/errors'
 * import { type V3Client, waitForVerdict } from 'smileid-edge/v3/status'
 *
 * export async function wait(client: V3Client, job: { job_id: string }): Promise<string> {
 *   try {
 *     return (await waitForVerdict(client, job, { maxWaitMs: 20_000 })).status
 *   } catch (error) {
 *     if (isSmileIdError(error, 'wait_timeout')) return 'still running'
 *     throw error
 *   }
 * }
 * ```
 */
export async function waitForVerdict(
  client: V3Client,
  job: { job_id: string },
  options: WatchOptions = {},
): Promise<Verdict> {
  let last: VerificationStatus | undefined
  for await (const status of watch(beginWatch(client, job, options))) last = status
  // A wait that ends has seen a verdict.
  return last as Verdict
}

interface Watch {
  caller: Caller
  input: JobQuery
  options: WatchOptions
}

function beginWatch(client: V3Client, job: unknown, options: unknown): Watch {
  return begin(client, () => checkJobQuery(job), check(watchOptions(), options ?? {}, 'options'))
}

function watch({ caller, input, options }: Watch): AsyncGenerator<VerificationStatus, void, undefined> {
  return poll<VerificationStatus>(
    caller.sender,
    {
      look: (callOptions) => readStatus(caller, input, callOptions),
      hasEnded: ({ status }) => isVerdict(status),
      hasChanged: (before, after) => before.status !== after.status,
      timeout: (seen) => waitTimeout(input, seen),
    },
    options,
  )
}

function waitTimeout(
  { job_id }: JobQuery,
  { polls, lastStatus }: { polls: number; lastStatus: VerificationStatus | undefined },
): SmileIdTimeoutError {
  return new SmileIdTimeoutError({
    code: 'wait_timeout',
    operation: 'v3/status',
    attempts: polls,
    outcome: 'rejected',
    retryable: true,
    smileJobId: job_id,
    hint: 'The job is not over: ask again later, or take its callback.',
    cause: new Error(lastStatus ? 'still processing' : 'no status was seen'),
  })
}
