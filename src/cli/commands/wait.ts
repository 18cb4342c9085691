/** `smileid wait`: waits until a job has ended. */
import type { Client } from '../../client.ts'
import { type JobRef, type JobStatus, watchJob } from '../../job-status.ts'
import { interpretResult } from '../../result.ts'
import { command } from '../command.ts'
import type { Exit } from '../exit.ts'
import type { Flags, FlagValues } from '../flags.ts'
import type { Io } from '../io.ts'
import { checkOutput, hasNoImages, OUTPUT_FLAGS, printReply } from '../print.ts'
import { CLIENT_FLAGS, openClient } from '../settings.ts'

export const WAIT_FLAGS = {
  'max-wait': { kind: 'duration', value: 'TIME', help: 'how long in all (default 2m)' },
  until: {
    kind: ['complete', 'provisional'],
    value: 'WHAT',
    help: 'provisional: also the first result, which a reviewer may still change (default complete)',
  },
} as const satisfies Flags

export const wait = command({
  summary: 'Wait until a job has ended',
  operands: ['USER_ID', 'JOB_ID'],
  flags: { ...WAIT_FLAGS, ...OUTPUT_FLAGS, ...CLIENT_FLAGS },
  details: ['A job that is still running when the time is over ends with exit code 3.'],
  examples: ['wait user-1 job-1', 'wait user-1 job-1 --max-wait 10m --json'],
  async run({ values, positionals: [user_id, job_id], io, signal }) {
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
