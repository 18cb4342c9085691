/** Image jobs: a call that opens the job, a zip, and its upload. */
import { invalidReply } from './api-error.ts'
import { jsonText } from './call.ts'
import { type Client, type Core, coreOf, type RequestOptions } from './core.ts'
import { crc32 } from './crc32.ts'
import { type JobRef, SmileIdError } from './errors.ts'
import { send, tell } from './http.ts'
import type { SubmittedJob } from './id-jobs.ts'
import { type ImageJob, imageJobIssues, type ImageJobType, type PlacedImage, placedImages } from './image-input.ts'
import { type ImageFile, type Info, infoJson, ZIP_NAME } from './info-json.ts'
import { inputError } from './input-error.ts'
import { getJobStatus } from './job-status.ts'
import { duration, optionIssues } from './options.ts'
import { type Photo, photoOrIssues } from './photo.ts'
import { MAX_IMAGE_BYTES, NO_ZIP, PREPARED, SOURCE, UPLOAD } from './tables.ts'
import { hasLapsed, upload } from './upload.ts'
import { uploadUrl } from './url.ts'
import { zip } from './zip.ts'

export interface SubmitOptions extends RequestOptions {
  /** Milliseconds per attempt to upload. @default the client's, 120_000 */
  uploadTimeoutMs?: number | undefined
  /** Says that you will ask for the result, by `waitForJob` or later; without a callback URL it would be lost otherwise. @default false */
  willWait?: boolean | undefined
  /** Bytes of the zip handed over for sending; begins anew with each attempt. In Deno and browsers, which tell nothing on the way, it is called at the end alone. */
  onProgress?: ((progress: { sentBytes: number; totalBytes: number }) => void) | undefined
}

export interface SubmittedImageJob extends SubmittedJob {
  smile_job_id: string
}

const MAX_REPLY_BYTES = 65_536
/** Until a zip that did arrive shows in the job's status. */
const SETTLE_MS = 3_000

/**
 * Opens an image job and uploads its images: biometric KYC (1), SmartSelfie authentication (2) and registration (4), document verification (6, 11),
 * update of the photo on file (8).
 *
 * What it resolves to goes straight into `waitForJob`. Every problem of the input, images included, is listed before the job is opened. The zip is
 * streamed, and repeated only when it is certain that none arrived: when the store refused it for now, or when after a broken connection the job's status says so.
 * An upload address that ran out is asked for again, once.
 *
 * Rejects with `invalid_input`, `job_exists` (2215: perhaps somebody else's; when it is yours and has no images, submit it with `retry: true`), `user_exists`
 * (2209), `user_not_found` (2210) and other codes of the API, `upload_refused`, `network_error`, `request_timeout`. Once the job is open, `smileJobId` stands on
 * the error, and unless its `outcome` is `'unknown'`, the job did not run.
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
 * export async function checkPassport(client: Client, application: string, selfie: Blob, passport: Blob): Promise<string> {
 *   const job = await submitImageJob(client, {
 *     partner_params: { user_id: `user-${application}`, job_id: `passport-${application}`, job_type: JOB_TYPE.DOCUMENT_VERIFICATION },
 *     images: { selfie, front: passport },
 *     id_info: { country: 'GH' },
 *   }, { willWait: true })
 *   return interpretResult(await waitForJob(client, job)).decision
 * }
 * ```
 */
