/** One look at a job. */
import type { RequestOptions } from '../../client/internals.ts'
import { wrongType } from '../../errors/issues.ts'
import { isObject } from '../../input/objects.ts'
import { check, type Checked, once, openObjectOf } from '../../input/schema.ts'
import type { Caller } from '../client/caller.ts'
import { callV3 } from '../http/call.ts'
import { jobId } from '../input/shared.ts'
import { STATUS } from '../wire/operations.ts'
import { isKnownStatus, type VerificationStatus } from '../wire/status.ts'

export interface JobQuery {
  job_id: string
}

/** Open, so that what a submission returned can be passed on as it is. */
const jobQuery = /* @__PURE__ */ once(() => openObjectOf<JobQuery>({ job_id: jobId() }))

export function checkJobQuery(job: unknown): Checked<JobQuery> {
  if (isObject(job)) return check(jobQuery(), job)
  return { issues: [wrongType('job', 'must be an object')], value: { job_id: '' } }
}

/** Asks for a job whose id was found right. */
export async function readStatus(
  caller: Caller,
  { job_id }: JobQuery,
  options: RequestOptions,
): Promise<VerificationStatus> {
  const { members } = await callV3(
    caller,
    {
      endpoint: STATUS,
      params: { job_id },
      isValid: ({ members: said }) =>
        said.job_id === job_id && typeof said.user_id === 'string' && isKnownStatus(said.status),
    },
    options,
  )
  return members as unknown as VerificationStatus
}
