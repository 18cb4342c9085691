/** `smileid status`: asks once for a job. */
import { getJobStatus } from '../../job-status.ts'
import { command } from '../command.ts'
import { checkOutput, hasNoImages, OUTPUT_FLAGS, printReply } from '../print.ts'
import { PROGRAM } from '../program.ts'
import { CLIENT_FLAGS, openClient } from '../settings.ts'

export const status = command({
  summary: 'Ask once how a job stands',
  operands: ['USER_ID', 'JOB_ID'],
  flags: {
    history: { kind: 'switch', help: 'with --json --full: all results so far' },
    ...OUTPUT_FLAGS,
    ...CLIENT_FLAGS,
  },
  details: [
    'A job that runs, and one whose images have not arrived, end with exit code 3; ' +
      `${PROGRAM} submit --retry sends the images of such a job.`,
  ],
  examples: ['status user-1 job-1', 'status user-1 job-1 --history --json --full'],
  async run({ values, positionals: [user_id, job_id], io, signal }) {
    checkOutput(values)
    const client = await openClient(values, io)
    const reply = await getJobStatus(
      client,
      { user_id: user_id!, job_id: job_id!, history: values.history },
      { signal },
    )
    const more: Record<string, string> = {}
    if (hasNoImages(reply)) more.images = `none arrived: the same ${PROGRAM} submit with --retry sends them`
    return printReply(io, reply, values, more)
  },
})
