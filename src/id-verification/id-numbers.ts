/** What can be asked for about an ID number that was looked up before. */
import { isResultOf, postSigned } from '../http/post.ts'
import type { RequestOptions } from '../client/internals.ts'
import { flatIssues } from '../input/flat.ts'
import { isSuccess } from './lookups.ts'
import type { Country, IdType } from '../wire/id-types.ts'
import type { AnyResult } from '../wire/replies.ts'
import { SOURCE } from '../wire/endpoints.ts'
import { begin } from '../http/begin.ts'
import type { Client } from '../signature/credentials.ts'

/**
 * Compares what the ID authority and the document of one user say; both jobs must be done. The path is
 * inferred from the documentation, not proved.
 */
export async function compareUserInfo(
  client: Client,
  input: { user_id: string; country: Country; id_type: IdType },
  options: RequestOptions = {},
): Promise<AnyResult> {
  const internals = begin(client, options, flatIssues(input, ['user_id', 'country', 'id_type']))
  const { user_id } = input
  return (await postSigned(
    internals,
    'compare_user_info',
    { ...SOURCE, ...input },
    { verify: 'if-signed', check: (reply) => isResultOf({ user_id }, reply) },
    options,
  )) as unknown as AnyResult
}

/** Lifts the block of an ID number that was asked for too often (2222). */
export async function resetIdNumberRateLimit(
  client: Client,
  input: { id_type: IdType; id_number: string; country?: Country | undefined },
  options: RequestOptions = {},
): Promise<{ message: string; success: string }> {
  const internals = begin(client, options, flatIssues(input, ['id_type', 'id_number'], ['country']))
  return (await postSigned(
    internals,
    'id_number_rate_limit_reset',
    input,
    { verify: 'if-signed', check: isSuccess },
    options,
  )) as unknown as { message: string; success: string }
}
