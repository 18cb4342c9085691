/** `POST /v1/compare_user_info`: knows a user by the lookup that was made of them. */
import { refuse, refuseMissing, tell } from './answers.ts'
import type { Answer, Call, Service } from './model.ts'

export function compareUserInfo(service: Service, { partnerId, body }: Call): Answer {
  const missing = refuseMissing(body, ['user_id', 'country', 'id_type'], '2413')
  if (missing) return missing
  const isKnown = [...service.jobs.values()].some(
    (job) => job.partnerId === partnerId && job.job.user_id === body.user_id,
  )
  if (!isKnown) return refuse('2210', 'No enrolled user found')
  const reply = {
    SmileJobID: service.nextSmileJobId(),
    PartnerParams: { user_id: body.user_id, job_id: 'compare', job_type: 9 },
    ResultCode: '1020',
    ResultText: 'Exact Match',
    Actions: {},
  }
  return tell(reply, 'standard')
}
