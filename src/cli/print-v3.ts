/** Prints what v3 decided, without personal data unless the whole reply is asked for. */
import { isSmileIdError } from '../errors.ts'
import type { Result, VerdictMeaning } from '../v3/result.ts'
import type { AcceptedJob } from '../v3/enhanced-kyc.ts'
import type { JobId } from '../v3/status.ts'
import type { Exit } from './exit.ts'
import type { FlagValues } from './flags.ts'
import type { Io } from './io.ts'
import { nextCommand } from './next-command.ts'
import { exitForError, type OutputValues, printError } from './print.ts'
import type { CLIENT_FLAGS } from './settings.ts'
import { formatPairs } from './text.ts'

const EXIT_BY_DECISION: Readonly<Record<VerdictMeaning['decision'], Exit>> = {
  approved: 'done',
  review: 'partial',
  rejected: 'rejected',
  error: 'undecided',
  pending: 'undecided',
  unknown: 'undecided',
}

/** A result, or a status of as many members. */
type Reply = Pick<Result, 'status' | 'message'> & Partial<Result>

export interface VerdictOutput {
  values: OutputValues
  /** What else the user does not know yet, such as ids. */
  more?: Readonly<Record<string, unknown>>
  /** What `--full` prints. @default the reply */
  whole?: object
}

/** Prints a verdict, or how a job stands. */
export async function printVerdict(
  io: Io,
  reply: Reply,
  { values: { json, full }, more = {}, whole = reply }: VerdictOutput,
): Promise<Exit> {
  const { interpretVerdict } = await import('../v3/result.ts')
  const meaning = interpretVerdict(reply as Result)
  const { status } = reply
  const message = reply.message || undefined
  if (json) io.out(JSON.stringify(full ? whole : { ...meaning, status, message, ...more }))
  else io.out(formatPairs({ ...describeMeaning(meaning), status, text: message, ...more }))
  return EXIT_BY_DECISION[meaning.decision]
}

function describeMeaning({ decision, reason, retryable }: VerdictMeaning): Record<string, unknown> {
  let described: string = decision === 'review' ? 'not approved: a person has to look' : decision
  if (decision === 'pending') described += ', not final'
  if (retryable) described += ', a new job may end better'
  return { decision: described, reason }
}

/** Prints that a job was taken on whose verdict comes later, and how to wait for it. */
export function printAccepted(
  io: Io,
  { job_id, user_id }: Pick<AcceptedJob, 'job_id' | 'user_id'>,
  values: OutputValues & FlagValues<typeof CLIENT_FLAGS>,
): void {
  if (values.json) {
    io.out(JSON.stringify({ success: true, user_id, job_id }))
    return
  }
  const next = nextCommand('wait', { job_id }, values)
  io.out(formatPairs({ submitted: 'the verdict comes later', user_id, job_id, 'to wait': next }))
}

/**
 * Prints a failed call after which a job exists, and how to ask for it.
 *
 * @throws the error, where no job is known to exist.
 */
export function printFailureWithJob(
  io: Io,
  error: unknown,
  values: OutputValues & FlagValues<typeof CLIENT_FLAGS>,
): Exit {
  if (!isSmileIdError(error) || error.smileJobId === undefined) throw error
  const job_id = error.smileJobId as JobId
  const next = nextCommand('status', { job_id }, values)
  const hint = `The job exists: ask for it, instead of sending it again. ${next}`
  printError(io, error, { json: values.json, full: values.full === true, hint })
  return exitForError(error)
}
