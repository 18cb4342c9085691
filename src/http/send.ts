/** One call of v1 or v2: what is known of its operation, and replies as they have them. */
import type { RequestOptions, Sender } from '../client/internals.ts'
import { parseObject } from '../input/json.ts'
import { endpointOf, type V1Operation } from '../wire/endpoints.ts'
import type { End, ReplyOrFailure } from './attempt.ts'
import { attempts, type Call as AnyCall } from './attempts.ts'
import { invalidReply, type Received, refusalOf } from './refusal.ts'

export interface Call extends Omit<AnyCall, keyof Known | 'operation'>, Partial<Pick<AnyCall, keyof Known>> {
  operation: V1Operation
}

/** What a call has to say only where it is another thing than what is known of its operation. */
type Known = Pick<AnyCall, 'path' | 'repeatable' | 'readReply'>

/**
 * The members of the reply.
 *
 * @throws {SmileIdError} with the code of what failed, or the signal's own reason.
 */
export async function send(
  internals: Sender,
  call: Call,
  options: RequestOptions = {},
): Promise<Record<string, unknown>> {
  const end = await trySend(internals, call, options)
  if (end.kind === 'reply') return end.reply
  if (end.kind === 'abort') throw end.reason
  throw end.failure.makeError(end.failure.facts)
}

/** The same, for those who have more to say about a failure. */
export function trySend(internals: Sender, call: Call, options: RequestOptions): Promise<End> {
  const { path, repeatable } = endpointOf(call.operation)
  return attempts(internals, { path, repeatable, readReply: readJsonReply, ...call }, options)
}

function readJsonReply(received: Received, text: string | undefined): ReplyOrFailure {
  const reply = text === undefined ? undefined : parseObject(text)
  const { response, facts } = received
  if (!response.ok) return { ok: false, failure: refusalOf(received, reply) }
  if (!reply) return { ok: false, failure: invalidReply(facts, { status: response.status }) }
  return { ok: true, reply }
}
