/** AML: what lists say about a name. */
import type { RequestOptions } from '../client/internals.ts'
import { begin } from '../http/begin.ts'
import { isResultOf, postSigned } from '../http/post.ts'
import type { Client } from '../signature/credentials.ts'
import { SOURCE } from '../wire/endpoints.ts'
import { jobRef } from '../wire/jobs.ts'
import type { AmlResult } from '../wire/replies.ts'
import { type AmlJob, checkAmlJob } from './aml-input.ts'

/** `JOB_TYPE` lists only those that callers choose. */
const AML_JOB_TYPE = 10

/**
 * AML: searches sanction lists, politically exposed persons and adverse media for a name.
 *
 * What was found stands in `people`; `interpretResult` calls every such reply `'unknown'`, since a hit is for
 * a person to judge.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `job_exists` (2215) and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { screenAml } from 'smileid-edge/id-verification'
 *
 * export const hits = async (client: Client, job_id: string) =>
 *   (
 *     await screenAml(client, {
 *       user_id: 'user-1',
 *       job_id,
 *       full_name: 'Leo Joe Doe',
 *       countries: ['NG'],
 *       birth_year: '2000',
 *     })
 *   ).people?.length ?? 0
 * ```
 */
export async function screenAml(
  client: Client,
  job: AmlJob,
  options: RequestOptions = {},
): Promise<AmlResult> {
  const call = begin(client, options, () => checkAmlJob(job))
  const ref = jobRef(call.input)
  const reply = await postSigned(
    call.internals,
    {
      operation: 'aml',
      fields: { ...SOURCE, ...call.input, job_type: AML_JOB_TYPE },
      job: ref,
      isValid: (received) => isResultOf(ref, received),
    },
    call.options,
  )
  return reply as unknown as AmlResult
}
