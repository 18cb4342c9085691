/** A route for callbacks of v3, with one for v1 beside it: verify, confirm, claim, act; in this order. */
import { admit } from '../../callback/admission.ts'
import { type Answer, answerOf, isPost, notPost, responseTo, statusOf } from '../../callback/answer.ts'
import { actOnce } from '../../callback/once.ts'
import type { Refusal } from '../../callback/refusal.ts'
import { createMemoryReplayStore, type ReplayStore } from '../../callback/replay-store.ts'
import { SmileIdTimeoutError } from '../../errors/classes.ts'
import { throwIfAny } from '../../errors/issues.ts'
import { createCutoff } from '../../platform/cutoff.ts'
import type { Client } from '../../signature/credentials.ts'
import { type KeyCaller, keyCallerOf } from '../client/caller.ts'
import { isVerdict } from '../wire/status.ts'
import { askService, type Confirmation } from './confirm.ts'
import { type ConfirmedCallback, isUpdate, type VerifiedCallback } from './event.ts'
import { type CallbackHandlerOptions, type CallbackInput, checkHandlerOptions } from './input.ts'
import { receiveCallback } from './receive.ts'
import { notYours, noUpdatesWanted, tooMany } from './refusal.ts'
import { sortRequest } from './sort.ts'

/** Of the 35 seconds that the service waits: for reading the body, and for all before something is done. */
const MAX_READ_MS = 10_000
const MAX_CONFIRM_MS = 15_000

/**
 * Makes a route for callbacks, `Request → Response`: fits Workers, Hono, `Deno.serve`, `Bun.serve`, Next.js
 * and SvelteKit as it is.
 *
 * It verifies, **confirms, and only then claims** the event, so that a forged verdict under a captured pair
 * cannot suppress the real one; then it calls `onVerdict`, with what else the callback said as
 * `unconfirmedResult`. The sender repeats only what may end better: 200 done (or done before); 400 malformed,
 * 401 not genuine, 405 no POST, 408 not there within 10 seconds, 409 in work, 413 too large, 429 too many
 * under one pair, 503 not confirmed (yet) or not known, 500 a handler failed. The client may depend on the
 * request (tenants, an `env` per request).
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong options. The route itself never rejects.
 *
 * @example
 * ```ts
 * import { createCallbackHandler as createV1Handler } from 'smileid-edge/callback'
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 * import { createCallbackHandler } from 'smileid-edge/v3/callback'
 *
 * const client = () => createClient(clientOptionsFromEnv({}))
 *
 * export const POST = createCallbackHandler(client, {
 *   async onVerdict({ eventId, job, status }) {
 *     // Store it: eventId makes a unique key.
 *     console.log(eventId, job.job_id, status)
 *   },
 *   // While users move.
 *   v1: createV1Handler(client, { onResult: ({ eventId }) => console.log(eventId) }),
 * })
 * ```
 */
export function createCallbackHandler(
  client: Client | ((request: Request) => Client | Promise<Client>),
  options: CallbackHandlerOptions,
): (request: Request) => Promise<Response> {
  const { issues, value } = checkHandlerOptions(options)
  throwIfAny(issues)
  const route: Route = {
    ...value,
    clientFor: typeof client === 'function' ? client : () => client,
    replayStore: value.replayStore ?? createMemoryReplayStore(),
    onVerdict: (confirmed, asked) => value.onVerdict.call(options, confirmed, asked),
    onProcessing: calledOn(options, value.onProcessing),
    onAmlMonitoringUpdate: calledOn(options, value.onAmlMonitoringUpdate),
    knows: calledOn(options, value.knows),
  }
  return async (request) => {
    const answer = await answerTo(request, route)
    if (answer instanceof Response) return answer
    return responseTo(answer, (error) => value.onRefused?.call(options, error, request))
  }
}

/** The same function, to which the options are `this`. */
function calledOn<A extends unknown[], R>(
  options: object,
  method: ((...args: A) => R) | undefined,
): ((...args: A) => R) | undefined {
  return method && ((...args) => method.call(options, ...args))
}

interface Route extends CallbackHandlerOptions {
  clientFor(request: Request): Client | Promise<Client>
  replayStore: ReplayStore
}

