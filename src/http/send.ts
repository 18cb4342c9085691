/**
 * One call of the API: attempts, each with a fresh body and a timeout over the whole exchange, and retries
 * where they cannot bill twice.
 */
import {
  type Operation,
  type Outcome,
  type SmileIdError,
  SmileIdApiError,
  type SmileIdErrorCode,
  SmileIdNetworkError,
  SmileIdTimeoutError,
} from '../errors/classes.ts'
import { refusalOf, invalidReply, type CallFacts } from './refusal.ts'
import type { Body, Life } from './body.ts'
import { collect } from '../platform/bytes.ts'
import type { CallEvent, ClientInternals, RequestOptions } from '../client/internals.ts'
import { parseObject } from '../input/json.ts'
import { failedBeforeSending, systemCode, wasRedirect } from '../platform/system-errors.ts'
import { retryDelay } from './retry.ts'
import { pathOf, REPEATABLE } from '../wire/endpoints.ts'
import { ASK_FIRST, CHECK_NETWORK } from '../errors/api-codes.ts'
import type { JobRef } from '../wire/jobs.ts'
import { tell } from '../client/hooks.ts'
import { request } from './transport.ts'

export interface Call {
  operation: Operation
  /** @default that of the operation */
  path?: string
  /** Instead of the API's root and a path. */
  url?: URL
  /** @default 'POST' */
  method?: 'GET' | 'PUT'
  /** A repeat bills nothing and uses nothing up. @default what is known of the operation */
  repeatable?: boolean
  /** Called when an attempt goes out. */
  onSend?(): void
  /** Made anew for each attempt, since a signature is as old as its timestamp. */
  body(life: Life): Promise<Body>
  job?: JobRef
  /** The job that is open at the service. */
  smileJobId?: string
  /** A longer reply is refused. */
  maxReplyBytes: number
  /** Reads replies that are not the API's own JSON. */
  answer?: typeof jsonAnswer
  /**
   * Finds out what an attempt did whose outcome is unknown: `'done'` ends the call well, `'not done'`
   * (certain) and `'hardly'` (believed) are repeated. With it, a redirect is a refusal, too.
   */
  settle?(): Promise<'done' | 'not done' | 'hardly' | 'unknown'>
  /** Whether a reply can be one; rejects what must not be believed. */
  check?(reply: Record<string, unknown>, facts: CallFacts): boolean | Promise<boolean>
}

/** The members of the reply; rejects with a typed error, or with the signal's own reason. */
export async function send(
  internals: ClientInternals,
  call: Call,
  options: RequestOptions = {},
): Promise<Record<string, unknown>> {
  const { client, hooks, limits } = internals
  const {
    signal,
    timeoutMs = limits.timeoutMs,
    maxRetries = limits.maxRetries,
    maxRetryDelayMs = limits.maxRetryDelayMs,
  } = options ?? {}
  const {
    operation,
    path = pathOf(operation),
    method = 'POST',
    job,
    smileJobId,
    url = new URL(client.baseUrl + path),
  } = call
  const { partnerId, environment } = client
  const event: CallEvent = {
    callId: crypto.randomUUID(),
    operation,
    partnerId,
    environment,
    method,
    host: url.host,
    path: url.pathname,
    attempt: 1,
  }
  const started = internals.now()
  let unclear = false
  for (; ; event.attempt++) {
    try {
      const facts: CallFacts = { operation, attempts: event.attempt, job, smileJobId }
      const reply = await attempt(internals, call, url.href, event, facts, timeoutMs, signal)
      if (call.check && !(await call.check(reply, facts))) throw invalidReply(200, facts)
      return reply
    } catch (thrown) {
      let failure = thrown as SmileIdError | Aborted
      if (call.settle && failure.outcome === 'unknown' && failure.code !== 'aborted') {
        try {
          const found = await call.settle()
          if (found === 'done') return {}
          Object.assign(failure, {
            retryable: found !== 'unknown',
            ...(found === 'not done' && { outcome: 'rejected' }),
          })
        } catch (reason) {
          failure = { code: 'aborted', outcome: 'unknown', reason }
        }
      }
      // What an earlier attempt may have done stays possible, such as opening the job that is now said to
      // exist.
      if (unclear && (failure.outcome === 'not_sent' || failure.code === 'job_exists' || call.settle))
        Object.assign(failure, { outcome: 'unknown' })
      unclear ||= failure.outcome === 'unknown'
      const delayMs =
        failure.code === 'aborted' || event.attempt > maxRetries
          ? undefined
          : retryDelay(failure, maxRetryDelayMs, internals.random)
      if (delayMs !== undefined) {
        tell(hooks.onRetry, event, { code: failure.code as SmileIdErrorCode, delayMs })
        try {
          await internals.sleep(delayMs, signal)
          continue
        } catch (reason) {
          failure = { code: 'aborted', outcome: failure.outcome, reason }
        }
      }
      tell(hooks.onError, event, {
        code: failure.code,
        outcome: failure.outcome,
        durationMs: internals.now() - started,
      })
      throw failure.code === 'aborted' ? failure.reason : failure
    }
  }
}

