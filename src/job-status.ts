/**
 * How a job stands, and waiting for its end.
 *
 * @module
 */
export type { JobQuery, WatchOptions } from './job-status/input.ts'
export { getJobStatus } from './job-status/status.ts'
export { waitForJob, watchJob, type DecidedJob } from './job-status/watch.ts'
export type { JobRef } from './wire/jobs.ts'
export type { JobResult, JobStatus } from './wire/replies.ts'
