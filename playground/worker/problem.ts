/** Errors as problem JSON (RFC 9457), with nothing in them that was sent or received. */
import { type InputIssue, isSmileIdError } from 'smileid-edge/errors'

export interface Problem {
  status: number
  /** One word for programs; `type` is made of it. */
  code: string
  /** One sentence for people. */
  title: string
  issues?: readonly InputIssue[] | undefined
  /** Answered as `Retry-After`, too. */
  retry_after_ms?: number | undefined
  [more: string]: unknown
}

/** Thrown where a route cannot go on; the router answers with it. */
export class Refusal extends Error {
  readonly problem: Problem

  constructor(status: number, code: string, title: string, more: Partial<Problem> = {}) {
    super(code)
    this.problem = { status, code, title, ...more }
  }
}

export const invalid = (issues: readonly InputIssue[]): Refusal =>
  new Refusal(422, 'invalid_input', 'Some of the input is missing or wrong.', { issues })

export function problemResponse(
  { code, ...rest }: Problem,
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = new Headers({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...more,
  })
  if (rest.retry_after_ms !== undefined)
    headers.set('retry-after', String(Math.ceil(rest.retry_after_ms / 1000)))
  return new Response(JSON.stringify({ type: `/problems/${code}`, code, ...rest }), {
    status: rest.status,
    headers,
  })
}

/**
 * What an error means for who called this Worker: his mistake, the service's no, or a failure of the world.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem
  if (!isSmileIdError(error))
    return {
      status: 500,
      code: 'internal',
      title: 'Something went wrong here. Nothing is known to be lost; try again.',
    }
  const facts = {
    hint: error.hint,
    outcome: error.outcome,
    retryable: error.retryable,
    smile_code: 'smileCode' in error ? error.smileCode : undefined,
    retry_after_ms: error.retryAfterMs,
  }
  switch (error.code) {
    case 'invalid_input':
      return invalid(error.issues).problem
    case 'user_exists':
    case 'job_exists':
      return {
        ...facts,
        status: 409,
        code: error.code,
        title: error.code === 'user_exists' ? 'This user is enrolled already.' : 'This job exists already.',
      }
    case 'job_not_found':
      return { ...facts, status: 404, code: error.code, title: 'The service does not know this job.' }
    case 'rate_limited':
    case 'id_number_blocked':
      return { ...facts, status: 429, code: error.code, title: 'The service asks to slow down.' }
    case 'request_timeout':
    case 'wait_timeout':
    case 'provider_timeout':
      return { ...facts, status: 504, code: error.code, title: 'The service took too long.' }
    default:
      return {
        ...facts,
        status: 502,
        code: error.code,
        title:
          error.outcome === 'unknown'
            ? 'The service did not answer; it may have acted.'
            : 'The service refused.',
      }
  }
}