/** Thrown between attempt and call, where an abort needs its outcome beside the caller's reason. */
interface Aborted {
  code: 'aborted'
  outcome: Outcome
  reason: unknown
}

async function attempt(
  internals: ClientInternals,
  call: Call,
  url: string,
  event: CallEvent,
  facts: CallFacts,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown>> {
  const aborted = (outcome: Outcome): Aborted => ({ code: 'aborted', outcome, reason: signal!.reason })
  if (signal?.aborted) throw aborted('not_sent')
  const { repeatable = REPEATABLE.includes(call.operation) } = call
  const started = internals.now()
  // AbortSignal.any is missing in edge-runtime, and ofetch's own timeout stops at the headers.
  const controller = new AbortController()
  let end: 'timeout' | 'abort' | undefined
  let sent = false
  let stop!: (why: typeof end) => void
  const onAbort = () => stop('abort')
  signal?.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => stop('timeout'), timeoutMs)
  const life = { over: false }

  const exchange = async (): Promise<Record<string, unknown>> => {
    const { body, headers } = await call.body(life)
    if (end) throw end
    tell(internals.hooks.onRequest, event)
    sent = true
    call.onSend?.()
    const response = await request(internals, url, {
      method: event.method,
      ...(body && { body }),
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        accept: 'application/json',
        ...headers,
      },
      signal: controller.signal,
    })
    if (end) {
      response.body?.cancel().catch(() => {})
      throw end
    }
    const text = await readText(response, call.maxReplyBytes, controller.signal)
    if (end) throw end
    tell(internals.hooks.onResponse, event, {
      status: response.status,
      durationMs: internals.now() - started,
    })
    return (call.answer ?? jsonAnswer)(response, text, facts, internals.now(), repeatable)
  }
  try {
    // A fetch that is deaf to its signal must not hold the caller up.
    return await new Promise((resolve, reject) => {
      stop = (why) => {
        end ??= why
        controller.abort()
        reject()
      }
      exchange().then(resolve, reject)
    })
  } catch (error) {
    const outcome = sent ? 'unknown' : 'not_sent'
    if (end === 'abort') throw aborted(outcome)
    if (end)
      throw new SmileIdTimeoutError({
        ...facts,
        code: 'request_timeout',
        outcome,
        retryable: repeatable || !sent,
        hint: ASK_FIRST,
      })
    if (!sent || error instanceof SmileIdApiError) throw error
    const early = failedBeforeSending(error)
    if (!early && wasRedirect(error)) throw invalidReply(0, facts, call.settle && { outcome: 'rejected' })
    throw new SmileIdNetworkError({
      ...facts,
      code: 'network_error',
      outcome: early ? 'not_sent' : 'unknown',
      retryable: early || repeatable,
      cause: systemCode(error),
      hint: early ? CHECK_NETWORK : ASK_FIRST,
    })
  } finally {
    life.over = true
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

function jsonAnswer(
  response: Response,
  text: string | undefined,
  facts: CallFacts,
  now: number,
  repeatable: boolean,
): Record<string, unknown> {
  const members = text === undefined ? undefined : parseObject(text)
  if (!response.ok) throw refusalOf(response, members, { ...facts, repeatable }, now)
  if (!members) throw invalidReply(response.status, facts)
  return members
}

/** `undefined` for more than `limit` bytes and for what is no UTF-8. */
async function readText(response: Response, limit: number, signal: AbortSignal): Promise<string | undefined> {
  // Node's fetch holds its signal weakly: an abort may no longer reach a body whose request was tidied up.
  const bytes = response.body ? await collect(response.body, limit, signal) : new Uint8Array()
  try {
    return bytes && new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
