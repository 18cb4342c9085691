/** `smileid status`: asks once for a job. */
import { getJobStatus } from '../../job-status.ts'
import { command } from '../command.ts'
import { isJobOfV3, V3_FLAG } from '../generation.ts'
import { checkOutput, hasNoImages, OUTPUT_FLAGS, printReply } from '../print.ts'
import { PROGRAM } from '../program.ts'
import { CLIENT_FLAGS, openClient } from '../settings.ts'
import { askStatus } from './v3/status.ts'

export const status = command({
  summary: 'Ask once how a job stands',
  operands: ['USER_ID', 'JOB_ID'],
  v3: { operands: ['JOB_ID'], isMeant: isJobOfV3 },
  flags: {
    history: { kind: 'switch', only: 'v1', help: 'with --json --full: all results so far' },
    ...V3_FLAG,
    ...OUTPUT_FLAGS,
    ...CLIENT_FLAGS,
  },
  details: [
    'A job that runs, and one whose images have not arrived, end with exit code 3; ' +
      `${PROGRAM} submit --retry sends the images of such a job.`,
    'A job_… id alone is one of v3, whose status has no reason: that comes by callback.',
  ],
  examples: [
    'status user-1 job-1',
    'status user-1 job-1 --history --json --full',
    'status job_01k7m2q4r6s8t0v1w3x5y7z9ab',
  ],
  async run(call) {
    if (call.generation === 'v3') return askStatus(call)
    const { values, positionals, io, signal } = call
    const [user_id, job_id] = positionals
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
