/** `smileid wait`: waits until a job has ended. */
import type { Client } from '../../client.ts'
import { type JobRef, type JobStatus, watchJob } from '../../job-status.ts'
import { interpretResult } from '../../result.ts'
import { command } from '../command.ts'
import type { Exit } from '../exit.ts'
import type { Flags, FlagValues } from '../flags.ts'
import { isJobOfV3, V3_FLAG } from '../generation.ts'
import type { Io } from '../io.ts'
import { checkOutput, hasNoImages, OUTPUT_FLAGS, printReply } from '../print.ts'
import { CLIENT_FLAGS, openClient } from '../settings.ts'
import { awaitVerdict } from './v3/status.ts'

export const WAIT_FLAGS = {
  'max-wait': { kind: 'duration', value: 'TIME', help: 'how long in all (default 2m)' },
  until: {
    kind: ['complete', 'provisional'],
    only: 'v1',
    value: 'WHAT',
    help: 'provisional: also the first result, which a reviewer may still change (default complete)',
  },
} as const satisfies Flags

export const wait = command({
  summary: 'Wait until a job has ended',
  operands: ['USER_ID', 'JOB_ID'],
  v3: { operands: ['JOB_ID'], isMeant: isJobOfV3 },
  flags: { ...WAIT_FLAGS, ...V3_FLAG, ...OUTPUT_FLAGS, ...CLIENT_FLAGS },
  details: [
    'A job that is still running when the time is over ends with exit code 3. A job_… id alone is one of v3.',
  ],
  examples: [
    'wait user-1 job-1',
    'wait user-1 job-1 --max-wait 10m --json',
    'wait job_01k7m2q4r6s8t0v1w3x5y7z9ab',
  ],
  async run(call) {
    if (call.generation === 'v3') return awaitVerdict(call)
    const { values, positionals, io, signal } = call
    const [user_id, job_id] = positionals
    checkOutput(values)
    const client = await openClient(values, io)
    return waitForJob(client, { user_id: user_id!, job_id: job_id! }, { values, io, signal })
  },
})

export interface WaitOptions {
  values: FlagValues<typeof WAIT_FLAGS & typeof OUTPUT_FLAGS>
  io: Io
  signal: AbortSignal
  /** What else to print beside the result, such as new ids. */
  more?: Readonly<Record<string, string>>
}

/** Prints each change on standard error, and then the result. */
export async function waitForJob(
  client: Client,
  job: JobRef,
  { values, io, signal, more }: WaitOptions,
): Promise<Exit> {
  let last: JobStatus | undefined
  const statuses = watchJob(client, job, { maxWaitMs: values['max-wait'], until: values.until, signal })
  for await (const status of statuses) {
    last = status
    if (status.job_complete) continue
    io.err(hasNoImages(status) ? 'pending, no images arrived so far' : interpretResult(status).decision)
  }
  return printReply(io, last!, values, more)
}
