/**
 * `POST /v2/smart-selfie-enroll` and `…-authentication`: a selfie in a form, and the answer at once. Its
 * `code` and `message` are those of the same job in v1, a guess.
 */
import type { Bytes } from '../platform/bytes.ts'
import { refuse, refuseMissing, refuseUsedJobId } from './answers.ts'
import { refuseUser, type WantedUser } from './enrolment.ts'
import type { EmulatedJob, Job, Stage } from './job-model.ts'
import { isUsed, openJob, runJob } from './jobs.ts'
import type { Answer, Call, JsonObject, Service } from './model.ts'
import { inspectPhoto, isUsable } from './photo-check.ts'
import { uuid } from './random.ts'
import { unusableImageResult } from './results.ts'
import { sha256Hex } from './signature.ts'

type Product = 'enrollment' | 'authentication'

const JOB_TYPES = { enrollment: 4, authentication: 2 }

/** The members of the form, once they are checked. */
interface SmartSelfieBody {
  selfie_image: File
  liveness_images: File[]
  user_id?: string
  partner_params?: JsonObject & { job_id?: string }
  callback_url?: string
  sandbox_result?: string
  allow_new_enroll?: string
}

export async function smartSelfie(service: Service, call: Call, product: Product): Promise<Answer> {
  const wrongMember = refuseMembers(call.body, product)
  if (wrongMember) return wrongMember
  const body = call.body as JsonObject & SmartSelfieBody
  const user_id = body.user_id || uuid(service.random)
  const job_id = body.partner_params?.job_id || uuid(service.random)

  const images = await Promise.all([body.selfie_image, ...body.liveness_images].map(readFile))
  const photoSha256 = await sha256Hex(images[0]!)
  const areUsable = images.every((image) => isUsableJpeg(image, service.choices.minFaceSide))
  if (!areUsable && service.choices.badPhoto === 'error') return refuse('2204', 'an image is not usable')

  if (isUsed(service, call.partnerId, { user_id, job_id })) return refuseUsedJobId()
  const replaces = body.allow_new_enroll === 'true'
  const wanted = wantedUser(product, { replaces })
  const wrongUser = refuseUser(service, call.partnerId, { user_id, wanted })
  if (wrongUser) return wrongUser

  const job = openJob(service, call.partnerId, jobOf(body, { user_id, job_id, product }))
  const failure = areUsable ? undefined : unusableImageResult('Selfie')
  runJob(service, job, { atOnce: true, photoSha256, replaces, failure })
  return {
    status: 200,
    committed: true,
    signing: 'none',
    body: replyOf(job, { product, partner_params: body.partner_params ?? {}, now: service.now() }),
  }
}

async function readFile(file: File): Promise<Bytes> {
  return new Uint8Array(await file.arrayBuffer())
}

function isUsableJpeg(bytes: Bytes, minSide: number): boolean {
  return inspectPhoto(bytes).kind === 'jpeg' && isUsable(bytes, minSide)
}

function wantedUser(product: Product, { replaces }: { replaces: boolean }): WantedUser {
  if (product === 'authentication') return 'photo'
  return replaces ? 'anybody' : 'new'
}

function jobOf(
  body: SmartSelfieBody,
  { user_id, job_id, product }: { user_id: string; job_id: string; product: Product },
): EmulatedJob {
  const partner_params: JsonObject = { ...body.partner_params }
  if (body.sandbox_result !== undefined) partner_params.sandbox_result = body.sandbox_result
  const job: EmulatedJob = { user_id, job_id, job_type: JOB_TYPES[product], partner_params }
  if (body.callback_url) job.callback_url = body.callback_url
  return job
}

function replyOf(
  { partnerId, job, stages }: Job,
  { product, partner_params, now }: { product: Product; partner_params: JsonObject; now: number },
): JsonObject {
  const stage = stages[0]!
  const time = new Date(now).toISOString()
  return {
    code: stage.result.ResultCode,
    created_at: time,
    job_id: job.job_id,
    job_type: `smart_selfie_${product}`,
    message: stage.result.ResultText,
    partner_id: partnerId,
    partner_params,
    status: statusOf(stage),
    updated_at: time,
    user_id: job.user_id,
  }
}

function statusOf({ success, complete }: Stage): string {
  if (success) return 'approved'
  return complete ? 'rejected' : 'pending'
}

function refuseMembers(body: JsonObject, product: Product): Answer | undefined {
  const required = ['selfie_image', 'liveness_images']
  if (product === 'authentication') required.push('user_id')
  const missing = refuseMissing(body, required, '2213')
  if (missing) return missing
  if (!isFile(body.selfie_image)) return refuse('2204', '"selfie_image" must be a file')
  if (!(body.liveness_images as unknown[]).every(isFile)) {
    return refuse('2204', '"liveness_images" must be files')
  }
  const params = body.partner_params ?? {}
  if (typeof params !== 'object' || Array.isArray(params)) {
    return refuse('2204', '"partner_params" must be a JSON object')
  }
  if (typeof ((params as JsonObject).job_id ?? '') !== 'string') {
    return refuse('2204', '"partner_params.job_id" must be a string')
  }
  for (const name of ['user_id', 'callback_url']) {
    if (typeof (body[name] ?? '') !== 'string') return refuse('2204', `"${name}" must be a string`)
  }
  if (!/^(undefined|[012])$/.test(String(body.sandbox_result))) {
    return refuse('2204', '"sandbox_result" must be 0, 1 or 2')
  }
  if (!/^(undefined|true|false)$/.test(String(body.allow_new_enroll))) {
    return refuse('2204', '"allow_new_enroll" must be true or false')
  }
  return undefined
}

/** By its method: some runtimes have several classes of that name. */
function isFile(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'arrayBuffer' in value
}
