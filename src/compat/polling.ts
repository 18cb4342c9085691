/** Waiting for a job in the old rhythms, but with an end. */
import { type ClientInternals, internalsOf } from '../client/internals.ts'
import { isSmileIdError } from '../errors/classes.ts'
import type { JobQuery } from '../job-status/input.ts'
import { readStatus } from '../job-status/status.ts'
import { waitTimeout } from '../job-status/watch.ts'
import type { Client } from '../signature/credentials.ts'
import type { JobStatus } from '../wire/replies.ts'

export interface PollPlan {
  /** How many there are, the first included. */
  polls: number
  /** Milliseconds after poll n, from 1. */
  pauseMs(poll: number): number
}

/** smile-identity-core's: 2 s four times, then 4 s. */
const AFTER_SUBMISSION: PollPlan = { polls: 22, pauseMs: (poll) => (poll <= 4 ? 2000 : 4000) }

/**
 * The status of a job that is complete, or the last one. Errors count as polls; what cannot get better ends
 * the wait at once.
 */
export async function pollStatus(
  internals: ClientInternals,
  job: JobQuery,
  { polls, pauseMs }: PollPlan,
): Promise<JobStatus> {
  for (let poll = 1; ; poll++) {
    const isLast = poll >= polls
    try {
      const status = await readStatus(internals, job, { maxRetries: 0 })
      if (status.job_complete || isLast) return status
    } catch (error) {
      if (isLast || !canGetBetter(error)) throw error
    }
    await internals.sleep(pauseMs(poll))
  }
}

/** A job that was just submitted may not be known everywhere yet. */
function canGetBetter(error: unknown): boolean {
  return isSmileIdError(error) && (error.retryable || error.code === 'job_not_found')
}

/** Polls a job that was just submitted; one that is not complete in time is an error. */
export async function waitForSubmitted(client: Client, job: JobQuery): Promise<JobStatus> {
  const status = await pollStatus(internalsOf(client), job, AFTER_SUBMISSION)
  if (status.job_complete) return status
  throw waitTimeout(job, {
    polls: AFTER_SUBMISSION.polls,
    lastStatus: status,
    message: 'Timeout waiting for job status response.',
  })
}
