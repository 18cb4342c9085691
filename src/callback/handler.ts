/** A route for callbacks: verify, confirm, claim, act; in this order. */
import { quietly } from '../client/hooks.ts'
import { internalsOf } from '../client/internals.ts'
import { isSmileIdError } from '../errors/classes.ts'
import { throwIfAny } from '../errors/issues.ts'
import { attempt } from '../platform/realms.ts'
import type { Client } from '../signature/credentials.ts'
import { admit } from './admission.ts'
import { askService } from './confirm.ts'
import type { ConfirmedCallback, VerifiedCallback } from './event.ts'
import { type CallbackHandlerOptions, checkHandlerOptions, type VerifyCallbackOptions } from './input.ts'
import { receiveCallback } from './receive.ts'
import { errorOf, type Refusal, type RefusalReason } from './refusal.ts'
import { createMemoryReplayStore, type ReplayStore } from './replay-store.ts'

/** `onResult` may take that long before another delivery of the event gets through. */
const CLAIM_MS = 60_000
/** For how long it is known that an event was acted on. */
const KEEP_MS = 30 * 86_400_000

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
    const { status, error, headers = {} } = await answerTo(request, route)
    if (error !== undefined) quietly(() => value.onRefused?.call(options, error, request))
    return new Response(null, { status, headers })
  }
}

interface Route {
  clientFor(request: Request): Client | Promise<Client>
  confirm: boolean | 'when-readable'
  verifying: VerifyCallbackOptions
  replayStore: ReplayStore
  onResult(callback: VerifiedCallback | ConfirmedCallback, request: Request): unknown
}

interface Answer {
  status: number
  /** Why the request was turned away. */
  error?: unknown
  headers?: Record<string, string>
}

async function answerTo(request: Request, route: Route): Promise<Answer> {
  if (attempt(() => request.method) !== 'POST') {
    return { status: 405, error: new Error('not a POST'), headers: { allow: 'POST' } }
  }
  let accepted: Accepted
  try {
    accepted = await accept(request, route)
  } catch (error) {
    return { status: statusOf(error), error }
  }
  return accepted.ok ? actOnce(accepted.event, request, route) : accepted.answer
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

  if (!(await admit(internals, callback, route.replayStore))) {
    return {
      ok: false,
      answer: { status: 429, error: new Error('too many callbacks under one signed pair') },
    }
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

/** Calls `onResult` unless the event was acted on, or is acted on at this moment. */
async function actOnce(
  { callback, eventId }: AcceptedEvent,
  request: Request,
  { replayStore, onResult }: Route,
): Promise<Answer> {
  const owner = crypto.randomUUID()
  try {
    const claim = await replayStore.claim(eventId, CLAIM_MS, owner)
    if (claim !== 'claimed') return { status: claim === 'done' ? 200 : 409 }
  } catch (error) {
    return { status: 500, error }
  }
  try {
    await onResult(callback, request)
    await replayStore.complete(eventId, KEEP_MS, owner)
    return { status: 200 }
  } catch (error) {
    await releaseQuietly(replayStore, eventId, owner)
    return { status: 500, error }
  }
}

async function releaseQuietly(replayStore: ReplayStore, eventId: string, owner: string): Promise<void> {
  try {
    await replayStore.release(eventId, owner)
  } catch {
    // The claim runs out by itself.
  }
}

const STATUSES: Readonly<Record<RefusalReason, number>> = {
  too_large: 413,
  too_slow: 408,
  not_json: 400,
  too_complex: 400,
  duplicate_member: 400,
  body_used: 500,
  body_locked: 500,
  body_broken: 500,
  no_job_result: 400,
  no_signed_pair: 401,
  old_sec_key: 401,
  other_key: 401,
  no_date: 401,
  too_old: 401,
  too_early: 401,
  unknown_job: 503,
  not_shown: 503,
}

function turnAway(refusal: Refusal): Accepted {
  return { ok: false, answer: { status: STATUSES[refusal.reason], error: errorOf(refusal) } }
}

/** A call of the API that failed may end better next time; a mistake in the route's own code does not. */
function statusOf(error: unknown): number {
  return isSmileIdError(error) && error.code !== 'invalid_input' ? 503 : 500
}
