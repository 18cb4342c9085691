/** `smileid status` and `smileid wait` for a job of v3. */
import type { VerificationStatus } from '../../../v3/status.ts'
import type { Call } from '../../command.ts'
import type { Exit } from '../../exit.ts'
import type { FlagOf } from '../../flags.ts'
import { checkOutput, type OUTPUT_FLAGS } from '../../print.ts'
import { printVerdict } from '../../print-v3.ts'
import { type CLIENT_FLAGS, openClient } from '../../settings.ts'

type StatusFlags = typeof OUTPUT_FLAGS & typeof CLIENT_FLAGS
type WaitFlags = StatusFlags & { 'max-wait': FlagOf<'duration'> }

/** Of whom the job is, beside what the status decides. */
const idsOf = ({ job_id, user_id }: VerificationStatus) => ({ job_id, user_id })

export async function askStatus({ values, positionals, io, signal }: Call<StatusFlags>): Promise<Exit> {
  checkOutput(values)
  const client = await openClient(values, io)
  const { getVerificationStatus } = await import('../../../v3/status.ts')
  const status = await getVerificationStatus(client, { job_id: positionals[0]! }, { signal })
  return printVerdict(io, status, { values, more: idsOf(status) })
}

/** Prints that the job is running on standard error, and then the verdict. */
export async function awaitVerdict({ values, positionals, io, signal }: Call<WaitFlags>): Promise<Exit> {
  checkOutput(values)
  const client = await openClient(values, io)
  const { watchStatus } = await import('../../../v3/status.ts')
  const job = { job_id: positionals[0]! }
  let last: VerificationStatus | undefined
  for await (const status of watchStatus(client, job, { maxWaitMs: values['max-wait'], signal })) {
    last = status
    if (status.status === 'processing') io.err('pending')
  }
  return printVerdict(io, last!, { values, more: idsOf(last!) })
}