export async function submitImageJob<T extends ImageJobType>(client: Client, job: ImageJob<T>, options: SubmitOptions = {}): Promise<SubmittedImageJob> {
  const core = coreOf(client)
  const { willWait = false, onProgress, uploadTimeoutMs = core.uploadTimeoutMs, ...limits } = options ?? {}
  const { signal, maxRetries = core.limits.maxRetries } = limits
  const issues = [
    ...imageJobIssues(core, job, willWait),
    ...optionIssues(options, {
      uploadTimeoutMs: duration(1),
      willWait: [(value) => typeof value === 'boolean', 'must be true or false'],
      onProgress: [(value) => typeof value === 'function', 'must be a function'],
    }),
  ]
  signal?.throwIfAborted?.()
  const placed = placedImages(job)
  // Taken now: while the images are read, the caller's object may change.
  const wire = JSON.parse(jsonText({ ...job as object, images: undefined })) as WireJob
  const photos = await Promise.all(placed.map(({ path, source }) => photoOrIssues(path, source, signal, { maxBytes: MAX_IMAGE_BYTES })))
  issues.push(...photos.flatMap((photo) => ('length' in photo ? photo : [])))
  if (issues.length) throw inputError(issues)

  const { user_id, job_id } = wire.partner_params
  const ref: JobRef = { user_id, job_id }
  wire.callback_url ??= core.callbackUrl
  const files: ImageFile[] = []
  for (const [i, { kind }] of placed.entries()) {
    const { bytes, type } = photos[i] as Photo
    files.push({ kind, name: fileName(placed, i, type), bytes, crc: await crc32(bytes) })
  }

  let opened = await openJob(core, wire, ref, limits)
  try {
    await deliver(opened)
  } catch (error) {
    if (!hasLapsed(error)) throw error
    // This very call opened the job, so it replaces nobody else's.
    opened = await openJob(core, { ...wire, retry: true }, ref, limits, opened.smileJobId)
    await deliver(opened)
  }
  return { success: true, ...ref, smile_job_id: opened.smileJobId }

  async function deliver({ url, smileJobId, ...more }: OpenedJob): Promise<void> {
    const packed = await zip([{ name: 'info.json', bytes: infoJson(core, { ...more, job: wire, files }) }, ...files])
    let sentBytes = 0
    const progress = (bytes: number) => tell(onProgress, { sentBytes: (sentBytes += bytes), totalBytes: packed.length })
    for (let repeats = maxRetries; ; repeats--) {
      try {
        await upload(core, { url, zip: { ...packed, pieces: () => ((sentBytes = 0), packed.pieces()), onPiece: progress }, job: ref, smileJobId }, { ...limits, timeoutMs: uploadTimeoutMs })
        if (sentBytes < packed.length) progress(packed.length - sentBytes)
        return
      } catch (error) {
        if (!(error instanceof SmileIdError) || error.outcome !== 'unknown') throw error
        const arrived = await hasArrived()
        if (arrived) return
        if (arrived === undefined || repeats <= 0) throw error
      }
    }
  }

  /** After an upload that ended in nothing: whether the service has a zip all the same, as far as it says. */
  async function hasArrived(): Promise<boolean | undefined> {
    await core.sleep(SETTLE_MS, signal)
    try {
      const { code, job_complete } = await getJobStatus(client, ref, limits)
      return code !== NO_ZIP || job_complete
    } catch {
      signal?.throwIfAborted()
      return undefined
    }
  }
}

const fileName = (placed: readonly PlacedImage[], index: number, type: Photo['type']): string => {
  const { kind } = placed[index]!
  const name = { selfie: 'selfie', liveness: `liveness_${placed.slice(0, index + 1).filter((other) => other.kind === kind).length}`, front: 'id_card_front', back: 'id_card_back' }[kind]
  return `${name}.${type === 'image/png' ? 'png' : 'jpg'}`
}

/** What the service is told of a job beside its images. */
type WireJob = Record<string, any> & { partner_params: JobRef }

interface OpenedJob extends Pick<Info, 'sent' | 'reply'> {
  url: URL
  smileJobId: string
}

/** The prep upload. Repeating it runs nothing; that an earlier attempt opened the job shows as 2215, and the error says so (`outcome`). */
async function openJob(core: Core, job: WireJob, ref: JobRef, options: RequestOptions, smileJobId?: string): Promise<OpenedJob> {
  const { partner_params, callback_url, use_enrolled_image = false, allow_new_enroll, retry = false } = job
  const sent = { timestamp: '', signature: '', retry }
  let url: URL | undefined
  const reply = await send(core, {
    ...UPLOAD, job: ref, ...(smileJobId && { smileJobId }), maxReplyBytes: MAX_REPLY_BYTES,
    async body() {
      sent.timestamp = new Date(core.now()).toISOString()
      sent.signature = await core.sign(sent.timestamp)
      return {
        body: new TextEncoder().encode(JSON.stringify({
          ...SOURCE, smile_client_id: core.client.partnerId, timestamp: sent.timestamp, signature: sent.signature, partner_params, file_name: ZIP_NAME, model_parameters: {},
          callback_url, use_enrolled_image, allow_new_enroll, ...(retry && { retry }),
        })),
      }
    },
    check(reply, facts) {
      url = uploadUrl(reply.upload_url, new URL(core.client.baseUrl), core.uploadHosts)
      if (`${reply.code}` !== PREPARED || typeof reply.smile_job_id !== 'string') throw invalidReply(200, facts)
      // Nothing was uploaded, so the job won't run.
      if (!url) throw Object.assign(invalidReply(200, { ...facts, smileJobId: reply.smile_job_id }), { outcome: 'rejected', hint: 'The upload address is not https, or not of a known host: see allowedUploadHosts.' })
    },
  }, options)
  return { url: url!, smileJobId: reply.smile_job_id as string, sent, reply }
}
