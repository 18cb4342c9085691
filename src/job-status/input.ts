/** What asking for a job and waiting for its end take, and what can be wrong with it. */
import { requestOptionEntries } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import { wrongType } from '../errors/issues.ts'
import { isObject } from '../input/objects.ts'
import { sentId } from '../input/ids.ts'
import { callable, flagOrNull, milliseconds, oneOf } from '../input/rules.ts'
import { check, type Checked, type Entries, objectOf, once, openObjectOf, optional } from '../input/schema.ts'
import type { JobRef } from '../wire/jobs.ts'

export interface JobQuery extends JobRef {
  /** All results of the job so far, newest first, in `history`. */
  history?: boolean | undefined
  /** Signed links to its images, which expire, in `image_links`: as secret as the images. */
  image_links?: boolean | undefined
}

/** `maxRetries` counts for nothing here: the next poll is the retry. */
export interface WatchOptions extends RequestOptions {
  /** Milliseconds for the whole wait, pauses included; then `'wait_timeout'`. @default 120_000 */
  maxWaitMs?: number | undefined
  /**
   * Milliseconds before poll n, from 1; the first poll is at once. @default 1 s, then half as much more each
   * time, up to 3.8 s, give or take a tenth
   */
  delayMs?: ((poll: number) => number) | undefined
  /** `'provisional'`: also the first result that human review may still change. @default 'complete' */
  until?: 'complete' | 'provisional' | undefined
}

/** Open, so that what a submission returned can be passed on as it is. */
const jobQuery = /* @__PURE__ */ once(() =>
  openObjectOf<JobQuery>({
    user_id: sentId(),
    job_id: sentId(),
    history: optional(flagOrNull()),
    image_links: optional(flagOrNull()),
  }),
)

const watchOptions = /* @__PURE__ */ once(() =>
  objectOf<WatchOptions>({
    ...requestOptionEntries(),
    ...pollEntries(),
    until: optional(oneOf('complete', 'provisional')),
  }),
)

/** What all waits can be told. */
export function pollEntries(): Entries<Pick<WatchOptions, 'maxWaitMs' | 'delayMs'>> {
  return { maxWaitMs: optional(milliseconds(1)), delayMs: optional(callable()) }
}

export function checkJobQuery(job: unknown): Checked<JobQuery> {
  if (isObject(job)) return check(jobQuery(), job)
  return { issues: [wrongType('job', 'must be an object')], value: {} as JobQuery }
}

export function checkWatchOptions(options: unknown): Checked<WatchOptions> {
  return check(watchOptions(), options ?? {}, 'options')
}
