/** `POST /v1/upload`: announces a job's zip, and says where to put it. */
import { parseUrl } from '../client/addresses.ts'
import { isTrue, refuse, refuseUsedJobId } from './answers.ts'
import { refuseUser, type WantedUser } from './enrolment.ts'
import type { EmulatedJob, Job } from './job-model.ts'
import { findJob, isUsed, openJob } from './jobs.ts'
import type { Answer, Call, JsonObject, Service } from './model.ts'
import { randomDigits } from './random.ts'
import { signedUrl } from './upload-url.ts'

const IMAGE_JOB_TYPES = [1, 2, 4, 6, 8, 11]
/** The types whose selfie may be the one on file. */
const DOCUMENT_JOB_TYPES = [6, 11]
const FLAGS = ['use_enrolled_image', 'allow_new_enroll', 'retry']
const FLAG_VALUES = [true, 'true', false, 'false', undefined, null, '']

export function announceUpload(service: Service, call: Call): Answer {
  const { partnerId, body } = call
  const wrongMember = refuseMembers(body)
  if (wrongMember) return wrongMember
  const partnerParams = body.partner_params as JsonObject
  const wrongParams = refusePartnerParams(partnerParams)
  if (wrongParams) return wrongParams
  const announcement = readAnnouncement(body, partnerParams)
  const { user_id, job_id, jobType } = announcement
  if (!IMAGE_JOB_TYPES.includes(jobType)) {
    return refuse('2212', `Invalid job type: use ${IMAGE_JOB_TYPES.join(', ')}`)
  }

  const ownJob = announcement.retry ? findJob(service, partnerId, announcement) : undefined
  if (!ownJob && isUsed(service, partnerId, announcement)) return refuseUsedJobId()
  const wanted = wantedUser(announcement)
  const wrongUser = refuseUser(service, partnerId, { user_id, wanted, ownJob })
  if (wrongUser) return wrongUser

  const job = ownJob ?? openJob(service, partnerId, { user_id, job_id })
  job.job = jobOf(announcement, call)
  return replyOf(service, call, { job, announcement })
}

/** Where to put the zip, which may come from now on. */
function replyOf(
  service: Service,
  { partnerId, url: requestUrl }: Call,
  { job, announcement }: { job: Job; announcement: Announcement },
): Answer {
  const refId = `${partnerId}-${job.smileJobId}-${randomDigits(30, 36, service.random)}`
  const { url, path, expires } = signedUrl(service, { partnerId, refId, requestUrl })
  const { partnerParams, jobType, useEnrolledImage, allowNewEnroll } = announcement
  service.announcedUploads.set(path, {
    job,
    url,
    expires,
    partnerParams,
    jobType,
    useEnrolledImage,
    allowNewEnroll,
  })
  return {
    status: 200,
    committed: true,
    signing: 'none',
    body: {
      upload_url: url.href,
      ref_id: refId,
      smile_job_id: job.smileJobId,
      camera_config: 'null',
      code: service.choices.uploadCode === 'text' ? '2202' : 2202,
    },
  }
}

interface Announcement {
  user_id: string
  job_id: string
  jobType: number
  partnerParams: JsonObject
  useEnrolledImage: boolean
  allowNewEnroll: boolean
  retry: boolean
}

/** From members that were checked. */
function readAnnouncement(body: JsonObject, partnerParams: JsonObject): Announcement {
  const jobType = Number(partnerParams.job_type)
  return {
    user_id: partnerParams.user_id as string,
    job_id: partnerParams.job_id as string,
    jobType,
    partnerParams,
    useEnrolledImage: isTrue(body.use_enrolled_image) && DOCUMENT_JOB_TYPES.includes(jobType),
    allowNewEnroll: isTrue(body.allow_new_enroll),
    retry: isTrue(body.retry),
  }
}

function wantedUser({ jobType, useEnrolledImage, allowNewEnroll }: Announcement): WantedUser {
  if (jobType === 8) return 'user'
  if (jobType === 2 || useEnrolledImage) return 'photo'
  return allowNewEnroll ? 'anybody' : 'new'
}

function jobOf(announcement: Announcement, { body, scheme }: Call): EmulatedJob {
  const job: EmulatedJob = {
    user_id: announcement.user_id,
    job_id: announcement.job_id,
    job_type: announcement.jobType,
    partner_params: announcement.partnerParams,
    useEnrolledImage: announcement.useEnrolledImage,
    scheme,
  }
  if (body.callback_url) job.callback_url = body.callback_url as string
  return job
}

function refuseMembers(body: JsonObject): Answer | undefined {
  const { partner_params, callback_url } = body
  if (partner_params === undefined || partner_params === null) {
    return refuse('2213', '"partner_params" is required')
  }
  if (typeof partner_params !== 'object' || Array.isArray(partner_params)) {
    return refuse('2204', '"partner_params" must be an object')
  }
  for (const name of ['file_name', 'callback_url']) {
    if (typeof (body[name] ?? '') !== 'string') return refuse('2204', `"${name}" must be a string`)
  }
  if (callback_url && !isWebUrl(callback_url)) return refuse('2204', '"callback_url" must be a URL')
  for (const name of FLAGS) {
    if (!FLAG_VALUES.includes(body[name] as string)) return refuse('2204', `"${name}" must be a boolean`)
  }
  return undefined
}

function refusePartnerParams(params: JsonObject): Answer | undefined {
  for (const name of ['user_id', 'job_id', 'job_type']) {
    if (params[name] === undefined || params[name] === null || params[name] === '') {
      return refuse('2213', `"partner_params.${name}" is required`)
    }
  }
  for (const name of ['user_id', 'job_id']) {
    if (typeof params[name] !== 'string') return refuse('2204', `"partner_params.${name}" must be a string`)
  }
  if (!/^\d+$/.test(String(params.job_type))) {
    return refuse('2204', '"partner_params.job_type" must be a number')
  }
  return undefined
}

function isWebUrl(text: unknown): boolean {
  const url = parseUrl(text)
  return url !== undefined && /^https?:$/.test(url.protocol)
}
