/** Whether the zip of a job arrived, as the job's status tells. */
import type { ClientInternals, RequestOptions } from '../client/internals.ts'
import type { FoundOut } from '../http/attempts.ts'
import { readStatus } from '../job-status/status.ts'
import { resultOf } from '../result/interpret.ts'
import { type JobRef, NO_ZIP } from '../wire/jobs.ts'
import { asText } from '../input/objects.ts'

/**
 * Milliseconds before each look at the status: half a minute in all, before it is believed that nothing
 * arrived. How long it takes to show is not documented.
 */
const PAUSES_MS = [2_000, 4_000, 8_000, 16_000]

interface OpenJobRef {
  job: JobRef
  smileJobId: string
}

/** Looks again and again after an upload that broke off. An abort rejects with the reason of the signal. */
export async function findOutArrival(
  internals: ClientInternals,
  open: OpenJobRef,
  options: RequestOptions,
): Promise<FoundOut> {
  let arrival: Arrival = 'unknown'
  for (const pauseMs of PAUSES_MS) {
    await internals.sleep(pauseMs, options.signal)
    arrival = await arrivalOf(internals, open, options)
    if (arrival === 'arrived') return 'done'
  }
  return arrival === 'not_arrived' ? 'probably_not_done' : 'unknown'
}

type Arrival = 'arrived' | 'not_arrived' | 'unknown'

async function arrivalOf(
  internals: ClientInternals,
  { job, smileJobId }: OpenJobRef,
  options: RequestOptions,
): Promise<Arrival> {
  try {
    const status = await readStatus(internals, job, options)
    const result = resultOf(status)
    if (!result) return status.code === NO_ZIP ? 'not_arrived' : 'unknown'
    // It may be the result of an earlier job with the same ids.
    return asText(result.SmileJobID) === smileJobId ? 'arrived' : 'unknown'
  } catch {
    options.signal?.throwIfAborted()
    return 'unknown'
  }
}
