/** The state of v3, from its beginning and after each reset. */
import type { EnrolledUser, Service } from '../model.ts'
import type { V3Settings } from './choices.ts'
import type { V3State } from './model.ts'
import type { V3Partner } from './partners.ts'

interface V3Setup extends Pick<V3State, 'schedule' | 'deliverNow'> {
  service: Service
  choices: V3Settings
  partners: readonly V3Partner[]
}

export function createV3State(setup: V3Setup): V3State {
  const { service, choices } = setup
  const own = { users: new Map<string, EnrolledUser>(), userChanges: new Map(), now: service.now }
  const state: V3State = {
    ...setup,
    enrolled: choices.sharedUsers ? service : own,
    jobs: new Map(),
    bound: new Map(),
    idNumberRequests: new Map(),
    links: new Map(),
    flaggedUsers: new Set(),
    idempotentRequests: new Map(),
    tokens: [],
    requests: [],
    bills: [],
    nextVerdicts: [],
    verdict: service.verdict,
    jobDurationMs: service.jobDurationMs,
    now: service.now,
    random: () => service.random(),
    reset() {
      const kept = [state.jobs, state.bound, state.idNumberRequests, state.links, state.idempotentRequests]
      for (const map of [...kept, own.users, own.userChanges, state.flaggedUsers]) map.clear()
      for (const list of [state.tokens, state.requests, state.bills, state.nextVerdicts]) list.length = 0
    },
  }
  return state
}
