/** The consent of a person, as a body and as a token may carry it. */
import { isObject } from '../../input/objects.ts'

const MEMBERS = ['granted', 'granted_at', 'notice_language', 'notice_privacy_policy_url'] as const

/** What is wrong with a consent: the member, and whether it is merely too early. */
export interface ConsentFlaw {
  member: (typeof MEMBERS)[number]
  isFuture: boolean
}

interface ConsentRules {
  language: RegExp
  url: RegExp
  /** Milliseconds by which it may lie ahead. */
  toleranceMs: number
}

const IN_BODY: ConsentRules = { language: /^[A-Z]{2}$/, url: /^https:\/\/./, toleranceMs: 0 }
/** A token takes more than a body. */
const IN_TOKEN: ConsentRules = { language: /^[A-Za-z]{2}$/, url: /^https?:\/\/./, toleranceMs: 60_000 }

/** The first flaw of a consent. */
export function consentFlaw(
  consent: unknown,
  { place, now }: { place: 'body' | 'token'; now: number },
): ConsentFlaw | undefined {
  const rules = place === 'body' ? IN_BODY : IN_TOKEN
  const given = isObject(consent) ? consent : {}
  const at = timeOfConsent(given.granted_at)
  const isRight: Record<(typeof MEMBERS)[number], boolean> = {
    granted: given.granted === true,
    granted_at: at !== undefined && at <= now + rules.toleranceMs,
    notice_language: matches(given.notice_language, rules.language),
    notice_privacy_policy_url: matches(given.notice_privacy_policy_url, rules.url),
  }
  const member = MEMBERS.find((name) => !isRight[name])
  if (!member) return undefined
  return { member, isFuture: member === 'granted_at' && at !== undefined }
}

/** Whether it has a member that a token does not take. */
export function hasOtherMembers(consent: unknown): boolean {
  return isObject(consent) && Object.keys(consent).some((name) => !MEMBERS.some((known) => known === name))
}

/** ISO 8601; a time without a zone is UTC. */
function timeOfConsent(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const found = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(value)
  if (!found) return undefined
  const [, date, time = '00:00:00', zone = 'Z'] = found
  const ms = Date.parse(`${date}T${time}${zone}`)
  return Number.isNaN(ms) ? undefined : ms
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value)
}
