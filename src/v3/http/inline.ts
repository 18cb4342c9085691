/** Results that come in the reply itself. */
import type { RequestOptions } from '../../client/internals.ts'
import { membersOf } from '../../input/objects.ts'
import type { Caller } from '../client/caller.ts'
import type { V3Endpoint } from '../wire/operations.ts'
import type { Inline, Result } from '../wire/results.ts'
import { isVerdict } from '../wire/status.ts'
import { callV3 } from './call.ts'
import type { V3Reply } from './exchange.ts'
import { partsOf } from './parts.ts'
import { jobIdOf } from './refusal.ts'
import { namesUser } from './user-id.ts'

export interface InlineCall {
  endpoint: V3Endpoint
  fields: object
  headers?: Readonly<Record<string, string>>
}

/** The result, with the ids of the reply's headers, since the bodies of some products have none. */
export async function askInline<R extends Result>(
  caller: Caller,
  { endpoint, fields, headers }: InlineCall,
  options: RequestOptions,
): Promise<Inline<R>> {
  const parts = partsOf(fields)
  const asked = membersOf(fields).user_id ?? (caller.kind === 'token' && caller.claims.user_id)
  const reply = await callV3(
    caller,
    { endpoint, parts, headers, isSigned: true, isValid: (received) => isResult(received, asked) },
    options,
  )
  const ids = { job_id: jobIdOf(reply.headers, reply.members), user_id: userIdOf(reply, asked) }
  return { ...reply.members, ...ids } as unknown as Inline<R>
}

function isResult(reply: V3Reply, asked: unknown): boolean {
  const { members, headers } = reply
  const hasIds = jobIdOf(headers, members) !== undefined && userIdOf(reply, asked) !== undefined
  return hasIds && isVerdict(members.status)
}

/** Of the header; but where that is another spelling of an id that is known as it is, that id. */
function userIdOf({ headers, members }: V3Reply, asked: unknown): string | undefined {
  const header = headers.get('user-id')
  const texts = [members.user_id, asked].filter((id) => typeof id === 'string')
  if (header === null) return texts[0]
  return texts.find((id) => namesUser(header, id)) ?? header
}
