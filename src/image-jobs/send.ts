/** An image job that was found right: a call that opens it, a zip, and its upload. */
import { invalidReply } from '../http/refusal.ts'
import { utf8 } from '../platform/bytes.ts'
import { type ClientInternals, internalsOf, type RequestOptions } from '../client/internals.ts'
import { send } from '../http/send.ts'
import { type ImageFile, type Info, infoJson, ZIP_NAME } from './info-json.ts'
import { readStatus } from '../job-status/status.ts'
import { signedFields } from '../http/signed-request.ts'
import { resultOf } from '../result/interpret.ts'
import { SOURCE } from '../wire/endpoints.ts'
import { hasLapsed, reopenable, upload } from './upload.ts'
import { zip } from './zip.ts'
import { type JobRef, jobRef, PREPARED, NO_ZIP, type SubmittedJob } from '../wire/jobs.ts'
import { tell } from '../client/hooks.ts'
import type { Client } from '../signature/credentials.ts'
import { uploadUrl } from './upload-address.ts'

export interface SubmittedImageJob extends SubmittedJob {
  smile_job_id: string
}

export interface UploadProgress {
  sentBytes: number
  totalBytes: number
}

/** What the service is told of a job beside its images. */
export type WireJob = Record<string, any> & { partner_params: JobRef }

export interface SendOptions extends RequestOptions {
  uploadTimeoutMs: number
  onProgress?: ((progress: UploadProgress) => void) | undefined
}

const MAX_REPLY_BYTES = 65_536

export async function sendImageJob(
  client: Client,
  wire: WireJob,
  files: readonly ImageFile[],
  { uploadTimeoutMs, onProgress, ...limits }: SendOptions,
): Promise<SubmittedImageJob> {
  const internals = internalsOf(client)
  const ref = jobRef(wire.partner_params)
  let opened = await openJob(internals, wire, ref, limits)
  try {
    await deliver(opened)
  } catch (error) {
    if (!hasLapsed(error)) throw error
    try {
      // This very call opened the job, so it replaces nobody else's.
      opened = await openJob(internals, { ...wire, retry: true }, ref, limits, opened.smileJobId)
    } catch (failure) {
      throw reopenable(failure, false)
    }
    await deliver(opened)
  }
  return { success: true, ...ref, smile_job_id: opened.smileJobId }

  async function deliver({ url, smileJobId, ...more }: OpenedJob): Promise<void> {
    const packed = await zip([
      { name: 'info.json', bytes: infoJson(internals, { ...more, job: wire, files }) },
      ...files,
    ])
    let sentBytes = 0
    const onPiece = (bytes: number) =>
      tell(onProgress, { sentBytes: (sentBytes += bytes), totalBytes: packed.length })
    await upload(
      internals,
      {
        url,
        job: ref,
        smileJobId,
        zip: { ...packed, onPiece, pieces: () => ((sentBytes = 0), packed.pieces()) },
        sentBytes: () => sentBytes,
        look: () => hasZip(internals, ref, smileJobId, limits),
      },
      { ...limits, timeoutMs: uploadTimeoutMs },
    )
    if (sentBytes < packed.length) onPiece(packed.length - sentBytes)
  }
}

/**
 * What the service says of a job's zip: what it made of it, that there is none, or nothing (yet) that tells.
 */
async function hasZip(
  internals: ClientInternals,
  job: JobRef,
  smileJobId: string,
  options: RequestOptions,
): Promise<boolean | undefined> {
  try {
    const status = await readStatus(internals, job, options)
    const result = resultOf(status)
    if (result) return `${result.SmileJobID}` === smileJobId || undefined
    return status.code === NO_ZIP ? false : undefined
  } catch {
    options.signal?.throwIfAborted()
    return undefined
  }
}

interface OpenedJob extends Pick<Info, 'sent' | 'reply'> {
  url: URL
  smileJobId: string
}

/**
 * The prep upload. Repeating it runs nothing; that an earlier attempt opened the job shows as 2215, and the
 * error says so (`outcome`).
 */
async function openJob(
  internals: ClientInternals,
  job: WireJob,
  ref: JobRef,
  options: RequestOptions,
  smileJobId?: string,
): Promise<OpenedJob> {
  const { partner_params, callback_url, use_enrolled_image = false, allow_new_enroll, retry = false } = job
  const sent: Info['sent'] = { proof: {}, retry }
  let url: URL | undefined
  const reply = await send(
    internals,
    {
      operation: 'upload',
      job: ref,
      ...(smileJobId && { smileJobId }),
      maxReplyBytes: MAX_REPLY_BYTES,
      async body() {
        sent.proof = await signedFields(internals)
        return {
          body: utf8(
            JSON.stringify({
              ...SOURCE,
              smile_client_id: internals.client.partnerId,
              ...sent.proof,
              partner_params,
              file_name: ZIP_NAME,
              model_parameters: {},
              callback_url,
              use_enrolled_image,
              allow_new_enroll,
              ...(retry && { retry }),
            }),
          ),
        }
      },
      check(reply, facts) {
        url = uploadUrl(reply.upload_url, new URL(internals.client.baseUrl), internals.uploadHosts)
        if (`${reply.code}` !== PREPARED || !/^\w+$/.test(`${reply.smile_job_id}`)) return false
        // Nothing was uploaded, so the job won't run.
        if (!url)
          throw invalidReply(200, facts, {
            smileJobId: `${reply.smile_job_id}`,
            outcome: 'rejected',
            hint: 'The upload address is not https, or not of a known host: see allowedUploadHosts.',
          })
        return true
      },
    },
    options,
  )
  return { url: url!, smileJobId: `${reply.smile_job_id}`, sent, reply }
}
