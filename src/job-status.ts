/**
 * How a job stands, and waiting for its end.
 *
 * @module
 */
export { getJobStatus, type JobQuery } from './internal/job-status.ts'
export type { JobRef } from './internal/errors.ts'
export type { JobResult, JobStatus } from './internal/replies.ts'
export { type DecidedJob, waitForJob, watchJob, type WatchOptions } from './internal/watch.ts'
