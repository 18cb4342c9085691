/**
 * SmartSelfie of the v2 API: enrolment and authentication that answer at once.
 *
 * @module
 */
import { callbackIssues } from './client/addresses.ts'
import { jsonText } from './http/post.ts'
import { internalsOf, type RequestOptions } from './client/internals.ts'
import { send } from './http/send.ts'
import { issue, throwIfAny } from './errors/issues.ts'
import { multipart, type Part } from './smart-selfie/multipart.ts'
import { FLAG, memberIssues, OBJECT, oneOf, optionIssues } from './input/rules.ts'
import { type Photo, photoOrIssues, type PhotoSource } from './photo/read.ts'
import { signedHeaders } from './http/signed-request.ts'
import { members } from './input/objects.ts'
import { MAX_IMAGE_BYTES, type WithCallback, type Enrolment } from './wire/jobs.ts'
import { textIssues } from './input/texts.ts'
import type { Client } from './signature/credentials.ts'

export type { PhotoSource } from './photo/read.ts'

/** JPEG alone, of at most 10,000,000 bytes each. */
export interface SmartSelfieImages extends WithCallback {
  selfie_image: PhotoSource
  /** At least one. */
  liveness_images: readonly PhotoSource[]
  /** Echoed in the reply. */
  partner_params?: Record<string, any> | undefined
  /** Sandbox only: approved, rejected or provisional. */
  sandbox_result?: 0 | 1 | 2 | undefined
}

export interface SmartSelfieEnrolment extends SmartSelfieImages, Enrolment {
  /** @default one that the service makes: see the reply's */
  user_id?: string | undefined
}

export interface SmartSelfieAuthentication extends SmartSelfieImages {
  user_id: string
}

export interface SmartSelfieResult {
  /** `'pending'`: the verdict comes by callback. */
  status: 'approved' | 'pending' | 'rejected'
  code: string
  message: string
  user_id: string
  job_id: string
  job_type: 'smart_selfie_enrollment' | 'smart_selfie_authentication'
  partner_id: string
  partner_params: Record<string, unknown>
  created_at: string
  updated_at: string
  [field: string]: unknown
}

const MAX_REPLY_BYTES = 1_048_576

async function post(
  client: Client,
  operation: 'smart_selfie_enroll' | 'smart_selfie_authentication',
  input: SmartSelfieEnrolment,
  options: RequestOptions,
  enrols: boolean,
): Promise<SmartSelfieResult> {
  const internals = internalsOf(client)
  const given = members(input)
  const { user_id, partner_params, sandbox_result, allow_new_enroll, liveness_images } = given
  const issues = [
    ...(enrols && user_id === undefined ? [] : textIssues('user_id', user_id)),
    ...memberIssues(
      given,
      { partner_params: OBJECT, sandbox_result: oneOf(0, 1, 2), ...(enrols && { allow_new_enroll: FLAG }) },
      '',
      ['user_id', 'selfie_image', 'liveness_images', 'callback_url'],
    ),
    ...callbackIssues(internals, given.callback_url, false),
    ...optionIssues(options),
  ]
  if (!Array.isArray(liveness_images) || !liveness_images.length)
    issues.push(
      issue(
        'liveness_images',
        liveness_images === undefined ? 'missing' : 'wrong_type',
        'must be a list of at least one image',
      ),
    )
  options?.signal?.throwIfAborted?.()
  const fields = {
    user_id,
    callback_url: given.callback_url ?? internals.callbackUrl,
    partner_params: partner_params && jsonText(partner_params),
    sandbox_result,
    allow_new_enroll,
  }
  const read = (path: string, source: unknown) =>
    photoOrIssues(path, source, options?.signal, { maxBytes: MAX_IMAGE_BYTES, types: ['image/jpeg'] })
  const photos = await Promise.all([
    read('selfie_image', given.selfie_image),
    ...Array.from(Array.isArray(liveness_images) ? liveness_images : [], (source: unknown, index) =>
      read(`liveness_images[${index}]`, source ?? null),
    ),
  ])
  issues.push(...photos.flatMap((photo) => ('length' in photo ? photo : [])))
  throwIfAny(issues)

  const parts: Part[] = [
    ...Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value: `${value}` }],
    ),
    ...(photos as Photo[]).map(({ bytes, type }, index) => ({
      name: index ? 'liveness_images' : 'selfie_image',
      value: { fileName: index ? `liveness_${index}.jpg` : 'selfie.jpg', type, bytes },
    })),
  ]
  return (await send(
    internals,
    {
      operation,
      maxReplyBytes: MAX_REPLY_BYTES,
      async body(life) {
        const { body, headers } = multipart(parts, life)
        return { body: body!, headers: { ...headers, ...(await signedHeaders(internals)) } }
      },
      // These replies are not signed, as far as is known: at least it must be about this user.
      check: (reply) =>
        ['approved', 'pending', 'rejected'].includes(`${reply.status}`) &&
        (user_id ?? reply.user_id) === reply.user_id &&
        typeof reply.user_id === 'string',
    },
    { ...options, timeoutMs: options?.timeoutMs ?? internals.uploadTimeoutMs },
  )) as unknown as SmartSelfieResult
}

/**
 * Enrols a user by a selfie and liveness frames, and resolves to the verdict at once.
 *
 * No callback is needed, but while human review is going on (`status` `'pending'`) the last word comes by
 * callback alone. The request can be billed and uses the `user_id` up, so it is repeated only when it is
 * certain that the server did nothing. `timeoutMs` is the client's `uploadTimeoutMs` by default.
 *
 * Rejects with `invalid_input`, `user_exists` (2209), other codes of the API, `network_error`,
 * `request_timeout`.
 *
 * @see https://github.com/smileidentity/android (networking/SmileIDService.kt)
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { enrollSmartSelfie } from 'smileid-edge/smart-selfie'
 *
 * export const enrol = async (client: Client, user_id: string, selfie: Blob, frames: Blob[]) =>
 *   (await enrollSmartSelfie(client, { user_id, selfie_image: selfie, liveness_images: frames })).status
 * ```
 */
export function enrollSmartSelfie(
  client: Client,
  input: SmartSelfieEnrolment,
  options: RequestOptions = {},
): Promise<SmartSelfieResult> {
  return post(client, 'smart_selfie_enroll', input, options, true)
}

/**
 * Compares a selfie and liveness frames with the photo of an enrolled user, and resolves to the verdict at
 * once.
 *
 * As {@link enrollSmartSelfie}; a user that is not there rejects with `user_not_found` (2210).
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { authenticateSmartSelfie } from 'smileid-edge/smart-selfie'
 *
 * export const isSame = async (client: Client, user_id: string, selfie: Blob, frames: Blob[]) =>
 *   (await authenticateSmartSelfie(client, { user_id, selfie_image: selfie, liveness_images: frames }))
 *     .status === 'approved'
 * ```
 */
export function authenticateSmartSelfie(
  client: Client,
  input: SmartSelfieAuthentication,
  options: RequestOptions = {},
): Promise<SmartSelfieResult> {
  return post(client, 'smart_selfie_authentication', input, options, false)
}
