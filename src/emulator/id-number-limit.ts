/** The limit of requests for one ID number, and `POST /v1/id_number_rate_limit_reset`. */
import { refuse, refuseMissing, tell } from './answers.ts'
import type { Answer, Call, Service } from './model.ts'

/** Requests count together when each comes within three days of the one before. */
const WINDOW_MS = 3 * 86_400_000

/** Counts a request for an ID number; the refusal of one too many. */
export function countRequest(
  service: Service,
  partnerId: string,
  id: { country: unknown; id_type: unknown; id_number: string },
): Answer | undefined {
  const key = `${partnerId}:${String(id.country)}:${String(id.id_type)}:${id.id_number}`
  const known = service.idNumberRequests.get(key)
  const isWithinWindow = known !== undefined && service.now() - known.at <= WINDOW_MS
  const count = isWithinWindow ? known.count + 1 : 1
  service.idNumberRequests.set(key, { count, at: service.now() })
  return count > service.choices.idNumberLimit ? refuse('2222', 'ID number is blocked') : undefined
}

/** Forgets the requests for an ID number, in whatever country. */
export function resetRateLimit(service: Service, { partnerId, body }: Call): Answer {
  const missing = refuseMissing(body, ['id_type', 'id_number'], '2413')
  if (missing) return missing
  const start = `${partnerId}:`
  const end = `:${String(body.id_type)}:${String(body.id_number)}`
  for (const key of service.idNumberRequests.keys()) {
    if (key.startsWith(start) && key.endsWith(end)) service.idNumberRequests.delete(key)
  }
  return tell({ message: 'Rate limit reset successful', success: 'true' })
}
