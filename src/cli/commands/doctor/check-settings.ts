/** What is wrong with the address, the partner id and the key, as far as they show it themselves. */
import { DEAD_HOST_CURE, isDeadHost } from '../../dead-host.ts'
import type { Generation } from '../../generation.ts'
import type { Settings } from '../../settings.ts'
import type { Finding } from './finding.ts'

/** The key is checked, never shown. */
export function checkSettings(
  { SMILE_ID_PARTNER_ID: partnerId = '', SMILE_ID_API_KEY: key = '', SMILE_ID_BASE_URL: baseUrl }: Settings,
  generation: Generation,
): Finding[] {
  const findings = [
    checkAddress(baseUrl),
    generation === 'v3' ? checkPartnerIdForV3(partnerId) : checkPartnerId(partnerId),
    checkKey(key, { partnerId, generation }),
  ]
  return findings.filter((finding) => finding !== undefined)
}

function checkAddress(baseUrl: string | undefined): Finding | undefined {
  if (baseUrl === undefined || !URL.canParse(baseUrl) || !isDeadHost(new URL(baseUrl).host)) return undefined
  return { check: 'settings', state: 'wrong', message: DEAD_HOST_CURE }
}

function checkPartnerIdForV3(partnerId: string): Finding | undefined {
  if (partnerId === '') return undefined
  const bare = partnerId.replace(/^0+/, '')
  // The client says the rest.
  if (bare === partnerId || !/^\d+$/.test(bare)) return undefined
  const message =
    `goes out as ${bare}: v3 takes no leading zeros, in tokens and signatures either; code of your own ` +
    `must leave them out, too. In v1 it stays ${partnerId}`
  return { check: 'partner id', state: 'ok', message }
}

function checkPartnerId(partnerId: string): Finding | undefined {
  if (partnerId === '') return undefined
  if (/^\d{1,2}$/.test(partnerId)) {
    return {
      check: 'partner id',
      state: 'warning',
      message: `${partnerId} is short: Smile ID writes ids with leading zeros, such as 085, and they count`,
    }
  }
  if (!/^\d+$/.test(partnerId.trim())) {
    return {
      check: 'partner id',
      state: 'warning',
      message: 'is no number: all that Smile ID shows are digits, such as 085',
    }
  }
  return undefined
}

/** Control characters, spaces, zero-width characters, separators, direction marks, a byte order mark. */
const INVISIBLE = /[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028-\u202f\u2060\ufeff]/

/** Three parts in base64url, the first of which begins with `{"`. */
const JWT = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/
/** PEM, or PEM in base64. */
const PUBLIC_KEY = /^(-----BEGIN|LS0tLS1CRUdJTi)/

function checkKey(
  key: string,
  { partnerId, generation }: { partnerId: string; generation: Generation },
): Finding | undefined {
  if (key === '') return undefined
  const wrong = (message: string): Finding => ({ check: 'key', state: 'wrong', message })
  if (/^(["'`]).*\1$/s.test(key)) return wrong('stands in quotes that are part of it: leave them out')
  if (INVISIBLE.test(key)) {
    return wrong('holds white space, a line break or a character that cannot be seen: copy it anew')
  }
  if (key === partnerId) return wrong('is the partner id')
  if (JWT.test(key)) return wrong('is a token, which a key makes: copy the API key of the portal')
  if (generation === 'v3' && PUBLIC_KEY.test(key)) {
    return wrong('is the public key of the old sec_key of v1: v3 takes an API key alone')
  }
  return { check: 'key', state: 'ok', message: 'is there, without white space around it' }
}
