/** `POST /v1/upload`: announces a job's zip, and says where to put it. */
import { refuseUser, type Wanted } from './enrolment.ts'
import { findJob, isUsed, openJob } from './jobs.ts'
import { type Answer, type Incoming, refuse, type Service } from './model.ts'
import { signedUrl } from './store.ts'
const IMAGE_JOBS = [1, 2, 4, 6, 8, 11]
const FLAGS = ['use_enrolled_image', 'allow_new_enroll', 'retry']
const YES = [true, 'true']
const NO = [undefined, null, '', false, 'false']

export async function announceUpload(
  service: Service,
  partnerId: string,
  body: Record<string, unknown>,
  { url, scheme }: Incoming,
): Promise<Answer> {
  const partnerParams = body.partner_params as Record<string, unknown>
  const wrong = badMember(body) ?? badParams(partnerParams)
  if (wrong) return wrong
  const { user_id, job_id } = partnerParams as Record<string, string>
  const jobType = Number(partnerParams.job_type)
  if (!IMAGE_JOBS.includes(jobType)) return refuse('2212', `Invalid job type: use ${IMAGE_JOBS.join(', ')}`)

  const [useEnrolledImage, allowNewEnroll, retry] = FLAGS.map((name) =>
    YES.includes(body[name] as string),
  ) as [boolean, boolean, boolean]
  const known = retry ? findJob(service, partnerId, user_id!, job_id!) : undefined
  if (!known && isUsed(service, partnerId, user_id!, job_id!))
    return refuse('2215', 'Job already exists. Did you mean to set the retry flag to true?')
  const fromFile = useEnrolledImage && jobType > 4 && jobType !== 8
  const wanted: Wanted =
    jobType === 8 ? 'user' : jobType === 2 || fromFile ? 'photo' : allowNewEnroll ? 'anybody' : 'new'
  const refused = refuseUser(service, partnerId, user_id!, wanted, known)
  if (refused) return refused

  const job = known ?? openJob(service, partnerId, { user_id: user_id!, job_id: job_id! })
  job.job = {
    user_id: user_id!,
    job_id: job_id!,
    job_type: jobType,
    partner_params: partnerParams,
    useEnrolledImage: fromFile,
    scheme,
    ...(body.callback_url ? { callback_url: body.callback_url as string } : {}),
  }
  const refId = `${partnerId}-${job.smileJobId}-${Array.from({ length: 30 }, () => Math.floor(service.random() * 36).toString(36)).join('')}`
  const signed = signedUrl(service, partnerId, refId, url)
  service.announced.set(signed.path, {
    job,
    url: signed.url,
    expires: signed.expires,
    partnerParams,
    jobType,
    useEnrolledImage: fromFile,
    allowNewEnroll,
  })
  return {
    status: 200,
    committed: true,
    signed: false,
    body: {
      upload_url: signed.url.href,
      ref_id: refId,
      smile_job_id: job.smileJobId,
      camera_config: 'null',
      code: service.choices.uploadCode === 'text' ? '2202' : 2202,
    },
  }
}

function badMember(body: Record<string, unknown>): Answer | undefined {
  const { partner_params, callback_url } = body
  if (partner_params === undefined || partner_params === null)
    return refuse('2213', '"partner_params" is required')
  if (typeof partner_params !== 'object' || Array.isArray(partner_params))
    return refuse('2204', '"partner_params" must be an object')
  for (const name of ['file_name', 'callback_url'])
    if (typeof (body[name] ?? '') !== 'string') return refuse('2204', `"${name}" must be a string`)
  if (callback_url && !isWebUrl(callback_url as string)) return refuse('2204', '"callback_url" must be a URL')
  for (const name of FLAGS)
    if (![...YES, ...NO].includes(body[name] as string)) return refuse('2204', `"${name}" must be a boolean`)
  return undefined
}

function badParams(params: Record<string, unknown>): Answer | undefined {
  for (const name of ['user_id', 'job_id', 'job_type'])
    if (params[name] === undefined || params[name] === null || params[name] === '')
      return refuse('2213', `"partner_params.${name}" is required`)
  for (const name of ['user_id', 'job_id'])
    if (typeof params[name] !== 'string') return refuse('2204', `"partner_params.${name}" must be a string`)
  if (!/^\d+$/.test(`${params.job_type as string}`))
    return refuse('2204', '"partner_params.job_type" must be a number')
  return undefined
}

function isWebUrl(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol)
  } catch {
    return false
  }
}
