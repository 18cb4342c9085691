/** An emulator put together: service, clock and faults, and the exchanges of both generations. */
import { timeOf } from '../platform/realms.ts'
import { createDeliveries } from './callbacks.ts'
import { withDefaults } from './choices.ts'
import { realClock, virtualClock } from './clock.ts'
import type { EmulatorCall } from './conversation.ts'
import { createDelivery } from './delivery.ts'
import { createExchange } from './exchange.ts'
import { createFaults } from './faults.ts'
import type { EmulatorOptions } from './input.ts'
import { createPartnerAuth, type EmulatorPartner } from './partners.ts'
import { createService } from './service.ts'
import { createV3Deliveries } from './v3/callbacks.ts'
import { withV3Defaults } from './v3/choices.ts'
import { createV3Exchange, isV3 } from './v3/exchange.ts'
import { v3Partners } from './v3/partners.ts'
import { createV3State } from './v3/state.ts'

type EmulatedFetch = (input: Request | URL | string, init?: unknown) => Promise<Response>

type SetOptions = EmulatorOptions & { partners: readonly EmulatorPartner[]; seed: number }

/** The parts of an emulator, joined. */
export function assemble(options: SetOptions) {
  const { partners, seed, startAt = new Date('2026-01-01T00:00:00Z') } = options
  const clock = options.clock === 'real' ? realClock() : virtualClock(timeOf(startAt)!)
  const choices = withDefaults(options.choices)
  const { authenticate, sign } = createPartnerAuth(partners, {
    now: clock.now,
    maxSignatureAgeMs: choices.maxSignatureAgeMs,
  })
  const service = createService({
    choices,
    authenticate,
    // A function, as deliveries need the service first.
    schedule: (job) => deliveries.schedule(job),
    now: clock.now,
    verdict: options.verdict ?? 'approved',
    jobDurationMs: options.jobDurationMs ?? 10_000,
    seed,
    jobsBefore: options.jobsBefore ?? 0,
  })
  const faults = createFaults(options.faults ?? [])
  const callbacks: Request[] = []
  const deliver = createDelivery({ clock, faults, deliver: options.onCallback, undelivered: callbacks })
  const deliveries = createDeliveries({ service, clock, sign, deliver })
  const state = createV3State({
    service,
    choices: withV3Defaults(options.v3),
    partners: v3Partners(partners),
    schedule: (job) => v3Deliveries.schedule(job),
    deliverNow: (job, url, body) => v3Deliveries.deliverNow(job, url, body),
  })
  const v3Deliveries = createV3Deliveries({ state, clock, deliver })
  const calls: EmulatorCall[] = []
  const answerV1 = createExchange({ service, clock, faults, calls, sign })
  const answerV3 = createV3Exchange({ state, clock, faults, calls })
  const fetch: EmulatedFetch = async (input, init) => {
    const request = toRequest(input, init)
    const url = new URL(request.url)
    return isV3(url) ? answerV3(request, url) : answerV1(request, url)
  }
  return { service, state, clock, faults, calls, callbacks, sign, fetch }
}

/** A Request of any class is taken as it is. */
function toRequest(input: Request | URL | string, init: unknown): Request {
  if (typeof input === 'object' && 'headers' in input) return input
  return new Request(input, init as RequestInit)
}
