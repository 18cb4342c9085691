/** Image jobs as callers have them: all that can be wrong is found before the job is opened. */
import { usableSignal } from '../client/input.ts'
import { internalsOf } from '../client/internals.ts'
import type { InputIssue } from '../errors/codes.ts'
import { distinctIssues } from '../errors/distinct-issues.ts'
import { throwIfAny } from '../errors/issues.ts'
import { membersOf } from '../input/objects.ts'
import { check } from '../input/schema.ts'
import { throwIfAborted } from '../platform/time.ts'
import type { Client } from '../signature/credentials.ts'
import { checkImages, imageJobIssues } from './check.ts'
import { givenImages, imageFiles, readImages } from './images.ts'
import {
  type ImageJob,
  imageJobAsJson,
  type ImageJobType,
  type SubmitOptions,
  submitOptions,
} from './input.ts'
import { sendImageJob, type SubmittedImageJob, type WireJob } from './send.ts'

/**
 * Opens an image job and uploads its images: biometric KYC (1), SmartSelfie authentication (2) and
 * registration (4), document verification (6, 11), update of the photo on file (8).
 *
 * What it resolves to goes straight into `waitForJob`. Every problem of the input, images included, is listed
 * before the job is opened. The zip is streamed. It is sent again when none can have arrived (the store
 * refused it for now, or it broke off before its end), and when after a connection that broke at its end the
 * job's status says for half a minute that none did. An upload address that ran out is asked for again, once.
 *
 * Once the job is open, `smileJobId` stands on the error. Unless its `outcome` is `'unknown'`, the job did
 * not run, and can be submitted with `retry: true`.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `job_exists` (2215: perhaps somebody else's; when it is yours and has no images,
 * submit it with `retry: true`), `user_exists` (2209), `user_not_found` (2210), `upload_refused` and the
 * other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
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
  const given = check(submitOptions(), options ?? {}, 'options')
  const { willWait = false, onProgress, uploadTimeoutMs, ...requestOptions } = given.value
  const { timeoutMs = internals.limits.timeoutMs } = requestOptions
  // Taken now, and checked as it will be sent: while the images are read, the caller's object may change.
  const { issues: unwritable, value: taken } = check(imageJobAsJson(), membersOf(job))
  const images = checkImages(taken.images)
  const copied = { ...taken, images: images.value }
  const jobIssues = imageJobIssues(internals, copied, { willWait, imageIssues: images.issues })
  const issues = [
    ...given.issues,
    ...unwritable,
    ...jobIssues.filter(({ path }) => !isWithin(path, unwritable)),
  ]
  const signal = usableSignal(given)
  throwIfAborted(signal)
  const photos = await readImages(givenImages(copied), { timeoutMs, signal })
  throwIfAny(distinctIssues([...issues, ...photos.issues]))
  if (photos.late) throw photos.late

  const { images: _, ...wire } = taken
  const callback_url = wire.callback_url ?? internals.callbackUrl
  return sendImageJob(client, { ...(wire as WireJob), callback_url }, imageFiles(photos.read), {
    ...requestOptions,
    uploadTimeoutMs: uploadTimeoutMs ?? internals.uploadTimeoutMs,
    onProgress,
  })
}

/** Of a member that cannot be written, nothing else is said. */
function isWithin(path: string, members: readonly InputIssue[]): boolean {
  return members.some((member) => path.startsWith(`${member.path}.`))
}
