/** Whether a consent has the shape that v3 takes in the body of a verification. */
import { isObject, own } from '../../../input/objects.ts'
import { editDistance } from '../../../platform/edit-distance.ts'
import type { Finding } from './finding.ts'

const MEMBERS = ['granted', 'granted_at', 'notice_language', 'notice_privacy_policy_url'] as const

/** `given` is a consent, or what has one: an input, or the payload of a token. */
export function checkConsent(given: Readonly<Record<string, unknown>>, now: number): Finding[] {
  const consent = consentIn(given)
  if (consent === undefined) return [wrong(missingConsent(given))]
  if (typeof consent === 'string') {
    return [wrong('is text: give the object, of which the SDK makes the JSON part itself')]
  }
  if (!isObject(consent)) return [wrong('is no object')]
  const { granted, granted_at, notice_language, notice_privacy_policy_url } = consent
  const findings = [
    checkGranted(granted),
    checkMoment(granted_at, now),
    checkLanguage(notice_language),
    checkUrl(notice_privacy_policy_url),
    ...Object.keys(consent).map(checkName),
  ].filter((finding) => finding !== undefined)
  return findings.length > 0 ? findings : [{ check: 'consent', state: 'ok', message: 'has the right shape' }]
}

function wrong(message: string): Finding {
  return { check: 'consent', state: 'wrong', message }
}

function consentIn(given: Readonly<Record<string, unknown>>): unknown {
  if (given.consent !== undefined) return given.consent
  const { payload } = given
  if (isObject(payload) && payload.consent !== undefined) return payload.consent
  const names = Object.keys(given)
  return names.some((name) => !isSpread(name) && meantBy(name) !== undefined) ? given : undefined
}

/** As forms name what stands in an object. */
function isSpread(name: string): boolean {
  return /^consent[.[]/.test(name)
}

function missingConsent(given: Readonly<Record<string, unknown>>): string {
  if (Object.keys(given).some(isSpread))
    return 'is spread over several fields, such as consent[granted]: send one JSON part, consent'
  const isOfV1 = ['consent_information', 'consented'].some((name) => name in given)
  if (isOfV1) return 'has the shape of v1 and of apps: v3 takes consent, with ' + MEMBERS.join(', ')
  return `is missing: consent, with ${MEMBERS.join(', ')}`
}

function checkGranted(granted: unknown): Finding | undefined {
  if (granted === true) return undefined
  if (granted === undefined) return wrong('granted is missing')
  if (granted === false) return wrong('granted is false: without consent nothing may be sent')
  return wrong('granted must be true, and no text or number')
}

const ISO_MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/

function checkMoment(moment: unknown, now: number): Finding | undefined {
  if (moment === undefined) return wrong('granted_at is missing')
  const form = 'ISO 8601 with its zone, such as 2026-05-04T08:00:00Z'
  const isMoment = typeof moment === 'string' && ISO_MOMENT.test(moment)
  const ms = isMoment ? Date.parse(moment) : NaN
  if (Number.isNaN(ms)) return wrong(`granted_at must be ${form}`)
  if (!/(Z|[+-]\d\d:?\d\d)$/.test(`${moment as string}`)) {
    return wrong(`granted_at has no zone, so that nobody knows when it was: write ${form}`)
  }
  if (ms > now) return wrong('granted_at is in the future: it is when the person agreed, not when you send')
  return undefined
}

function checkLanguage(language: unknown): Finding | undefined {
  if (language === undefined) return wrong('notice_language is missing')
  if (typeof language !== 'string' || !/^[A-Za-z]{2}$/.test(language)) {
    return wrong('notice_language must be two letters, such as EN, without a region')
  }
  if (language === language.toUpperCase()) return undefined
  const message =
    'notice_language is in small letters: the service takes capitals, and this SDK writes them so; code of ' +
    'your own must, too'
  return { check: 'consent', state: 'warning', message }
}

function checkUrl(url: unknown): Finding | undefined {
  if (url === undefined) return wrong('notice_privacy_policy_url is missing')
  const isUrl = typeof url === 'string' && URL.canParse(url)
  if (isUrl && /^https:\/\/./.test(url)) return undefined
  if (isUrl && url.startsWith('http:')) {
    return wrong(
      'notice_privacy_policy_url must be https: tokens take http, the body of a verification does not',
    )
  }
  return wrong('notice_privacy_policy_url must be an https URL')
}

function checkName(name: string): Finding | undefined {
  if (own(KNOWN, name)) return undefined
  const meant = meantBy(name)
  const shown = /^\w{1,40}$/.test(name) ? name : 'a member'
  return wrong(meant === undefined ? `${shown} is not known there` : `${shown} is written ${meant}`)
}

const KNOWN: Readonly<Record<string, true>> = Object.fromEntries(MEMBERS.map((name) => [name, true]))

/** Other names that v1, apps and other services have for the members. */
const OTHER_NAMES: Readonly<Record<string, (typeof MEMBERS)[number]>> = {
  consented: 'granted',
  consentgranted: 'granted',
  isgranted: 'granted',
  consentgranteddate: 'granted_at',
  consentdate: 'granted_at',
  granteddate: 'granted_at',
  language: 'notice_language',
  privacypolicyurl: 'notice_privacy_policy_url',
  noticeurl: 'notice_privacy_policy_url',
}

/** The member that a name stands for, by other ways of writing it and by slips. */
function meantBy(name: string): (typeof MEMBERS)[number] | undefined {
  const plain = name.toLowerCase().replace(/[^a-z]/g, '')
  const found = own(OTHER_NAMES, plain)
  if (found !== undefined) return found
  const [nearest] = MEMBERS.map((member) => ({
    member,
    distance: editDistance(member.replaceAll('_', ''), plain),
  })).sort((one, other) => one.distance - other.distance)
  return nearest!.distance <= 2 ? nearest!.member : undefined
}
