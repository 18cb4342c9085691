/** An image job that was found right: a call that opens it, a zip, and its upload. */
import { type ClientInternals, internalsOf, type RequestOptions } from '../client/internals.ts'
import type { Failure } from '../http/refusal.ts'
import type { Client } from '../signature/credentials.ts'
import { type JobRef, jobRef, type SubmittedJob } from '../wire/jobs.ts'
import { findOutArrival } from './arrival.ts'
import { type ImageFile, infoJson } from './info-json.ts'
import type { UploadProgress } from './input.ts'
import { type OpenedJob, openJob } from './open.ts'
import { countBytes } from './progress.ts'
import { ofOpenJob, upload, type UploadResult } from './upload.ts'
import { zip } from './zip.ts'

export interface SubmittedImageJob extends SubmittedJob {
  smile_job_id: string
}

/** What the service is told of a job beside its images. */
export type WireJob = Record<string, any> & { partner_params: JobRef }

export interface SendOptions extends RequestOptions {
  uploadTimeoutMs: number
  onProgress?: ((progress: UploadProgress) => void) | undefined
}

interface Submission {
  internals: ClientInternals
  ref: JobRef
  wire: WireJob
  files: readonly ImageFile[]
}

/**
 * Opens the job and uploads its images.
 *
 * @throws {SmileIdError} with the code of what failed, or the signal's own reason.
 */
export async function sendImageJob(
  client: Client,
  wire: WireJob,
  files: readonly ImageFile[],
  options: SendOptions,
): Promise<SubmittedImageJob> {
  const internals = internalsOf(client)
  const ref = jobRef(wire.partner_params)
  const submission: Submission = { internals, ref, wire, files }
  const first = await openJob(internals, { wire, ref }, options)
  if (!first.ok) throw errorOf(first.failure)

  let { opened } = first
  let uploaded = await uploadImages(submission, opened, options)
  if (!uploaded.ok && uploaded.addressExpired) {
    // This very call opened the job, so it takes over nobody else's.
    const again = { wire: { ...wire, retry: true }, ref, smileJobId: opened.smileJobId }
    const second = await openJob(internals, again, options)
    if (!second.ok) throw errorOf(ofOpenJob(second.failure, { mayHaveRun: false }))
    opened = second.opened
    uploaded = await uploadImages(submission, opened, options)
  }
  if (!uploaded.ok) throw errorOf(uploaded.failure)
  return { success: true, ...ref, smile_job_id: opened.smileJobId }
}

function errorOf({ facts, makeError }: Failure): Error {
  return makeError(facts)
}

async function uploadImages(
  { internals, ref, wire, files }: Submission,
  { url, smileJobId, signedFields, retry, reply }: OpenedJob,
  { uploadTimeoutMs, onProgress, ...requestOptions }: SendOptions,
): Promise<UploadResult> {
  const info = infoJson(internals, { job: wire, files, signedFields, retry, reply })
  const counted = countBytes(await zip([{ name: 'info.json', bytes: info }, ...files]), onProgress)
  const uploaded = await upload(
    internals,
    {
      url,
      job: ref,
      smileJobId,
      zip: counted.zip,
      async findOut() {
        const sentBytes = counted.sentBytes()
        // The store keeps whole objects only.
        if (sentBytes > 0 && sentBytes < counted.zip.length) return 'not_done'
        return findOutArrival(internals, { job: ref, smileJobId }, requestOptions)
      },
    },
    { ...requestOptions, timeoutMs: uploadTimeoutMs },
  )
  if (uploaded.ok) counted.complete()
  return uploaded
}
