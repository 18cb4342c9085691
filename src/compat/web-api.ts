/** The class `WebApi` of both old SDKs. */
import { internalsOf } from '../client/internals.ts'
import { jsonText, postSigned } from '../http/post.ts'
import { sendImageJob, type WireJob } from '../image-jobs/send.ts'
import { membersOf } from '../input/objects.ts'
import { readStatus } from '../job-status/status.ts'
import type { Client } from '../signature/credentials.ts'
import { copyOf, copyOfImages, optionsOf, textOf } from './arguments.ts'
import { checkPartnerParams, checkTokenRequest, isLookup, jobTypeOf } from './checks.ts'
import { type CompatExtras, type Connect, connector } from './client.ts'
import { schemeOf, usesValidationApi } from './dialect.ts'
import { withAxiosErrors } from './errors.ts'
import { readFile } from './files.ts'
import { checkImageJob, type Flags } from './image-job-checks.ts'
import { readImages } from './images.ts'
import { jobQueryOf } from './job-query.ts'
import { submitLookup } from './lookup.ts'
import { waitForSubmitted } from './polling.ts'
import type { ImageDetail, OldIdInfo, OldOptions, OldPartnerParams, WebTokenRequest } from './types.ts'
import { checkIdParams } from './validation.ts'

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
    this.#connect = connector({ partnerId: partner_id, apiKey: api_key, server: sid_server, extras })
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
    return withAxiosErrors(async () => {
      const params = copyOf(partner_params, 'partner_params')
      checkPartnerParams(params)
      const job = {
        partner_params: params,
        image_details: copyOfImages(image_details),
        id_info: copyOf(id_info, 'id_info'),
        options: copyOf(options, 'options'),
        use_validation_api,
      }
      return isLookup(jobTypeOf(params)) ? this.#submitLookup(job) : this.#submitImageJob(job)
    })
  }

  get_job_status<T = any>(partner_params: OldPartnerParams, options?: OldOptions | null): Promise<T> {
    return withAxiosErrors(async () => {
      const given = optionsOf(options)
      const query = jobQueryOf(copyOf(partner_params, 'partner_params'), given)
      const client = this.#connect(schemeOf(given, 'javascript'))
      const status: unknown = await readStatus(internalsOf(client), query, {})
      return status as T
    })
  }

  get_web_token(request: WebTokenRequest): Promise<{ token: string }> {
    return withAxiosErrors(async () => {
      const given = copyOf(request, 'request')
      const callback_url = checkTokenRequest(given, this.#callback)
      const { user_id, job_id, product } = given
      const reply: unknown = await postSigned(
        internalsOf(this.#connect()),
        {
          operation: 'token',
          fields: { user_id, job_id, product, callback_url },
          job: { user_id: textOf(user_id), job_id: textOf(job_id) },
          verify: 'never',
          isValid: ({ token }) => token !== undefined,
        },
        {},
      )
      return reply as { token: string }
    })
  }

  #submitLookup({ partner_params, id_info, use_validation_api, options }: SubmitJobArguments): Promise<any> {
    return submitLookup(this.#connect, {
      partner_params,
      id_info,
      useValidationApi: use_validation_api,
      options: membersOf(options),
      dialect: 'javascript',
    })
  }

  async #submitImageJob(job: SubmitJobArguments): Promise<any> {
    const { partner_params, image_details, id_info } = job
    const jobType = jobTypeOf(partner_params)
    const [idInfo, options] = [membersOf(id_info), membersOf(job.options)]
    const callbackUrl = copyOf(options.optional_callback || this.#callback, 'options.optional_callback')
    const { entered, flags } = checkImageJob({ jobType, images: image_details, idInfo, options, callbackUrl })
    const client = this.#connect(schemeOf(options, 'javascript'))
    if (usesValidationApi(job.use_validation_api, options, 'javascript')) {
      await checkIdParams(client, { id_info, partner_params, useServices: true })
    }
    const fields = jsonText({
      partner_params: { ...partner_params, job_type: jobType },
      id_info: { ...idInfo, entered },
      callback_url: callbackUrl,
      use_enrolled_image: flags.use_enrolled_image,
    })
    return sendAndWait(client, { wire: JSON.parse(fields) as WireJob, images: image_details!, flags })
  }
}

/** The arguments of `submit_job`, by their names. */
interface SubmitJobArguments {
  partner_params: OldPartnerParams
  image_details: readonly ImageDetail[] | null | undefined
  id_info: OldIdInfo | null | undefined
  options: OldOptions | null | undefined
  use_validation_api: boolean | undefined
}

async function sendAndWait(
  client: Client,
  { wire, images, flags }: { wire: WireJob; images: readonly unknown[]; flags: Flags },
): Promise<any> {
  const { uploadTimeoutMs } = internalsOf(client)
  const files = await readImages(images, readFile)
  const { smile_job_id } = await sendImageJob(client, wire, files, { uploadTimeoutMs })
  const submitted = { success: true, smile_job_id }
  if (!flags.return_job_status) return submitted
  const status = await waitForSubmitted(client, jobQueryOf(wire.partner_params, flags))
  return { ...status, ...submitted }
}
