/**
 * `POST /v2/smart-selfie-enroll` and `…-authentication`: a selfie in a form, and the answer at once. Its
 * `code` and `message` are those of the same job in v1, a guess.
 */
import { refuseUser } from './enrolment.ts'
import { isUsable, lookAt } from './photo-check.ts'
import { isUsed, openJob, runJob } from './jobs.ts'
import { uuid } from './random.ts'
import { unusable } from './results.ts'
import { type Answer, refuse, type Service } from './model.ts'
import { sha256Hex } from './signature.ts'

type Body = Record<string, unknown>

/**
 * A form's members; files stay files, `liveness_images` is a list, and `partner_params` is read as JSON where
 * it is.
 */
export async function readForm(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Body | undefined> {
  try {
    const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
    const members: Body = Object.fromEntries(form)
    if (form.has('liveness_images')) members.liveness_images = form.getAll('liveness_images')
    if (typeof members.partner_params === 'string') members.partner_params = parsed(members.partner_params)
    return members
  } catch {
    return undefined
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export const smartSelfie =
  (job_type: 2 | 4) =>
  async (service: Service, partnerId: string, body: Body): Promise<Answer> => {
    const wrong = badMember(body, job_type)
    if (wrong) return wrong
    const {
      selfie_image,
      liveness_images,
      partner_params = {},
      sandbox_result,
      callback_url,
    } = body as {
      selfie_image: File
      liveness_images: File[]
      partner_params?: Body
      sandbox_result?: string
      callback_url?: string
    }
    const user_id = (body.user_id as string | undefined) || uuid(service.random)
    const job_id = (partner_params.job_id as string | undefined) || uuid(service.random)
    const [selfie, ...others] = await Promise.all(
      [selfie_image, ...liveness_images].map(async (file) => new Uint8Array(await file.arrayBuffer())),
    )
    const photoSha256 = await sha256Hex(selfie!)
    const good = [selfie!, ...others].every(
      (bytes) => lookAt(bytes).kind === 'jpeg' && isUsable(bytes, service.choices.minFaceSide),
    )
    if (!good && service.choices.badPhoto === 'error') return refuse('2204', 'an image is not usable')

    if (isUsed(service, partnerId, user_id, job_id))
      return refuse('2215', 'Job already exists. Did you mean to set the retry flag to true?')
    const replaces = body.allow_new_enroll === 'true'
    const refused = refuseUser(
      service,
      partnerId,
      user_id,
      job_type === 2 ? 'photo' : replaces ? 'anybody' : 'new',
    )
    if (refused) return refused
    const job = openJob(service, partnerId, {
      user_id,
      job_id,
      job_type,
      partner_params: { ...partner_params, ...(sandbox_result !== undefined && { sandbox_result }) },
      ...(callback_url ? { callback_url } : {}),
    })
    runJob(service, job, {
      atOnce: true,
      photoSha256,
      replaces,
      ...(!good && { ending: unusable('Selfie') }),
    })

    const { result, complete, success } = job.stages[0]!
    const now = new Date(service.now()).toISOString()
    return {
      status: 200,
      committed: true,
      signed: false,
      body: {
        code: result.ResultCode,
        created_at: now,
        job_id,
        job_type: job_type === 4 ? 'smart_selfie_enrollment' : 'smart_selfie_authentication',
        message: result.ResultText,
        partner_id: partnerId,
        partner_params,
        status: success ? 'approved' : complete ? 'rejected' : 'pending',
        updated_at: now,
        user_id,
      },
    }
  }

function badMember(body: Body, job_type: 2 | 4): Answer | undefined {
  for (const name of ['selfie_image', 'liveness_images', ...(job_type === 2 ? ['user_id'] : [])])
    if (!body[name]) return refuse('2213', `"${name}" is required`)
  // Runtimes have several classes of that name.
  const isFile = (value: unknown) => typeof value === 'object' && value !== null && 'arrayBuffer' in value
  if (!isFile(body.selfie_image)) return refuse('2204', '"selfie_image" must be a file')
  if (!(body.liveness_images as unknown[]).every(isFile))
    return refuse('2204', '"liveness_images" must be files')
  const params = body.partner_params ?? {}
  if (typeof params !== 'object' || Array.isArray(params))
    return refuse('2204', '"partner_params" must be a JSON object')
  if (typeof ((params as Body).job_id ?? '') !== 'string')
    return refuse('2204', '"partner_params.job_id" must be a string')
  for (const name of ['user_id', 'callback_url'])
    if (typeof (body[name] ?? '') !== 'string') return refuse('2204', `"${name}" must be a string`)
  if (!/^(undefined|[012])$/.test(`${body.sandbox_result as string}`))
    return refuse('2204', '"sandbox_result" must be 0, 1 or 2')
  if (!/^(undefined|true|false)$/.test(`${body.allow_new_enroll as string}`))
    return refuse('2204', '"allow_new_enroll" must be true or false')
  return undefined
}
