import { isResultOf, postSigned } from '../http/post.ts'
import { internalsOf } from '../client/internals.ts'
import { SOURCE } from '../wire/endpoints.ts'
import { type Members, members } from '../input/objects.ts'
import { checkLookup, checkPartnerParams } from './checks.ts'
import {
  asBefore,
  type CompatExtras,
  type Connect,
  connection,
  type Origin,
  poll,
  schemeOf,
  validates,
} from './client.ts'
import type { OldIdInfo, OldOptions, OldPartnerParams } from './types.ts'
import { questionOf } from './utilities.ts'
import { checkIdParams } from './validation.ts'

interface Lookup extends Origin {
  useValidationApi?: unknown
  options?: Members
  /** The result comes there, if anywhere. */
  later?: { callback_url?: string | undefined }
}

export async function lookUp(
  connect: Connect,
  partner_params: OldPartnerParams,
  id_info: OldIdInfo | null | undefined,
  { useValidationApi, options = {}, later, python }: Lookup,
): Promise<any> {
  const jobType = checkLookup(partner_params, id_info)
  const client = connect(schemeOf(options, { python }))
  if (validates(useValidationApi, options, { python }))
    await checkIdParams(client, id_info, partner_params, true)
  const { user_id, job_id } = partner_params
  const job = { user_id: `${user_id}`, job_id: `${job_id}` }
  const [now, async] =
    jobType === 7
      ? (['business_verification', 'async_business_verification'] as const)
      : (['id_verification', 'async_id_verification'] as const)
  return postSigned(
    internalsOf(client),
    later ? async : now,
    {
      ...id_info,
      ...SOURCE,
      partner_params,
      ...(later?.callback_url && { callback_url: later.callback_url }),
    },
    later ? { job, verify: 'never' } : { job, check: (reply) => isResultOf(job, reply) },
    {},
  )
}

/**
 * Lookups of people (job type 5) and businesses (7).
 *
 * @example
 * ```ts
 * import { type CompatError, IDApi } from 'smileid-edge/compat'
 *
 * export const look = (apiKey: string, job_id: string) =>
 *   new IDApi('085', apiKey, 0)
 *     .submit_job(
 *       { user_id: 'user-1', job_id, job_type: 5 },
 *       { country: 'NG', id_type: 'BVN', id_number: '00000000000' },
 *     )
 *     .catch((error: CompatError) => error.response?.data.code)
 * ```
 */
export class IDApi {
  readonly #connect: Connect

  constructor(partner_id: string, api_key: string, sid_server: string | number, extras?: CompatExtras) {
    this.#connect = connection(partner_id, api_key, sid_server, extras)
  }

  /**
   * The result, its signature checked. `use_validation_api` and `options` are smile_id_core's; see `IdApi`
   * for its defaults.
   */
  submit_job<T = any>(
    partner_params: OldPartnerParams,
    id_info: OldIdInfo,
    use_validation_api?: boolean,
    options?: OldOptions | null,
  ): Promise<T> {
    return asBefore(() =>
      lookUp(this.#connect, partner_params, id_info, {
        useValidationApi: use_validation_api,
        options: members(options),
        python: this instanceof IdApi,
      }),
    )
  }

  /** Taken on; the result comes to the callback. */
  submitAsyncjob<T = any>(
    partner_params: OldPartnerParams,
    id_info: OldIdInfo,
    callbackUrl: string,
  ): Promise<T> {
    return asBefore(() =>
      lookUp(this.#connect, partner_params, id_info, { later: { callback_url: callbackUrl } }),
    )
  }

  /**
   * The status once the job is complete, or the last one after `maxRetries` more polls, `timeout`
   * milliseconds apart.
   */
  pollJobStatus(
    partner_params: OldPartnerParams,
    maxRetries = 4,
    timeout = 5000,
    return_history = false,
    return_images = false,
  ): Promise<any> {
    return asBefore(async () => {
      checkPartnerParams(partner_params)
      return poll(
        internalsOf(this.#connect()),
        questionOf(partner_params, { return_history, return_images }),
        {
          polls: maxRetries + 1,
          pauseMs: () => timeout,
        },
      )
    })
  }
}

/**
 * The same by smile_id_core's name, and with its defaults: `submit_job` first checks `id_info` against the
 * services document, and signs with a sec_key.
 *
 * `use_validation_api: false` leaves the check out; `options.signature: true` signs with an HMAC, as does a
 * key that is no RSA key, which newer accounts have.
 *
 * @example
 * ```ts
 * import { IdApi, ValueError } from 'smileid-edge/compat'
 *
 * export const look = (apiKey: string, job_id: string) =>
 *   new IdApi('125', apiKey, 0)
 *     .submit_job(
 *       { user_id: 'user-1', job_id, job_type: 5 },
 *       { country: 'NG', id_type: 'BVN', id_number: '00000000000', entered: true },
 *     )
 *     .catch((error) => (error instanceof ValueError ? error.issues : Promise.reject(error)))
 * ```
 */
export class IdApi extends IDApi {}
