/** The call that enrolment and authentication share. */
import { callbackUrlIssues } from '../client/addresses.ts'
import { checkRequestOptions, usableSignal } from '../client/input.ts'
import { type ClientInternals, internalsOf, type RequestOptions } from '../client/internals.ts'
import { SmileIdInputError, type SmileIdTimeoutError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { formBody, type Part, writeForm } from '../http/multipart.ts'
import { jsonText } from '../http/post.ts'
import { send } from '../http/send.ts'
import { signedHeaders } from '../http/signed-request.ts'
import { asText, type Members, membersOf, withoutUndefined } from '../input/objects.ts'
import type { Checked } from '../input/schema.ts'
import { type Photo, type ReadingOptions, readPhotoAt } from '../photo/read.ts'
import { throwIfAborted } from '../platform/time.ts'
import type { Client } from '../signature/credentials.ts'
import { MAX_IMAGE_BYTES } from '../wire/jobs.ts'
import { checkLiveness, type SmartSelfieAuthentication, type SmartSelfieEnrolment } from './input.ts'

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

const STATUSES = ['approved', 'pending', 'rejected']
const MAX_REPLY_BYTES = 1_048_576

export interface SmartSelfieCall {
  operation: 'smart_selfie_enroll' | 'smart_selfie_authentication'
  /** The input, and what is wrong with it, but for callback URL and images. */
  checked: Checked<SmartSelfieEnrolment | SmartSelfieAuthentication>
}

/** Resolves to the verdict, or to `'pending'`. */
export async function sendSmartSelfie(
  client: Client,
  { operation, checked }: SmartSelfieCall,
  options: RequestOptions,
): Promise<SmartSelfieResult> {
  const internals = internalsOf(client)
  const { user_id, callback_url, selfie_image, liveness_images } = checked.value
  const frames = checkLiveness(liveness_images)
  const given = checkRequestOptions(options)
  const issues = [
    ...checked.issues,
    ...callbackUrlIssues(internals, callback_url, { needed: false }),
    ...given.issues,
    ...frames.issues,
  ]
  const signal = usableSignal(given)
  throwIfAborted(signal)
  const fields = formFields(internals, membersOf(checked.value))
  const timeoutMs = given.value.timeoutMs ?? internals.uploadTimeoutMs
  const reading = { operation, timeoutMs, signal }
  const photos = await readPhotos({ selfie_image, frames: frames.value }, reading)
  issues.push(...photos.issues)
  if (issues.length) throw new SmileIdInputError(issues)
  if (photos.late) throw photos.late

  const form = writeForm([...textParts(fields), ...imageParts(photos.read)])
  const reply = await send(
    internals,
    {
      operation,
      maxReplyBytes: MAX_REPLY_BYTES,
      async body(attempt) {
        const { body, headers } = formBody(form, attempt)
        return { body: body!, headers: { ...headers, ...(await signedHeaders(internals, attempt)) } }
      },
      isValid: (received) => isVerdictOn(user_id, received),
    },
    { ...given.value, timeoutMs },
  )
  return reply as unknown as SmartSelfieResult
}

/** These replies are not signed, as far as is known: at least they must be about this user. */
function isVerdictOn(userId: unknown, reply: Record<string, unknown>): boolean {
  if (!STATUSES.includes(asText(reply.status)) || typeof reply.user_id !== 'string') return false
  return userId === undefined || userId === reply.user_id
}

function formFields(internals: ClientInternals, given: Members): object {
  const { user_id, callback_url, partner_params, sandbox_result, allow_new_enroll } = given
  return withoutUndefined({
    user_id,
    callback_url: callback_url ?? internals.callbackUrl,
    partner_params: partner_params && jsonText(partner_params),
    sandbox_result,
    allow_new_enroll,
  })
}

/** The selfie and then the frames, all at once; or what is wrong with any of them. */
async function readPhotos(
  { selfie_image, frames }: { selfie_image: unknown; frames: readonly unknown[] },
  reading: ReadingOptions,
): Promise<{ read: Photo[]; issues: InputIssue[]; late: SmileIdTimeoutError | undefined }> {
  const options = { ...reading, limits: { maxBytes: MAX_IMAGE_BYTES, types: ['image/jpeg'] } } as const
  const results = await Promise.all([
    readPhotoAt('selfie_image', selfie_image, options),
    // A hole in the list is refused as `null` is.
    ...Array.from(frames, (source, index) =>
      readPhotoAt(`liveness_images[${index}]`, source ?? null, options),
    ),
  ])
  return {
    read: results.flatMap((result) => (result.ok ? [result.photo] : [])),
    issues: results.flatMap((result) => (result.ok ? [] : result.issues)),
    late: results.flatMap((result) => ('late' in result ? [result.late] : []))[0],
  }
}

function textParts(fields: object): Part[] {
  return Object.entries(fields).map(([name, value]) => ({ name, value: `${value}` }))
}

function imageParts(photos: readonly Photo[]): Part[] {
  return photos.map(({ bytes, type }, index) => {
    if (index === 0) return { name: 'selfie_image', value: { fileName: 'selfie.jpg', type, bytes } }
    return { name: 'liveness_images', value: { fileName: `liveness_${index}.jpg`, type, bytes } }
  })
}
