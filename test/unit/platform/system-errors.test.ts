/** What is read from the errors of runtimes, and what is never passed on. */
import { expect, it } from 'vitest'
import { failedBeforeSending, systemCode, wasRedirect } from '../../../src/platform/system-errors.ts'

const failed = (code: string, message = 'CANARY at 10.0.0.1') =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(message), { code }) })

it.each([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ConnectionRefused',
])('%s precedes the request', (code) => expect(failedBeforeSending(failed(code))).toBe(true))

it.each([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'ConnectionClosed',
  '',
])('%s may follow it', (code) => expect(failedBeforeSending(failed(code))).toBe(false))

it.each(['read', 'write'])('a host that vanishes during a %s may follow it', (syscall) => {
  for (const code of ['EHOSTUNREACH', 'ENETUNREACH'])
    expect(
      failedBeforeSending(
        Object.assign(new TypeError('fetch failed'), {
          cause: Object.assign(new Error(), { code, syscall }),
        }),
      ),
    ).toBe(false)
  expect(
    failedBeforeSending(
      Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error(), { code: 'EHOSTUNREACH', syscall: 'connect' }),
      }),
    ),
  ).toBe(true)
})

it('anything may be thrown', () => {
  const circular: { cause?: unknown } = {}
  circular.cause = circular
  for (const thrown of [undefined, null, 'text', 5, circular, { code: {} }, { message: null }]) {
    expect(failedBeforeSending(thrown)).toBe(false)
    expect(wasRedirect(thrown)).toBe(false)
    expect(systemCode(thrown)).toBeUndefined()
  }
})

it('of a cause only the code goes on', () => {
  expect(systemCode(failed('ECONNRESET'))).toEqual(new Error('ECONNRESET'))
  expect(systemCode(failed('user CANARY'))).toBeUndefined()
  expect(String(systemCode(failed('ECONNRESET'))?.stack)).not.toContain('CANARY')
})
