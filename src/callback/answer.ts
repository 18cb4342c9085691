/** What the sender of a callback is answered, so that it repeats only what may end better. */
import { quietly } from '../client/hooks.ts'
import { isSmileIdError } from '../errors/classes.ts'
import { attempt } from '../platform/realms.ts'
import { errorOf, type Refusal, type RefusalReason } from './refusal.ts'

export interface Answer {
  status: number
  /** Why the request was turned away. */
  error?: unknown
  headers?: Record<string, string>
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

export function answerOf(refusal: Refusal): Answer {
  return { status: STATUSES[refusal.reason], error: errorOf(refusal) }
}

export function isPost(request: Request): boolean {
  return attempt(() => request.method) === 'POST'
}

export function notPost(): Answer {
  return { status: 405, error: new Error('not a POST'), headers: { allow: 'POST' } }
}

export function tooMany(): Answer {
  return { status: 429, error: new Error('too many callbacks under one signed pair') }
}

/** A call of the API that failed may end better next time; a mistake in the route's own code does not. */
export function statusOf(error: unknown): number {
  return isSmileIdError(error) && error.code !== 'invalid_input' ? 503 : 500
}

/** `onRefused` is told why a request was turned away; what it throws changes no answer. */
export function responseTo(answer: Answer, onRefused: (error: unknown) => unknown): Response {
  const { status, error, headers = {} } = answer
  if (error !== undefined) quietly(() => onRefused(error))
  return new Response(null, { status, headers })
}
