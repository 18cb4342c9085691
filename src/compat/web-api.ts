import { jsonText, postSigned } from '../http/post.ts'
import { internalsOf } from '../client/internals.ts'
import { sendImageJob, type WireJob } from '../image-jobs/send.ts'
import { readStatus } from '../job-status/status.ts'
import { type Members, members } from '../input/objects.ts'
import { checkImageJob, checkPartnerParams, checkTokenRequest, jobTypeOf } from './checks.ts'
import {
  asBefore,
  type CompatExtras,
  type Connect,
  connection,
  schemeOf,
  validates,
  waitForSubmitted,
} from './client.ts'
import { readFile } from './files.ts'
import { lookUp } from './id-api.ts'
import { readImages } from './images.ts'
import { questionOf } from './utilities.ts'
import { checkIdParams } from './validation.ts'
import type { ImageDetail, OldIdInfo, OldOptions, OldPartnerParams, WebTokenRequest } from './types.ts'
import type { Client } from '../signature/credentials.ts'

/**
 * Jobs of every type, their status, and web tokens.
 *
 * @example
 * ```ts
 * import { JOB_TYPE, WebApi } from 'smileid-edge/compat'
 *
 * export const check = (apiKey: string, selfie: string, application: string) =>
 *   new WebApi('085', 'https://app.example/callback', apiKey, 0).submit_job(
 *     { user_id: `user-${application}`, job_id: `kyc-${application}`, job_type: JOB_TYPE.BIOMETRIC_KYC },
 *     [{ image_type_id: 2, image: selfie }],
 *     { country: 'NG', id_type: 'BVN', id_number: '00000000000', entered: true },
 *     { return_job_status: true },
 *   )
 * ```
 */
export class WebApi {
  readonly #connect: Connect
  readonly #callback: string | null | undefined

  constructor(
    partner_id: string,
    default_callback: string | null | undefined,
    api_key: string,
    sid_server: string | number,
    extras?: CompatExtras,
  ) {
    this.#connect = connection(partner_id, api_key, sid_server, extras)
    this.#callback = default_callback
  }

  /**
   * Runs a job: a lookup (types 5 and 7) resolves to its result, one with images to its status
   * (`return_job_status`) or to what it is called.
   *
   * `use_validation_api` (here or in the options) first checks `id_info` against the services document, as
   * smile_id_core did.
   *
   * @default false, as in JavaScript; in Python the same text meant true
   */
  submit_job<T = any>(
    partner_params: OldPartnerParams,
    image_details: readonly ImageDetail[] | null | undefined,
    id_info?: OldIdInfo | null,
    options?: OldOptions | null,
    use_validation_api?: boolean,
  ): Promise<T> {
    return asBefore(async () => {
      checkPartnerParams(partner_params)
      const jobType = jobTypeOf(partner_params)
      const wanted: Members = members(options)
      if (jobType === 5 || jobType === 7)
        return lookUp(this.#connect, partner_params, id_info, {
          useValidationApi: use_validation_api,
          options: wanted,
        })

      const info = members(id_info)
      const callback_url = wanted.optional_callback || this.#callback
      const { entered, flags } = checkImageJob(jobType, image_details, info, wanted, callback_url)
      const client = this.#connect(schemeOf(wanted))
      if (validates(use_validation_api, wanted)) await checkIdParams(client, id_info, partner_params, true)
      // Taken now: while the images are read, the caller's objects may change.
      const wire = JSON.parse(
        jsonText({
          partner_params: { ...partner_params, job_type: jobType },
          id_info: { ...info, entered },
          callback_url,
          use_enrolled_image: flags.use_enrolled_image,
        }),
      ) as WireJob
      return run(client, wire, image_details!, flags)
    })
  }

  get_job_status<T = any>(partner_params: OldPartnerParams, options?: OldOptions | null): Promise<T> {
    return asBefore(async () => {
      const client = this.#connect(schemeOf(members(options)))
      return (await readStatus(internalsOf(client), questionOf(partner_params, options), {})) as T
    })
  }

  get_web_token(request: WebTokenRequest): Promise<{ token: string }> {
    return asBefore(async () => {
      const callback_url = checkTokenRequest(request, this.#callback)
      const { user_id, job_id, product } = request
      return (await postSigned(
        internalsOf(this.#connect()),
        'token',
        { user_id, job_id, product, callback_url },
        {
          job: { user_id: `${user_id}`, job_id: `${job_id}` },
          verify: 'never',
          check: ({ token }) => token !== undefined,
        },
        {},
      )) as { token: string }
    })
  }
}

async function run(
  client: Client,
  wire: WireJob,
  images: readonly unknown[],
  { return_job_status, return_history, return_images }: ReturnType<typeof checkImageJob>['flags'],
): Promise<any> {
  const { uploadTimeoutMs } = internalsOf(client)
  const { smile_job_id } = await sendImageJob(client, wire, await readImages(images, readFile), {
    uploadTimeoutMs,
  })
  const short = { success: true, smile_job_id }
  if (!return_job_status) return short
  return {
    ...(await waitForSubmitted(client, questionOf(wire.partner_params, { return_history, return_images }))),
    ...short,
  }
}
