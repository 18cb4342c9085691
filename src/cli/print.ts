/**
 * Results and errors as people and scripts read them: nothing personal, unless the whole reply is asked for.
 */
import { isSmileIdError, type SmileIdError } from '../errors.ts'
import { inputError, issue } from '../errors/issues.ts'
import { type AnyResult, type Interpretation, interpretResult, type JobStatus } from '../result.ts'
import type { Flags, Given } from './args.ts'
import type { Exit } from './exit.ts'
import { type Io, lines } from './io.ts'
import { NO_ZIP } from '../wire/jobs.ts'

export const OUTPUT_FLAGS = {
  json: { kind: 'switch', help: 'print JSON, for scripts' },
  full: { kind: 'switch', help: 'with --json: the whole reply, personal data and all' },
} as const satisfies Flags

type Output = Given<typeof OUTPUT_FLAGS>

export function checkOutput({ json, full }: Output): void {
  if (full && !json)
    throw inputError([
      issue('--full', 'not_allowed', 'goes with --json: the whole reply holds personal data'),
    ])
}

const EXITS: Readonly<Record<Interpretation['decision'], Exit>> = {
  approved: 'done',
  rejected: 'rejected',
  provisional: 'undecided',
  pending: 'undecided',
  error: 'undecided',
  unknown: 'undecided',
}

/** What the service decided; `more` is for what the user did not know before. */
export function printReply(
  io: Io,
  reply: AnyResult | JobStatus,
  { json, full }: Output,
  more: Readonly<Record<string, string | boolean>> = {},
): Exit {
  const interpretation = interpretResult(reply)
  const { decision, final, retryable, code, text, smileJobId, confidence, reasons } = interpretation
  if (json) io.out(JSON.stringify(full ? reply : { ...interpretation, ...more }))
  else {
    io.out(
      lines({
        decision: `${decision}${final ? '' : ', not final'}${retryable ? ', a new job may end better' : ''}`,
        code,
        text,
        job: smileJobId,
        confidence,
        because: reasons.map(({ action, value }) => `${action}: ${value}`).join('; '),
        ...more,
      }),
    )
  }
  return EXITS[decision]
}

/** Of a job that was opened, and waits for its images. */
export const hasNoImages = ({ code }: JobStatus): boolean => code === NO_ZIP

/** The exit that fits an error of the SDK. */
export function exitOf(error: SmileIdError): Exit {
  if (error.code === 'invalid_input') return 'usage'
  if (isSmileIdError(error, 'unauthorized', 'payment_required', 'not_enabled')) return 'fatal'
  if (error.operation === 'callback') return error.retryable ? 'undecided' : 'rejected'
  if (error.name === 'SmileIdSignatureError') return 'fatal'
  return error.outcome === 'unknown' ||
    error.retryable ||
    isSmileIdError(error, 'network_error', 'rate_limited', 'wait_timeout', 'request_timeout')
    ? 'undecided'
    : 'rejected'
}

/** Says what went wrong and what to do; `more` is for scripts, but for another hint. */
export function printError(
  io: Io,
  error: SmileIdError,
  json: boolean | undefined,
  help: string,
  more: Readonly<{ hint?: string | undefined; user_id?: string; job_id?: string }> = {},
): void {
  const { code, outcome, retryable, operation, smileJobId } = error
  const { hint = error.hint, ...ids } = more
  const issues = isSmileIdError(error, 'invalid_input') ? error.issues : undefined
  const smileCode = isSmileIdError(error) && 'smileCode' in error ? error.smileCode : undefined
  if (json)
    io.out(
      JSON.stringify({
        error: { code, outcome, retryable, hint, operation, smileCode, smileJobId, issues, ...ids },
      }),
    )
  io.err(
    issues
      ? issues.map(({ path, message }) => `smileid: ${path} ${message}`).join('\n') + `\n${help}`
      : `smileid: ${error.message}\n${hint}`,
  )
}
