/** Callbacks of v3: signed in their headers, by time and partner alone. */
import type { Clock } from '../clock.ts'
import type { Deliver } from '../delivery.ts'
import type { ActiveFaults } from '../faults.ts'
import type { JsonObject } from '../model.ts'
import { serviceSignature } from '../signature.ts'
import { headerText } from './header-text.ts'
import type { V3Job, V3State } from './model.ts'
import { paddedId, type V3Partner } from './partners.ts'
import { resultOf } from './results.ts'
import { API_VERSION } from './status.ts'

export interface V3Deliveries {
  /** Delivers the job's result when its time comes, and before it that a person looks at it. */
  schedule(job: V3Job): void
  /** Delivers a body about a job from now. */
  deliverNow(job: V3Job, url: string, body?: JsonObject): void
}

interface CallbackSetup {
  state: V3State
  clock: Clock
  deliver: Deliver
}

export function createV3Deliveries(setup: CallbackSetup): V3Deliveries {
  const { state, clock, deliver } = setup

  const deliverAt = (at: number, job: V3Job, { url, body }: { url: string; body(): JsonObject }) =>
    clock.at(at, async () => {
      // Forgotten meanwhile.
      if (state.jobs.get(job.job_id) !== job) return
      await deliver({
        retriesMs: state.choices.callbackRetriesMs,
        make: (faults) => callbackOf(state, job, { url, body: body(), faults }),
      })
    })

  return {
    schedule(job) {
      const url = job.callbackUrl
      if (url === undefined || !job.isDelivered) return
      if (state.choices.interimCallback) {
        const at = job.reviewAt ?? job.createdAt
        deliverAt(at, job, { url, body: () => resultOf(state, job, 'processing') })
      }
      deliverAt(job.completedAt, job, { url, body: () => resultOf(state, job) })
    },
    deliverNow(job, url, body) {
      deliverAt(state.now(), job, { url, body: () => body ?? resultOf(state, job) })
    },
  }
}

async function callbackOf(
  state: V3State,
  job: V3Job,
  { url, body, faults }: { url: string; body: JsonObject; faults: ActiveFaults },
): Promise<Request> {
  const { job_id, user_id, partner } = job
  const signed = await signedHeaders(state, partner, faults)
  const ids = state.choices.callbackIds === 'body' ? {} : { 'Job-ID': job_id, 'User-ID': headerText(user_id) }
  return callbackRequest(url, { ...signed, ...ids }, damagedText(body, faults))
}

/** The request that carries a callback. */
export function callbackRequest(url: string, headers: Record<string, string>, body: string): Request {
  return new Request(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Api-Version': API_VERSION, ...headers },
    body,
  })
}

function damagedText(body: JsonObject, faults: ActiveFaults): string {
  const text = JSON.stringify(body)
  switch (faults.body?.body) {
    case 'truncated':
      return text.slice(0, Math.floor(text.length / 2))
    case 'not_json':
      return '<html><body>Bad gateway</body></html>'
    case 'empty':
      return ''
    default:
      return text
  }
}

/** What a callback and a synchronous reply are signed by; a fault may forge it, or leave it out. */
export async function signedHeaders(
  state: V3State,
  partner: V3Partner,
  faults: ActiveFaults,
): Promise<Record<string, string>> {
  const damage = faults.body?.body
  if (damage === 'unsigned') return {}
  const timestamp = new Date(state.now() + (faults.clock_skew?.ms ?? 0)).toISOString()
  return signHeaders(state, partner, {
    timestamp,
    apiKey: damage === 'bad_signature' ? 'another key' : undefined,
  })
}

export async function signHeaders(
  state: V3State,
  partner: V3Partner,
  { timestamp, apiKey = partner.apiKey }: { timestamp: string; apiKey?: string | undefined },
): Promise<Record<string, string>> {
  const id = state.choices.signedPartnerId === 'padded' ? paddedId(partner) : partner.stripped
  const signature = await serviceSignature(id, apiKey ?? '', timestamp)
  return { 'Response-Signature': signature, 'Response-Timestamp': timestamp }
}
