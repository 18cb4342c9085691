/** One call, whatever API it is of: attempts, and retries where they cannot bill twice. */
import { tell } from '../client/hooks.ts'
import type { CallEvent, RequestOptions, Sender } from '../client/internals.ts'
import type { Outcome, SmileIdErrorCode } from '../errors/codes.ts'
import type { Operation } from '../wire/endpoints.ts'
import type { JobRef } from '../wire/jobs.ts'
import { attemptCall, type End, type Exchange } from './attempt.ts'
import { type CallFacts, type Failure, invalidReply } from './refusal.ts'
import { retryDelay } from './retry.ts'

export interface Call extends Exchange {
  operation: Operation
  /** Below the API's root, unless there is a `url`. */
  path: string
  /** Instead of the API's root and a path. */
  url?: URL
  /** @default 'POST' */
  method?: 'GET' | 'PUT'
  /** A repeat bills nothing and uses nothing up. */
  repeatable: boolean
  job?: JobRef
  /** The job that is open at the service. */
  smileJobId?: string
  /** Why a reply must not be believed, such as for its signature. */
  verify?(reply: Record<string, unknown>, facts: CallFacts): MaybeFailure | Promise<MaybeFailure>
  /** Whether a reply can be one of this operation; looked at once it is believed. */
  isValid?(reply: Record<string, unknown>): boolean
  /** Finds out what an attempt did whose outcome is unknown; rejects when aborted. */
  findOut?(): Promise<FoundOut>
}

type MaybeFailure = Failure | undefined

/**
 * What an attempt of unknown outcome did: `'done'` ends the call well; `'not_done'`, which is certain, and
 * `'probably_not_done'` are repeated.
 */
export type FoundOut = 'done' | 'not_done' | 'probably_not_done' | 'unknown'

/** Rejects only with what is no doing of the call, such as an error of the caller's own way of signing. */
export async function attempts(internals: Sender, call: Call, options: RequestOptions): Promise<End> {
  const { limits, hooks } = internals
  const { signal, timeoutMs = limits.timeoutMs, maxRetries = limits.maxRetries } = options ?? {}
  const { maxRetryDelayMs = limits.maxRetryDelayMs } = options ?? {}
  const { operation, job, smileJobId, repeatable } = call
  const url = call.url ?? new URL(internals.client.baseUrl + call.path)
  const event = firstEvent(internals, call, url)
  const started = internals.now()
  /** An attempt before this one may have done it. */
  let mayHaveActed = false

  for (; ; event.attempt++) {
    const facts: CallFacts = { operation, attempts: event.attempt, job, smileJobId }
    const sent = await attemptCall({
      internals,
      exchange: call,
      url: url.href,
      event,
      facts,
      repeatable,
      timeoutMs,
      signal,
    })
    let end = await believed(call, sent, facts)
    if (end.kind === 'failure') end = await settled(call, end)
    if (end.kind === 'reply') return end
    if (mayHaveActed && saysNothingOfEarlier(call, end)) end = withOutcome(end, 'unknown')
    mayHaveActed ||= outcomeOf(end) === 'unknown'

    if (end.kind === 'failure' && event.attempt <= maxRetries) {
      const { facts: failed } = end.failure
      const delayMs = retryDelay(failed, { maxDelayMs: maxRetryDelayMs, random: internals.random })
      if (delayMs !== undefined) {
        tell(hooks.onRetry, event, { code: failed.code, delayMs })
        const abort = await pause(internals, delayMs, signal)
        if (!abort) continue
        end = { kind: 'abort', outcome: failed.outcome, reason: abort.reason }
      }
    }
    const code: SmileIdErrorCode | 'aborted' = end.kind === 'abort' ? 'aborted' : end.failure.facts.code
    const durationMs = internals.now() - started
    tell<CallEvent, ErrorEvent>(hooks.onError, event, { code, outcome: outcomeOf(end), durationMs })
    return end
  }
}

function firstEvent({ client }: Sender, call: Call, url: URL): CallEvent {
  return {
    callId: crypto.randomUUID(),
    operation: call.operation,
    partnerId: client.partnerId,
    environment: client.environment,
    method: call.method ?? 'POST',
    host: url.host,
    path: url.pathname,
    attempt: 1,
  }
}

/** A reply that must not be believed, or can be none, is a failure. */
async function believed(call: Call, end: End, facts: CallFacts): Promise<End> {
  if (end.kind !== 'reply') return end
  const failure = await call.verify?.(end.reply, facts)
  if (failure) return { kind: 'failure', failure }
  if (call.isValid && !call.isValid(end.reply)) {
    return { kind: 'failure', failure: invalidReply(facts, { status: 200 }) }
  }
  return end
}

/** With what can be found out about an attempt of unknown outcome. */
async function settled(call: Call, end: End & { kind: 'failure' }): Promise<End> {
  if (end.failure.facts.outcome !== 'unknown' || !call.findOut) return end
  let found: FoundOut
  try {
    found = await call.findOut()
  } catch (reason) {
    return { kind: 'abort', outcome: 'unknown', reason }
  }
  if (found === 'done') return { kind: 'reply', reply: {} }
  const { facts, makeError } = end.failure
  const outcome = found === 'not_done' ? 'rejected' : facts.outcome
  return {
    kind: 'failure',
    failure: { makeError, facts: { ...facts, outcome, retryable: found !== 'unknown' } },
  }
}

/**
 * Whether what an earlier attempt may have done stays possible: such as opening the job that is now said to
 * exist.
 */
function saysNothingOfEarlier(call: Call, end: End): boolean {
  if (call.findOut || outcomeOf(end) === 'not_sent') return true
  return end.kind === 'failure' && end.failure.facts.code === 'job_exists'
}

function outcomeOf(end: Exclude<End, { kind: 'reply' }>): Outcome
function outcomeOf(end: End): Outcome | undefined
function outcomeOf(end: End): Outcome | undefined {
  if (end.kind === 'reply') return undefined
  return end.kind === 'abort' ? end.outcome : end.failure.facts.outcome
}

function withOutcome<E extends End>(end: E, outcome: Outcome): E {
  if (end.kind === 'reply') return end
  if (end.kind === 'abort') return { ...end, outcome }
  const { makeError, facts } = end.failure
  return { ...end, failure: { makeError, facts: { ...facts, outcome } } }
}

interface ErrorEvent {
  code: SmileIdErrorCode | 'aborted'
  outcome: Outcome
  durationMs: number
}

/** The abort that ended the pause, if one did. */
async function pause(
  internals: Sender,
  delayMs: number,
  signal: AbortSignal | undefined,
): Promise<{ reason: unknown } | undefined> {
  try {
    await internals.sleep(delayMs, signal)
    return undefined
  } catch (reason) {
    return { reason }
  }
}