/** A Response comes of the route for v1. */
async function answerTo(request: Request, route: Route): Promise<Answer | Response> {
  if (!isPost(request)) return notPost()
  try {
    if (!route.v1) return await act(request, request, route)
    const sorted = await sortRequest(request, { maxBytes: route.maxBytes, maxReadMs: MAX_READ_MS })
    if (sorted.kind === 'refused') return answerOf(sorted.refusal)
    if (sorted.kind === 'v1') return await route.v1(sorted.request)
    return await act(sorted.input, request, route)
  } catch (error) {
    return { status: statusOf(error), error }
  }
}

async function act(input: CallbackInput, request: Request, route: Route): Promise<Answer> {
  const work = await accept(input, request, route)
  return work.ok ? actOnce(route.replayStore, work.eventId, work.act) : work.answer
}

/** What is to be done, and under which id it is claimed. */
type Work = { ok: true; eventId: string; act: () => unknown } | { ok: false; answer: Answer }

const NOTHING_TO_DO: Work = { ok: false, answer: { status: 200 } }

/** Verifies a callback, and confirms it unless nothing could. */
async function accept(input: CallbackInput, request: Request, route: Route): Promise<Work> {
  const caller = keyCallerOf(await route.clientFor(request))
  const { maxAgeMs, maxBytes } = route
  const received = await receiveCallback(caller, input, { maxAgeMs, maxBytes, maxReadMs: MAX_READ_MS })
  if (!received.ok) return turnAway(received.refusal)
  const { callback } = received
  const { job_id, user_id } = callback.job
  const { status, product } = callback.unconfirmedResult
  const kind = kindOf(callback)

  if (kind === 'processing' && !route.onProcessing) return NOTHING_TO_DO
  if (kind === 'update' && !route.onAmlMonitoringUpdate) return turnAway(noUpdatesWanted(job_id))
  if (!(await isKnown(callback, route))) return turnAway(notYours(job_id))
  const claimed = { timestamp: callback.timestamp, claims: [user_id, job_id, status, product] }
  if (!(await admit(caller.internals, claimed, route.replayStore)))
    return { ok: false, answer: tooMany(job_id) }
  if (kind === 'update') {
    return workOn(callback.eventId, () => route.onAmlMonitoringUpdate?.(callback, request))
  }
  const confirmation = await askInTime(caller, callback)
  if (confirmation.ok) {
    const confirmed = confirmation.callback
    return workOn(confirmed.eventId, () => tell(confirmed, request, route))
  }
  // Word of work that is over by now: the verdict has a callback of its own.
  const isOutdated = kind === 'processing' && isVerdict(confirmation.status?.status)
  return isOutdated ? NOTHING_TO_DO : turnAway(confirmation.refusal)
}

function kindOf({ unconfirmedResult }: VerifiedCallback): 'verdict' | 'processing' | 'update' {
  if (isUpdate(unconfirmedResult)) return 'update'
  return unconfirmedResult.status === 'processing' ? 'processing' : 'verdict'
}

function turnAway(refusal: Refusal): Work {
  return { ok: false, answer: answerOf(refusal) }
}

function workOn(eventId: string, act: () => unknown): Work {
  return { ok: true, eventId, act }
}

function tell(confirmed: ConfirmedCallback, request: Request, route: Route): unknown {
  const { status } = confirmed
  if (status === 'processing') return route.onProcessing?.(confirmed, request)
  return route.onVerdict({ ...confirmed, status }, request)
}

async function isKnown({ job, unconfirmedResult }: VerifiedCallback, { knows }: Route): Promise<boolean> {
  if (!knows) return true
  const { job_id } = job
  return knows({ job_id, partner_params: unconfirmedResult.partner_params ?? {} })
}

async function askInTime(caller: KeyCaller, callback: VerifiedCallback): Promise<Confirmation> {
  const cutoff = createCutoff(MAX_CONFIRM_MS, undefined)
  try {
    return await askService(caller, callback, { signal: cutoff.signal })
  } catch (error) {
    throw cutoff.signal.aborted ? notConfirmedInTime(callback) : error
  } finally {
    cutoff.release()
  }
}

function notConfirmedInTime({ job }: VerifiedCallback): SmileIdTimeoutError {
  return new SmileIdTimeoutError({
    code: 'request_timeout',
    operation: 'v3/status',
    outcome: 'rejected',
    attempts: 1,
    retryable: true,
    smileJobId: job.job_id,
    hint: 'Answer 503, so that it comes again.',
  })
}
