/** A route for callbacks: verify, confirm, claim, act; in this order. */
import { type VerifiedCallback, verifyCallback, type VerifyCallbackOptions } from './verify.ts'
import { internalsOf } from '../client/internals.ts'
import { SmileIdError } from '../errors/classes.ts'
import { inputError, issue } from '../errors/issues.ts'
import { createMemoryReplayStore, type ReplayStore } from './replay-store.ts'
import { quietly } from '../client/hooks.ts'
import type { Client } from '../signature/credentials.ts'
import { confirmCallback, type ConfirmedCallback, UNKNOWN_JOB } from './confirm.ts'

export type CallbackHandlerOptions = VerifyCallbackOptions & {
  /**
   * Counts only without confirmation: whoever re-reads the job has no need for freshness. @default 300_000
   */
  maxAgeMs?: number | undefined
  /** @default one in memory */
  replayStore?: ReplayStore | undefined
  /** Why a request was turned away, or what `onResult` threw, for your logs. */
  onRefused?: ((error: unknown, request: Request) => void) | undefined
} & (
    | {
        /** Re-read the job before anything is done. @default true */
        confirm?: true | undefined
        /** Gets what the service says now, never the body. What it throws makes the service send again. */
        onResult: (callback: ConfirmedCallback, request: Request) => unknown
      }
    | {
        /**
         * Also act on jobs that the job status does not know at all (none was proved for asynchronous ID
         * lookups): the body is then anybody's word.
         */
        confirm: 'when-readable'
        onResult: (callback: ConfirmedCallback | VerifiedCallback, request: Request) => unknown
      }
    | {
        /** Act on the body, which is anybody's word who ever saw one signed pair. */
        confirm: false
        onResult: (callback: VerifiedCallback, request: Request) => unknown
      }
  )

/** `onResult` may take that long before another delivery of the event gets through. */
const LEASE_MS = 60_000
const KEEP_MS = 30 * 86_400_000
/**
 * One signed pair belongs to one delivery and its repeats; more at a time are somebody else's, and must not
 * become calls of the API.
 */
const CONFIRMS_PER_PAIR = 8
const CONFIRM_WINDOW_MS = 60_000

/**
 * Makes a route for callbacks, `Request → Response`: fits Workers, Hono, `Deno.serve`, `Bun.serve`, Next.js
 * and SvelteKit as it is.
 *
 * It verifies, **confirms, and only then claims** the event, so that a forged body under a captured pair
 * cannot suppress the real one; then it calls `onResult` with what was re-read. A stale but genuine callback
 * is confirmed, too. The sender repeats only what may end better: 200 done (or done before); 400 malformed,
 * 401 not genuine, 405 no POST, 408 not there within 30 seconds, 409 in work, 413 too large, 429 too many
 * under one pair, 503 not confirmed (yet), 500 `onResult` failed. The client may depend on the request
 * (tenants, an `env` per request).
 *
 * @example
 * ```ts
 * import { createCallbackHandler } from 'smileid-edge/callback'
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 * import { interpretResult } from 'smileid-edge/result'
 *
 * export const POST = createCallbackHandler(() => createClient(clientOptionsFromEnv({})), {
 *   async onResult({ eventId, job, status }) {
 *     console.log(eventId, job.job_id, interpretResult(status).decision) // store it: eventId makes a unique key
 *   },
 * })
 * ```
 */
export function createCallbackHandler(
  client: Client | ((request: Request) => Client | Promise<Client>),
  options: CallbackHandlerOptions,
): (request: Request) => Promise<Response> {
  if (typeof options?.onResult !== 'function')
    throw inputError([
      issue(
        'options.onResult',
        options?.onResult === undefined ? 'missing' : 'wrong_type',
        'must be a function',
      ),
    ])
  const { confirm = true, replayStore = createMemoryReplayStore(), maxAgeMs, maxBytes } = options
  const confirms = new Map<string, { count: number; until: number }>()

  return async (request) => {
    const answer = (status: number, error?: unknown, headers?: Record<string, string>) => {
      if (error !== undefined) quietly(() => options.onRefused?.(error, request))
      return new Response(null, { status, ...(headers && { headers }) })
    }
    if (request.method !== 'POST') return answer(405, new Error('not a POST'), { allow: 'POST' })
    let callback: VerifiedCallback | ConfirmedCallback
    try {
      const resolved = typeof client === 'function' ? await client(request) : client
      const verified = await verifyCallback(resolved, request, {
        maxBytes,
        maxAgeMs: confirm === true ? Infinity : maxAgeMs,
      })
      if (
        confirm &&
        !admit(
          `${resolved.environment}:${resolved.partnerId}:${verified.timestamp}`,
          internalsOf(resolved).now(),
        )
      )
        return answer(429, new Error('too many callbacks under one signed pair'))
      callback = confirm
        ? await confirmCallback(resolved, verified).catch((error: unknown) => {
            if (
              confirm === 'when-readable' &&
              error instanceof SmileIdError &&
              error.code === 'callback_unconfirmed' &&
              (error.cause as Error).message === UNKNOWN_JOB
            )
              return verified
            throw error
          })
        : verified
    } catch (error) {
      return answer(statusOf(error), error)
    }
    // What is anybody's word must not suppress what is confirmed later.
    const eventId =
      confirm === 'when-readable' && !('status' in callback)
        ? `unconfirmed:${callback.eventId}`
        : callback.eventId
    try {
      const claim = await replayStore.claim(eventId, LEASE_MS)
      if (claim !== 'claimed') return answer(claim === 'done' ? 200 : 409)
    } catch (error) {
      return answer(500, error)
    }
    try {
      await (
        options.onResult as (callback: VerifiedCallback | ConfirmedCallback, request: Request) => unknown
      )(callback, request)
      await replayStore.complete(eventId, KEEP_MS)
      return answer(200)
    } catch (error) {
      await replayStore.release(eventId).catch(() => {})
      return answer(500, error)
    }
  }

  /**
   * Counts per partner and timestamp, which stand for the pair: with one key there is one signature to them.
   */
  function admit(pair: string, now: number): boolean {
    const known = confirms.get(pair)
    // An entry from the future: the clock was set back.
    const entry =
      known && known.until > now && known.until <= now + CONFIRM_WINDOW_MS
        ? known
        : { count: 0, until: now + CONFIRM_WINDOW_MS }
    confirms.delete(pair)
    confirms.set(pair, entry)
    if (confirms.size > 1000) confirms.delete(confirms.keys().next().value!)
    return ++entry.count <= CONFIRMS_PER_PAIR
  }
}

function statusOf(error: unknown): number {
  if (!(error instanceof SmileIdError)) return 500
  switch (error.code) {
    case 'callback_malformed': {
      const { message } = error.cause as Error
      return message.endsWith('too large') ? 413 : message.endsWith('too slow') ? 408 : 400
    }
    case 'signature_missing':
    case 'signature_expired':
      return 401
    // Of the callback itself; a wrong reply to our own question is no fault of the sender.
    case 'signature_mismatch':
      return error.operation === 'callback' ? 401 : 503
    case 'invalid_input':
      return 500
    default:
      return 503
  }
}
