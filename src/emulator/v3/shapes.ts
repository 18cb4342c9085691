/** Forms that several endpoints ask for. */
import { isObject } from '../../input/objects.ts'

export function isTextRecord(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((member) => typeof member === 'string')
}

/** As the vendor's own forms check it. */
export function isEmail(value: unknown): boolean {
  return typeof value === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(value)
}

export function isPhoneNumber(value: unknown): boolean {
  return typeof value === 'string' && /^\+[1-9]\d{6,14}$/.test(value)
}

/** ISO 3166-1 alpha-2, in upper case. */
export function isCountryCode(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]{2}$/.test(value)
}

/** `true` and `false` as text; `undefined` for anything else. */
export function booleanOf(text: string | undefined): boolean | undefined {
  if (text === 'true') return true
  return text === 'false' ? false : undefined
}

/** `undefined` for what is no URL. */
export function urlOf(value: unknown): URL | undefined {
  try {
    return typeof value === 'string' ? new URL(value) : undefined
  } catch {
    return undefined
  }
}

/** Over https, or at this machine, where whoever tries the emulator listens without a certificate. */
export function isCallbackUrl(value: unknown): value is string {
  const { protocol, hostname = '' } = urlOf(value) ?? {}
  if (protocol === 'https:') return true
  return protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}
