/** `POST /v1/job_status`. */
import { isTrue, refuse, refuseNonText, tell } from './answers.ts'
import type { Job } from './job-model.ts'
import { findJob } from './jobs.ts'
import type { Answer, Call, JsonObject, Service } from './model.ts'

export function jobStatus(service: Service, { partnerId, body }: Call): Answer {
  const refusal = refuseNonText(body, ['user_id', 'job_id'])
  if (refusal) return refusal
  const { user_id, job_id } = body as { user_id: string; job_id: string }
  const job = findJob(service, partnerId, { user_id, job_id })
  if (!job) return refuse('2304', 'Job not found')
  const status = statusOf(service, job, {
    history: isTrue(body.history),
    imageLinks: isTrue(body.image_links),
  })
  const hasBareHash = status.code === '2314' && service.choices.noZipSignature === 'bare_hash'
  return tell(status, hasBareHash ? 'bare_hash' : 'standard')
}

/** The body of a job status as of now, unsigned. */
export function statusOf(
  service: Service,
  { stages }: Job,
  options: { history?: boolean; imageLinks?: boolean } = {},
): JsonObject {
  const hasZip = stages.length > 0
  const reached = stages.filter(({ at }) => at <= service.now()).reverse()
  const [latest] = reached
  const status: JsonObject = {
    job_complete: latest?.complete ?? false,
    job_success: latest?.success ?? false,
    code: hasZip ? '2302' : '2314',
  }
  if (!hasZip) status.result = 'No zip file received'
  if (latest) status.result = latest.result
  if (options.history) status.history = reached.map(({ result }) => result)
  if (options.imageLinks) status.image_links = imageLinks(service, latest?.result.SmileJobID ?? 'none')
  return status
}

function imageLinks(service: Service, smileJobId: string): JsonObject {
  const expires = Math.floor(service.now() / 1000) + 900
  return { selfie_image: `https://smile-results.example/${smileJobId}/selfie.jpg?Expires=${expires}` }
}
