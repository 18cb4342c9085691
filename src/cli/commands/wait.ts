import type { Client } from '../../client.ts'
import { type JobRef, type JobStatus, watchJob } from '../../job-status.ts'
import { interpretResult } from '../../result.ts'
import type { Flags, Given } from '../args.ts'
import { type Call, command } from '../command.ts'
import type { Exit } from '../exit.ts'
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
  details: 'A job that is still running when the time is over ends with exit code 3.',
  examples: ['wait user-1 job-1', 'wait user-1 job-1 --max-wait 10m --json'],
  async run({ given, words: [user_id, job_id], io, stop }) {
    checkOutput(given)
    return waitFor(await openClient(given, io), { user_id: user_id!, job_id: job_id! }, { given, io, stop })
  },
})

/**
 * Tells each change on standard error, and prints the result; `more` is for what the user did not know
 * before.
 */
export async function waitFor(
  client: Client,
  job: JobRef,
  {
    given,
    io,
    stop,
  }: Pick<Call<any>, 'io' | 'stop'> & { given: Given<typeof WAIT_FLAGS & typeof OUTPUT_FLAGS> },
  more: Readonly<Record<string, string>> = {},
): Promise<Exit> {
  let last: JobStatus | undefined
  for await (const seen of watchJob(client, job, {
    maxWaitMs: given['max-wait'],
    until: given.until,
    signal: stop,
  })) {
    last = seen
    if (!seen.job_complete)
      io.err(hasNoImages(seen) ? 'pending, no images arrived so far' : interpretResult(seen).decision)
  }
  return printReply(io, last!, given, more)
}
