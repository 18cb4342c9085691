import { type JobStatus, watchJob } from '../job-status.ts'
import { interpretResult } from '../result.ts'
import { command } from './command.ts'
import { checkOutput, OUTPUT_FLAGS, printReply } from './print.ts'
import { CLIENT_FLAGS, openClient } from './settings.ts'

export const wait = command({
  summary: 'Wait until a job has ended',
  operands: ['USER_ID', 'JOB_ID'],
  flags: {
    'max-wait': { kind: 'duration', value: 'TIME', help: 'how long in all (default 2m)' },
    until: { kind: ['complete', 'provisional'], value: 'WHAT', help: 'provisional: also the first result, which a reviewer may still change (default complete)' },
    ...OUTPUT_FLAGS, ...CLIENT_FLAGS,
  },
  details: 'A job that is still running when the time is over ends with exit code 3.',
  examples: ['wait user-1 job-1', 'wait user-1 job-1 --max-wait 10m --json'],
  async run({ given, words: [user_id, job_id], io, stop }) {
    checkOutput(given)
    const client = await openClient(given, io)
    let last: JobStatus | undefined
    for await (const seen of watchJob(client, { user_id: user_id!, job_id: job_id! }, { maxWaitMs: given['max-wait'], until: given.until, signal: stop })) {
      last = seen
      if (!seen.job_complete) io.err(interpretResult(seen).decision)
    }
    return printReply(io, last!, given)
  },
})
