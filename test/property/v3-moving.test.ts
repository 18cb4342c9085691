/** Functions of v3 that read results and old inputs: whatever untyped code passes, nothing else is thrown. */
import fc from 'fast-check'
import { isSmileIdError } from 'smileid-edge/errors'
import { enhancedKycFrom, verdictFrom } from 'smileid-edge/v3/migrate'
import { interpretVerdict, isResultOf } from 'smileid-edge/v3/result'
import { expect, it } from 'vitest'
import { checkProperty } from '../support/property.ts'

const { proxy: revoked, revoke } = Proxy.revocable({}, {})
revoke()
const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new RangeError('what the caller wrote')
    },
  },
)
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true })
const membersOf = (...names: string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, anything])), { requiredKeys: [] })

it('results', async () => {
  const results = fc.oneof(
    anything,
    membersOf('status', 'reason', 'antifraud', 'product', 'people'),
    membersOf('ResultCode', 'PartnerParams', 'Actions', 'job_complete', 'result', 'people'),
  )
  await checkProperty(
    fc.property(results, (result) => {
      const { decision, retryable } = interpretVerdict(result as never)
      expect([typeof decision, typeof retryable]).toEqual(['string', 'boolean'])
      expect(isResultOf(result as never, 'one_time_aml')).toBe(false)
      expect(['undefined', 'object']).toContain(typeof verdictFrom(result as never))
    }),
    { numRuns: 5000 },
  )
})

it('inputs of v1', async () => {
  const old = fc.oneof(
    anything,
    fc.record({ partner_params: fc.oneof(anything, fc.object()), id_info: fc.oneof(anything, fc.object()) }),
  )
  const more = fc.oneof(anything, membersOf('consent', 'email', 'phone_number', 'callback_url'))
  const seen = { made: 0, refused: 0 }
  await checkProperty(
    fc.property(old, more, (given, added) => {
      try {
        const { partner_params = {} } = enhancedKycFrom(given as never, added as never)
        seen.made++
        expect(Object.values(partner_params).filter((value) => typeof value !== 'string')).toEqual([])
      } catch (error) {
        if (!isSmileIdError(error, 'invalid_input')) throw error
        seen.refused++
        expect(error.issues.length).toBeGreaterThan(0)
      }
    }),
    { numRuns: 5000 },
  )
  expect([seen.made > 0, seen.refused > 0]).toEqual([true, true])
})

it('what cannot be read', () => {
  for (const odd of [revoked, hostile, { status: hostile }, { product: revoked }] as never[]) {
    expect(interpretVerdict(odd)).toEqual({ decision: 'unknown', retryable: false })
    expect(isResultOf(odd, 'enhanced_kyc')).toBe(false)
    expect(verdictFrom(odd)).toBeUndefined()
    expect(() => enhancedKycFrom(odd, odd)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  }
})
