/** Image jobs as callers have them: all that can be wrong is found before the job is opened. */
import { internalsOf, type RequestOptions } from '../client/internals.ts'
import { crc32 } from './crc32.ts'
import { type ImageJob, imageJobIssues, type ImageJobType, type PlacedImage, placedImages } from './input.ts'
import { sendImageJob, type SubmittedImageJob, type UploadProgress, type WireJob } from './send.ts'
import { FILE_NAMES, type ImageFile } from './info-json.ts'
import { throwIfAny, wrongType } from '../errors/issues.ts'
import { CALLABLE, duration, FLAG, optionIssues } from '../input/rules.ts'
import { type Photo, photoOrIssues } from '../photo/read.ts'
import { members } from '../input/objects.ts'
import { nextTask } from '../platform/time.ts'
import type { InputIssue } from '../errors/codes.ts'
import { IMAGE_TYPES, MAX_IMAGE_BYTES } from '../wire/jobs.ts'
import type { Client } from '../signature/credentials.ts'

export interface SubmitOptions extends RequestOptions {
  /** Milliseconds per attempt to upload. @default the client's, 120_000 */
  uploadTimeoutMs?: number | undefined
  /**
   * Says that you will ask for the result, by `waitForJob` or later; without a callback URL it would be lost
   * otherwise. @default false
   */
  willWait?: boolean | undefined
  /**
   * Bytes of the zip handed over for sending; begins anew with each attempt. In Deno and browsers, and below
   * 128 kB, it is called at the end alone.
   */
  onProgress?: ((progress: UploadProgress) => void) | undefined
}

/**
 * Opens an image job and uploads its images: biometric KYC (1), SmartSelfie authentication (2) and
 * registration (4), document verification (6, 11), update of the photo on file (8).
 *
 * What it resolves to goes straight into `waitForJob`. Every problem of the input, images included, is listed
 * before the job is opened. The zip is streamed. It is sent again when none can have arrived (the store
 * refused it for now, or it broke off before its end), and when after a connection that broke at its end the
 * job's status says for half a minute that none did. An upload address that ran out is asked for again, once.
 *
 * Rejects with `invalid_input`, `job_exists` (2215: perhaps somebody else's; when it is yours and has no
 * images, submit it with `retry: true`), `user_exists` (2209), `user_not_found` (2210) and other codes of the
 * API, `upload_refused`, `network_error`, `request_timeout`. Once the job is open, `smileJobId` stands on the
 * error; unless its `outcome` is `'unknown'`, the job did not run, and can be submitted with `retry: true`.
 *
 * @see https://docs.usesmileid.com/products/for-individuals-kyc/biometric-kyc
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { JOB_TYPE, submitImageJob } from 'smileid-edge/image-jobs'
 * import { waitForJob } from 'smileid-edge/job-status'
 * import { interpretResult } from 'smileid-edge/result'
 *
 * export async function checkPassport(
 *   client: Client,
 *   application: string,
 *   selfie: Blob,
 *   passport: Blob,
 * ): Promise<string> {
 *   const job = await submitImageJob(
 *     client,
 *     {
 *       partner_params: {
 *         user_id: `user-${application}`,
 *         job_id: `passport-${application}`,
 *         job_type: JOB_TYPE.DOCUMENT_VERIFICATION,
 *       },
 *       images: { selfie, front: passport },
 *       id_info: { country: 'GH' },
 *     },
 *     { willWait: true },
 *   )
 *   return interpretResult(await waitForJob(client, job)).decision
 * }
 * ```
 */
export async function submitImageJob<T extends ImageJobType>(
  client: Client,
  job: ImageJob<T>,
  options: SubmitOptions = {},
): Promise<SubmittedImageJob> {
  const internals = internalsOf(client)
  const {
    willWait = false,
    onProgress,
    uploadTimeoutMs = internals.uploadTimeoutMs,
    ...limits
  } = options ?? {}
  const { signal } = limits
  const issues = optionIssues(options, { uploadTimeoutMs: duration(1), willWait: FLAG, onProgress: CALLABLE })
  // Taken now, and checked as it will be sent: while the images are read, the caller's object may change.
  const { wire, images } = snapshot(job, issues)
  // Of a member that cannot be written, nothing else is said.
  issues.push(
    ...imageJobIssues(internals, { ...wire, images }, willWait).filter(
      ({ path }) => !issues.some((issue) => path.startsWith(`${issue.path}.`)),
    ),
  )
  const placed = placedImages({ ...wire, images })
  signal?.throwIfAborted?.()
  const photos = await readAll(placed, signal)
  issues.push(...photos.flatMap((photo) => ('length' in photo ? photo : [])))
  throwIfAny(issues)

  wire.callback_url ??= internals.callbackUrl
  const files: ImageFile[] = []
  for (const [i, { kind, number }] of placed.entries()) {
    const { bytes, type } = photos[i] as Photo
    files.push({
      image_type_id: IMAGE_TYPES[kind][0],
      name: `${FILE_NAMES[kind]}${number ? `_${number}` : ''}.${type === 'image/png' ? 'png' : 'jpg'}`,
      bytes,
      crc: await crc32(bytes),
    })
  }
  return sendImageJob(client, wire, files, { ...limits, uploadTimeoutMs, onProgress })
}

/** All at once, but what is read from base64, which takes time, each in a turn of its own. */
async function readAll(
  placed: readonly PlacedImage[],
  signal: AbortSignal | undefined,
): Promise<(Photo | InputIssue[])[]> {
  const photos: Promise<Photo | InputIssue[]>[] = []
  for (const { path, source } of placed) {
    if (photos.length && typeof source === 'string') await nextTask()
    const photo = photoOrIssues(path, source, signal, { maxBytes: MAX_IMAGE_BYTES })
    photo.catch(() => {})
    photos.push(photo)
  }
  return Promise.all(photos)
}

/** Members as JSON has them; what cannot be written, or read, is an issue. */
function snapshot(job: unknown, issues: InputIssue[]): { wire: WireJob; images: unknown } {
  const wire: Record<string, unknown> = {}
  let images: unknown
  for (const name of Object.keys(members(job))) {
    try {
      const value = members(job)[name]
      if (name === 'images') images = value
      else if (value !== undefined) wire[name] = JSON.parse(JSON.stringify(value))
    } catch {
      issues.push(wrongType(name, 'cannot be written as JSON'))
    }
  }
  return { wire: wire as WireJob, images }
}
