/** `GET /v3/aml/monitoring/{job_id}/news/{reference}`. */
import { articleCount, articles } from './aml-people.ts'
import { answer, badRequest, v3Error } from './answers.ts'
import type { JsonObject } from '../model.ts'
import type { V3Answer, V3Call, V3Job, V3State } from './model.ts'
import { hasEnded } from './jobs.ts'
import { findJob } from './status.ts'

const CATEGORIES = [
  'arms_trafficking',
  'credit_update',
  'environmental_crime',
  'financial_crime',
  'human_rights_violation',
  'leadership_change',
  'legal_risk',
  'location_change',
  'narcotics',
  'other',
  'other_crime',
  'ownership_change',
  'product_change',
  'regulatory',
  'sexual_crime',
  'technology_event',
  'terrorism',
  'violent_crime',
]

export function amlNews(state: V3State, call: V3Call): V3Answer {
  const { operation, path, url } = call
  const category = url.searchParams.get('news_category')
  if (!category) return badRequest(operation, 'news_category is required')
  if (!CATEGORIES.includes(category)) {
    return badRequest(operation, `news_category must be one of: ${CATEGORIES.join(', ')}`)
  }
  const page = numberOf(url, 'page', 1)
  const limit = numberOf(url, 'limit', 25)
  if (page === undefined) return badRequest(operation, "Field 'page' is invalid.")
  if (limit === undefined) return badRequest(operation, "Field 'limit' is invalid.")
  const job = monitoringJob(state, call)
  if (!job) return v3Error(operation, 404)
  const person = personOf(state, job, path.reference)
  if (!person) return v3Error(operation, 404, 'REF not found for this AML job')
  const total_count = articleCount(person, category)
  const from = (page - 1) * limit
  return answer(200, {
    job_id: job.job_id,
    product: 'aml_monitoring_news',
    user_id: job.user_id,
    meta: { current_page: page, limit, total_count },
    news: articles(category, { from, to: Math.min(total_count, from + limit), name: String(person.name) }),
  })
}

/** From 1 to 100; `undefined` for anything else. */
function numberOf(url: URL, name: string, byDefault: number): number | undefined {
  const text = url.searchParams.get(name)
  if (text === null) return byDefault
  const value = Number(text)
  return /^\d+$/.test(text) && value >= 1 && value <= 100 ? value : undefined
}

/** A job that monitors, of this partner, and of the token's user where it names one. */
function monitoringJob(state: V3State, call: V3Call): V3Job | undefined {
  const job = findJob(state, call, call.path.job_id ?? '')
  const isMine = call.token.user_id === undefined || call.token.user_id === job?.user_id
  return job?.operation === 'v3/aml/monitoring' && isMine ? job : undefined
}

function personOf(state: V3State, job: V3Job, reference: string | undefined): JsonObject | undefined {
  if (!hasEnded(state, job)) return undefined
  const people = job.details.people as readonly JsonObject[]
  return people.find((person) => person[state.choices.monitoringReference] === reference)
}
