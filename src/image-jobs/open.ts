/** The call that opens an image job (`POST /v1/upload`, the "prep upload"). */
import type { ClientInternals, RequestOptions } from '../client/internals.ts'
import { type CallFacts, type Failure, invalidReply } from '../http/refusal.ts'
import { trySend } from '../http/send.ts'
import { signedFields } from '../http/signed-request.ts'
import { utf8 } from '../platform/bytes.ts'
import { SOURCE } from '../wire/endpoints.ts'
import { type JobRef, PREPARED } from '../wire/jobs.ts'
import { ZIP_NAME } from './info-json.ts'
import { uploadAddress } from './upload-address.ts'
import { asText } from '../input/objects.ts'

export interface OpeningJob {
  /** What the service is told of the job; `retry`: to open one that exists once more. */
  wire: Record<string, any>
  ref: JobRef
  /** Of the job that exists, where it is known. */
  smileJobId?: string
}

export interface OpenedJob {
  /** Where its zip goes. */
  url: URL
  smileJobId: string
  /** The fields by which the call was signed. */
  signedFields: Record<string, unknown>
  retry: boolean
  /** The whole reply. */
  reply: Record<string, unknown>
}

export type OpenResult = { ok: true; opened: OpenedJob } | { ok: false; failure: Failure }

const MAX_REPLY_BYTES = 65_536

/**
 * Repeating it runs nothing; that an earlier attempt opened the job shows as 2215, and the failure says so
 * (`outcome`). Rejects with the signal's own reason when aborted.
 */
export async function openJob(
  internals: ClientInternals,
  { wire, ref, smileJobId }: OpeningJob,
  options: RequestOptions,
): Promise<OpenResult> {
  const { retry = false } = wire
  const addressOf = (reply: Record<string, unknown>) =>
    uploadAddress(reply.upload_url, {
      apiRoot: new URL(internals.client.baseUrl),
      hosts: internals.uploadHosts,
    })
  /** Of the latest attempt. */
  let signed: Record<string, unknown> = {}
  const end = await trySend(
    internals,
    {
      operation: 'upload',
      job: ref,
      ...(smileJobId !== undefined && { smileJobId }),
      maxReplyBytes: MAX_REPLY_BYTES,
      async body(attempt) {
        signed = await signedFields(internals, attempt)
        return { body: utf8(JSON.stringify(openingFields(internals, { wire, signed }))) }
      },
      verify(reply, facts) {
        if (!isPrepared(reply) || addressOf(reply)) return undefined
        return addressRefused(reply, facts)
      },
      isValid: isPrepared,
    },
    options,
  )
  if (end.kind === 'abort') throw end.reason
  if (end.kind === 'failure') return { ok: false, failure: end.failure }
  const { reply } = end
  return {
    ok: true,
    opened: {
      url: addressOf(reply)!,
      smileJobId: `${reply.smile_job_id}`,
      signedFields: signed,
      retry,
      reply,
    },
  }
}

function openingFields(
  internals: ClientInternals,
  { wire, signed }: { wire: Record<string, any>; signed: Record<string, unknown> },
): object {
  const { partner_params, callback_url, use_enrolled_image = false, allow_new_enroll, retry } = wire
  return {
    ...SOURCE,
    smile_client_id: internals.client.partnerId,
    ...signed,
    partner_params,
    file_name: ZIP_NAME,
    model_parameters: {},
    callback_url,
    use_enrolled_image,
    allow_new_enroll,
    // Left out unless it is asked for, as official clients do.
    retry: retry ? true : undefined,
  }
}

function isPrepared({ code, smile_job_id }: Record<string, unknown>): boolean {
  return asText(code) === PREPARED && /^\w+$/.test(asText(smile_job_id))
}

/** Nothing was uploaded, so the job will not run. */
function addressRefused(reply: Record<string, unknown>, facts: CallFacts): Failure {
  return invalidReply(facts, {
    status: 200,
    smileJobId: `${reply.smile_job_id}`,
    outcome: 'rejected',
    hint: 'The upload address is not https, or not of a known host: see allowedUploadHosts.',
  })
}
