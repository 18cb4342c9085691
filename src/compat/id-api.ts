/** The class `IDApi` of smile-identity-core, and smile_id_core's of nearly the same name. */
import { internalsOf } from '../client/internals.ts'
import { copyOf, optionsOf } from './arguments.ts'
import { checkPartnerParams, checkPolling } from './checks.ts'
import { type CompatExtras, type Connect, connector } from './client.ts'
import type { Dialect } from './dialect.ts'
import { withAxiosErrors } from './errors.ts'
import { jobQueryOf } from './job-query.ts'
import { submitLookup } from './lookup.ts'
import { pollStatus } from './polling.ts'
import type { OldIdInfo, OldOptions, OldPartnerParams } from './types.ts'

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
    this.#connect = connector({ partnerId: partner_id, apiKey: api_key, server: sid_server, extras })
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
    const dialect: Dialect = this instanceof IdApi ? 'python' : 'javascript'
    return withAxiosErrors(() =>
      submitLookup(this.#connect, {
        partner_params: copyOf(partner_params, 'partner_params'),
        id_info: copyOf(id_info, 'id_info'),
        useValidationApi: use_validation_api,
        options: optionsOf(options),
        dialect,
      }),
    )
  }

  /** Taken on; the result comes to the callback. */
  submitAsyncjob<T = any>(
    partner_params: OldPartnerParams,
    id_info: OldIdInfo,
    callbackUrl: string,
  ): Promise<T> {
    return withAxiosErrors(() =>
      submitLookup(this.#connect, {
        partner_params: copyOf(partner_params, 'partner_params'),
        id_info: copyOf(id_info, 'id_info'),
        later: { callback_url: copyOf(callbackUrl, 'callbackUrl') },
        dialect: 'javascript',
      }),
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
    return withAxiosErrors(async () => {
      const params = copyOf(partner_params, 'partner_params')
      checkPartnerParams(params)
      checkPolling({ maxRetries, timeout })
      const query = jobQueryOf(params, { return_history, return_images })
      const internals = internalsOf(this.#connect())
      return pollStatus(internals, query, { polls: maxRetries + 1, pauseMs: () => timeout })
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
