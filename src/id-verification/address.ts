/** Address verification. */
import { utf8 } from '../platform/bytes.ts'
import { internalsOf, type RequestOptions } from '../client/internals.ts'
import { flatIssues } from '../input/flat.ts'
import { send } from '../http/send.ts'
import { isSuccess } from './lookups.ts'
import { issue } from '../errors/issues.ts'
import { members } from '../input/objects.ts'
import { signedHeaders } from '../http/signed-request.ts'
import { callbackIssues } from '../client/addresses.ts'
import type { WithCallback } from '../wire/jobs.ts'
import { begin } from '../http/begin.ts'
import type { Client } from '../signature/credentials.ts'

export type AddressJob = WithCallback & { address: string; full_name?: string | undefined } & (
    | { country: 'NG'; utility_number: string; utility_provider: string }
    | { country: 'ZA'; /** 13 digits */ id_number: string }
  )

/**
 * Checks an address by a utility account (Nigeria) or an ID number (South Africa); the result comes by
 * callback. Signed in headers, unlike the rest.
 */
export async function submitAddress(
  client: Client,
  job: AddressJob,
  options: RequestOptions = {},
): Promise<{ success: true }> {
  const { country, id_number, callback_url } = members(job)
  const issues = [
    ...flatIssues(
      job,
      ['country', 'address', ...(country === 'ZA' ? ['id_number'] : ['utility_number', 'utility_provider'])],
      ['full_name'],
      {},
      ['callback_url'],
    ),
    ...callbackIssues(internalsOf(client), callback_url, true),
  ]
  if (country !== undefined && country !== 'NG' && country !== 'ZA')
    issues.push(issue('country', 'not_allowed', "must be 'NG' or 'ZA'"))
  if (typeof id_number === 'string' && id_number && !/^\d{13}$/.test(id_number))
    issues.push(issue('id_number', 'wrong_format', 'must have 13 digits'))
  const internals = begin(client, options, issues)
  await send(
    internals,
    {
      operation: 'verify_address',
      maxReplyBytes: 1_048_576,
      check: isSuccess,
      body: async () => ({
        body: utf8(JSON.stringify({ ...job, callback_url: job.callback_url ?? internals.callbackUrl })),
        headers: await signedHeaders(internals),
      }),
    },
    options,
  )
  return { success: true }
}
