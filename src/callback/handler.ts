/** A route for callbacks: verify, confirm, claim, act; in this order. */
import { internalsOf } from '../client/internals.ts'
import { throwIfAny } from '../errors/issues.ts'
import type { Client } from '../signature/credentials.ts'
import { admit } from './admission.ts'
import { type Answer, answerOf, isPost, notPost, responseTo, statusOf, tooMany } from './answer.ts'
import { askService } from './confirm.ts'
import type { ConfirmedCallback, VerifiedCallback } from './event.ts'
import { type CallbackHandlerOptions, checkHandlerOptions, type VerifyCallbackOptions } from './input.ts'
import { actOnce } from './once.ts'
import { receiveCallback } from './receive.ts'
import type { Refusal } from './refusal.ts'
import { createMemoryReplayStore, type ReplayStore } from './replay-store.ts'

/**
 * Makes a route for callbacks, `Request → Response`: fits Workers, Hono, `Deno.serve`, `Bun.serve`, Next.js
 * and SvelteKit as it is.
 *
 * It verifies, **confirms, and only then claims** the event, so that a forged body under a captured pair
 * cannot suppress the real one; then it calls `onResult` with what was read again. A stale but genuine
 * callback is confirmed, too. The sender repeats only what may end better: 200 done (or done before); 400
 * malformed, 401 not genuine, 405 no POST, 408 not there within 30 seconds, 409 in work, 413 too large, 429
 * too many under one pair, 503 not confirmed (yet), 500 `onResult` failed. The client may depend on the
 * request (tenants, an `env` per request).
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong options. The route itself never rejects.
 *
 * @example
 * ```ts
 * import { createCallbackHandler } from 'smileid-edge/callback'
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 * import { interpretResult } from 'smileid-edge/result'
 *
 * export const POST = createCallbackHandler(() => createClient(clientOptionsFromEnv({})), {
 *   async onResult({ eventId, job, status }) {
 *     // Store it: eventId makes a unique key.
 *     console.log(eventId, job.job_id, interpretResult(status).decision)
 *   },
 * })
 * ```
 */
export function createCallbackHandler(
  client: Client | ((request: Request) => Client | Promise<Client>),
  options: CallbackHandlerOptions,
): (request: Request) => Promise<Response> {
  const { issues, value } = checkHandlerOptions(options)
  throwIfAny(issues)
  const { confirm = true, replayStore = createMemoryReplayStore(), maxAgeMs, maxBytes } = value
  // Which of the three forms it takes is what `confirm` says.
  const onResult = value.onResult as Route['onResult']
  const route: Route = {
    clientFor: typeof client === 'function' ? client : () => client,
    confirm,
    // Who reads the job again has no need for freshness.
    verifying: { maxBytes, maxAgeMs: confirm === true ? Infinity : maxAgeMs },
    replayStore,
    onResult: (callback, request) => onResult.call(options, callback, request),
  }
  return async (request) => {
    const answer = await answerTo(request, route)
    return responseTo(answer, (error) => value.onRefused?.call(options, error, request))
  }
}

interface Route {
  clientFor(request: Request): Client | Promise<Client>
  confirm: boolean | 'when-readable'
  verifying: VerifyCallbackOptions
  replayStore: ReplayStore
  onResult(callback: VerifiedCallback | ConfirmedCallback, request: Request): unknown
}

async function answerTo(request: Request, route: Route): Promise<Answer> {
  if (!isPost(request)) return notPost()
  let accepted: Accepted
  try {
    accepted = await accept(request, route)
  } catch (error) {
    return { status: statusOf(error), error }
  }
  if (!accepted.ok) return accepted.answer
  const { callback, eventId } = accepted.event
  return actOnce(route.replayStore, eventId, () => route.onResult(callback, request))
}

/** What is to be acted on, and under which id it is claimed. */
interface AcceptedEvent {
  callback: VerifiedCallback | ConfirmedCallback
  eventId: string
}

type Accepted = { ok: true; event: AcceptedEvent } | { ok: false; answer: Answer }

/** Verifies a callback and confirms it, unless told otherwise. */
async function accept(request: Request, route: Route): Promise<Accepted> {
  const internals = internalsOf(await route.clientFor(request))
  const received = await receiveCallback(internals, request, route.verifying)
  if (!received.ok) return turnAway(received.refusal)
  const { callback } = received
  if (route.confirm === false) return { ok: true, event: { callback, eventId: callback.eventId } }

  const { job, smileJobId, timestamp, unconfirmedResult } = callback
  const claims = [job.user_id, job.job_id, smileJobId, unconfirmedResult.ResultCode]
  if (!(await admit(internals, { timestamp, claims }, route.replayStore))) {
    return { ok: false, answer: tooMany() }
  }
  const confirmation = await askService(internals, callback, {})
  if (confirmation.ok) {
    const confirmed = confirmation.callback
    return { ok: true, event: { callback: confirmed, eventId: confirmed.eventId } }
  }
  const { refusal } = confirmation
  if (route.confirm === 'when-readable' && refusal.reason === 'unknown_job') {
    // What may be forged must not suppress what is confirmed later.
    return { ok: true, event: { callback, eventId: `unconfirmed:${callback.eventId}` } }
  }
  return turnAway(refusal)
}

function turnAway(refusal: Refusal): Accepted {
  return { ok: false, answer: answerOf(refusal) }
}
