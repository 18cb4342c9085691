/**
 * How a job stands, and waiting for its end.
 *
 * @module
 */
export { getJobStatus, type JobQuery } from './job-status/status.ts'
export type { JobResult, JobStatus } from './wire/replies.ts'
export { type DecidedJob, waitForJob, watchJob, type WatchOptions } from './job-status/watch.ts'
export type { JobRef } from './wire/jobs.ts'
