/** Prints results and errors, without personal data unless the whole reply is asked for. */
import { isSmileIdError, type SmileIdError } from '../errors.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import type { JobRef } from '../job-status.ts'
import { type AnyResult, type Interpretation, interpretResult, type JobStatus } from '../result.ts'
import { NO_ZIP } from '../wire/jobs.ts'
import { DEAD_HOST_CURE, isDeadHost } from './dead-host.ts'
import type { Exit } from './exit.ts'
import type { Flags, FlagValues } from './flags.ts'
import { failedHostOf } from './failed-host.ts'
import type { Io } from './io.ts'
import { formatPairs, printable } from './text.ts'

export const OUTPUT_FLAGS = {
  json: { kind: 'switch', help: 'print JSON, for scripts' },
  full: { kind: 'switch', help: 'with --json: the whole reply, personal data and all' },
} as const satisfies Flags

export type OutputValues = FlagValues<typeof OUTPUT_FLAGS>

/** @throws {SmileIdInputError} `invalid_input`: `--full` without `--json`. */
export function checkOutput({ json, full }: OutputValues): void {
  if (full && !json) {
    throw new SmileIdInputError([
      issue('--full', 'not_allowed', 'goes with --json: the whole reply holds personal data'),
    ])
  }
}

const EXIT_BY_DECISION: Readonly<Record<Interpretation['decision'], Exit>> = {
  approved: 'done',
  partial: 'partial',
  rejected: 'rejected',
  provisional: 'undecided',
  pending: 'undecided',
  error: 'undecided',
  unknown: 'undecided',
}

/** Prints what the service decided; `more` is what else the user does not know yet, such as new ids. */
export function printReply(
  io: Io,
  reply: AnyResult | JobStatus,
  { json, full }: OutputValues,
  more: Readonly<Record<string, string | boolean>> = {},
): Exit {
  const interpretation = interpretResult(reply)
  if (json) io.out(JSON.stringify(full ? reply : { ...interpretation, ...more }))
  else io.out(formatPairs({ ...describeInterpretation(interpretation), ...more }))
  return EXIT_BY_DECISION[interpretation.decision]
}

function describeInterpretation(interpretation: Interpretation): Record<string, unknown> {
  const { decision, final, retryable, code, text, smileJobId, confidence, reasons } = interpretation
  let described: string = decision === 'partial' ? 'not approved: a match in part' : decision
  if (!final) described += ', not final'
  if (retryable) described += ', a new job may end better'
  return {
    decision: described,
    code,
    text,
    job: smileJobId,
    confidence,
    because: reasons.map(({ action, value }) => `${action}: ${value}`).join('; '),
  }
}

/** Whether the job was opened, and waits for its images. */
export function hasNoImages({ code }: JobStatus): boolean {
  return code === NO_ZIP
}

/** What no other input mends: credentials, the wallet, what the account may do. */
const FATAL = ['unauthorized', 'payment_required', 'not_enabled', 'forbidden'] as const

/** The exit that fits an error of the SDK. */
export function exitForError(error: SmileIdError): Exit {
  if (error.code === 'invalid_input') return 'usage'
  if (isSmileIdError(error, ...FATAL)) return 'fatal'
  if (error.operation === 'callback') return error.retryable ? 'undecided' : 'rejected'
  if (error.name === 'SmileIdSignatureError') return 'fatal'
  const canBeRepeated =
    error.outcome === 'unknown' ||
    error.retryable ||
    isSmileIdError(error, 'network_error', 'rate_limited', 'wait_timeout', 'request_timeout')
  return canBeRepeated ? 'undecided' : 'rejected'
}

/** Errors of which the text of the reply tells the cause. */
const TOLD_BY_TEXT = ['invalid_request', 'forbidden', 'not_enabled', 'api_error'] as const

export interface ErrorOutput {
  json?: boolean | undefined
  /** Whether `--full` was given; absent where there is no such flag. */
  full?: boolean | undefined
  /** Where to read on, after the issues of an input. */
  help?: string | undefined
  /** In place of the error's own hint. */
  hint?: string | undefined
  /** The job in question, for scripts. */
  job?: JobRef | undefined
}

/** Prints what went wrong, with which host if no answer came, and what to do about it. */
export function printError(io: Io, error: SmileIdError, output: ErrorOutput): void {
  const host = isSmileIdError(error, 'network_error', 'request_timeout') ? failedHostOf(io) : undefined
  const hint = output.hint ?? (isDeadHost(host) ? DEAD_HOST_CURE : error.hint)
  const issues = isSmileIdError(error, 'invalid_input') ? error.issues : undefined
  const reply = isSmileIdError(error) && 'body' in error ? error.body : undefined
  if (output.json) {
    const { code, outcome, retryable, operation, smileJobId } = error
    const smileCode = isSmileIdError(error) && 'smileCode' in error ? error.smileCode : undefined
    const systemCode = error.cause instanceof Error ? error.cause.message : undefined
    const described = { code, outcome, retryable, hint, operation, smileCode, smileJobId, issues }
    const shown = output.full ? { reply } : {}
    io.out(JSON.stringify({ error: { ...described, systemCode, host, ...output.job, ...shown } }))
  }
  if (issues) {
    const issueLines = issues.map(({ path, message }) => `smileid: ${printable(`${path} ${message}`)}`)
    io.err([...issueLines, output.help ?? ''].join('\n'))
  } else {
    const where = host === undefined ? '' : ` (${host})`
    io.err(`smileid: ${printable(error.message + where)}\n${hint}`)
    // It may quote what it was sent, so it is not shown to who does not ask for it.
    const isHidden = output.full === false && Object.keys(reply ?? {}).length > 0
    if (isHidden && isSmileIdError(error, ...TOLD_BY_TEXT)) {
      io.err('--json --full shows what the service said.')
    }
  }
}

export interface Submitted {
  reply: JobRef & { success: true; smile_job_id?: string }
  /** What people need to see of it. */
  shown: Readonly<Record<string, unknown>>
  /** The command that waits for the result. */
  next: string
}

/** Prints that a job was submitted whose result comes later, and how to wait for it. */
export function printSubmitted(io: Io, { json }: OutputValues, { reply, shown, next }: Submitted): void {
  if (json) {
    const { success, user_id, job_id, smile_job_id } = reply
    io.out(JSON.stringify({ success, user_id, job_id, smile_job_id }))
  } else {
    io.out(formatPairs({ submitted: 'the result comes later', ...shown, 'to wait': next }))
  }
}
