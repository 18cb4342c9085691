/** What is wrong with the partner id and the key, as far as they show it themselves. */
import type { Settings } from '../../settings.ts'
import type { Finding } from './finding.ts'

/** The key is checked, never shown. */
export function checkSettings({
  SMILE_ID_PARTNER_ID: partnerId = '',
  SMILE_ID_API_KEY: key = '',
}: Settings): Finding[] {
  const findings = [checkPartnerId(partnerId), checkKey(key, partnerId)]
  return findings.filter((finding) => finding !== undefined)
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

function checkKey(key: string, partnerId: string): Finding | undefined {
  if (key === '') return undefined
  const wrong = (message: string): Finding => ({ check: 'key', state: 'wrong', message })
  if (/^(["'`]).*\1$/s.test(key)) return wrong('stands in quotes that are part of it: leave them out')
  if (INVISIBLE.test(key)) {
    return wrong('holds white space, a line break or a character that cannot be seen: copy it anew')
  }
  if (key === partnerId) return wrong('is the partner id')
  return { check: 'key', state: 'ok', message: 'is there, without white space around it' }
}
