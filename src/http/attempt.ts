/** One attempt of a call: a fresh body, and a timeout over the whole exchange. */
import { tell } from '../client/hooks.ts'
import type { CallEvent, Sender } from '../client/internals.ts'
import { isPlatformFetch } from '../client/sender.ts'
import { ASK_FIRST, CHECK_NETWORK } from '../errors/api-codes.ts'
import { isSmileIdError, SmileIdNetworkError, SmileIdTimeoutError } from '../errors/classes.ts'
import type { Outcome } from '../errors/codes.ts'
import { collect } from '../platform/bytes.ts'
import { createCutoff, type Cutoff, type CutoffReason } from '../platform/cutoff.ts'
import { isDeno } from '../platform/runtime.ts'
import { failedBeforeSending, systemCode, wasRedirect } from '../platform/system-errors.ts'
import { type Body, type AttemptState, sentOnce } from './body.ts'
import { type CallFacts, type Failure, invalidReply, type Received } from './refusal.ts'
import { transportOf } from './transport.ts'

/** What an attempt sends, and how its reply is read. */
export interface Exchange {
  /** Made anew for each attempt, since a signature is as old as its timestamp. */
  body(attempt: AttemptState): Promise<Body>
  /** Called when an attempt goes out. */
  onSend?(): void
  /** A longer reply is refused. */
  maxReplyBytes: number
  /** What the reply says; `text` is missing when it is too long or no UTF-8. */
  readReply(received: Received, text: string | undefined): ReplyOrFailure
  /** What a redirect, which is never followed, says of the outcome. @default 'unknown' */
  redirectOutcome?: Outcome
}

export type ReplyOrFailure = { ok: true; reply: Record<string, unknown> } | { ok: false; failure: Failure }

/** How an attempt, or a call, ended. */
export type End =
  | { kind: 'reply'; reply: Record<string, unknown> }
  | { kind: 'failure'; failure: Failure }
  /** By the caller, whose reason goes on unchanged. */
  | { kind: 'abort'; outcome: Outcome; reason: unknown }

export interface Attempt {
  internals: Sender
  exchange: Exchange
  url: string
  event: CallEvent
  facts: CallFacts
  /** Whether a repeat bills nothing and uses nothing up. */
  repeatable: boolean
  timeoutMs: number
  signal: AbortSignal | undefined
}

/** Rejects only with what is no doing of the call, such as an error of the caller's own way of signing. */
export async function attemptCall(attempt: Attempt): Promise<End> {
  const { signal, facts, repeatable } = attempt
  if (signal?.aborted) return { kind: 'abort', outcome: 'not_sent', reason: signal.reason }
  const progress: Progress = { number: attempt.event.attempt, over: false, sent: false }
  const cutoff = createCutoff(attempt.timeoutMs, signal)
  try {
    // A fetch that is deaf to its signal must not hold the caller up.
    const end = await Promise.race([exchange(attempt, progress, cutoff), cutoff.reached])
    if (typeof end === 'object') return end
    const outcome = progress.sent ? 'unknown' : 'not_sent'
    if (end === 'abort') return { kind: 'abort', outcome, reason: signal?.reason }
    return { kind: 'failure', failure: timeoutFailure(facts, outcome, repeatable) }
  } finally {
    progress.over = true
    cutoff.release()
  }
}

/** `over` tells whoever makes the body that nobody wants it any more. */
interface Progress extends AttemptState {
  /** The request was handed to fetch. */
  sent: boolean
}

async function exchange(attempt: Attempt, progress: Progress, cutoff: Cutoff): Promise<End | CutoffReason> {
  const { internals, exchange: call, event, facts, repeatable } = attempt
  const started = internals.now()
  let made: Body
  try {
    made = sentOnce(await call.body(progress), event.method, progress)
  } catch (error) {
    if (!isSmileIdError(error)) throw error
    return { kind: 'failure', failure: { facts: { ...error, cause: undefined }, makeError: () => error } }
  }
  if (cutoff.signal.aborted) return cutoff.reached

  tell(internals.hooks.onRequest, event)
  progress.sent = true
  call.onSend?.()
  let response: Response
  let text: string | undefined
  try {
    response = await transportOf(internals)(attempt.url, requestInit(event.method, made, cutoff.signal))
    // A fetch of the caller's may give anything.
    if (typeof response?.headers?.get !== 'function') throw new TypeError('no Response')
    if (cutoff.signal.aborted) {
      response.body?.cancel().catch(() => {})
      return cutoff.reached
    }
    text = await readText(response, { internals, limit: call.maxReplyBytes, cutoff })
  } catch (error) {
    if (cutoff.signal.aborted) return cutoff.reached
    return { kind: 'failure', failure: connectionFailure(attempt, error) }
  }
  if (cutoff.signal.aborted) return cutoff.reached
  tell(internals.hooks.onResponse, event, {
    status: response.status,
    durationMs: internals.now() - started,
  })
  const received: Received = { response, facts, repeatable, now: internals.now() }
  const read = call.readReply(received, text)
  if (read.ok) return { kind: 'reply', reply: read.reply }
  return { kind: 'failure', failure: read.failure }
}

function requestInit(method: CallEvent['method'], made: Body, signal: AbortSignal): RequestInit {
  const accept = 'application/json'
  if (!made.body) return { method, headers: { accept, ...made.headers }, signal }
  const headers = { 'content-type': 'application/json', accept, ...made.headers }
  return { method, body: made.body, headers, signal }
}

/** One for all replies: each is decoded whole, so nothing of one is left for the next. */
const strictUtf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true })

/** `undefined` for more than `limit` bytes and for what is no UTF-8. */
async function readText(
  response: Response,
  { internals, limit, cutoff }: { internals: Sender; limit: number; cutoff: Cutoff },
): Promise<string | undefined> {
  if (!response.body) return ''
  // In pieces, Deno takes half as long again. Its own fetch reads no more than the length says.
  const inOnePiece = isDeno() && isPlatformFetch(internals) && saysToFit(response, limit)
  // Node's fetch holds its signal weakly: an abort may no longer reach a body whose request was tidied up.
  const bytes = inOnePiece
    ? await response.arrayBuffer()
    : await collect(response.body, limit, cutoff.interrupt)
  try {
    return bytes && strictUtf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** By its length, which is another one for what is unpacked on the way. */
function saysToFit({ headers }: Response, limit: number): boolean {
  return !headers.has('content-encoding') && Number.parseInt(`${headers.get('content-length')}`, 10) <= limit
}

function timeoutFailure(facts: CallFacts, outcome: Outcome, repeatable: boolean): Failure {
  const retryable = repeatable || outcome === 'not_sent'
  return {
    facts: { ...facts, code: 'request_timeout', outcome, retryable, hint: ASK_FIRST },
    makeError: (final) => new SmileIdTimeoutError(final),
  }
}

/** fetch rejected, or the body broke off. */
function connectionFailure({ facts, exchange: call, repeatable }: Attempt, error: unknown): Failure {
  const notSent = failedBeforeSending(error)
  if (!notSent && wasRedirect(error)) {
    return invalidReply(facts, { status: 0, outcome: call.redirectOutcome ?? 'unknown' })
  }
  return {
    facts: {
      ...facts,
      code: 'network_error',
      outcome: notSent ? 'not_sent' : 'unknown',
      retryable: notSent || repeatable,
      cause: systemCode(error),
      hint: notSent ? CHECK_NETWORK : ASK_FIRST,
    },
    makeError: (final) => new SmileIdNetworkError(final),
  }
}
