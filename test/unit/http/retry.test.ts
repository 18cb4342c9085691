/** Pauses before a repeated call. */
import { describe, expect, it } from 'vitest'
import { retryAfterMs, retryDelay } from '../../../src/http/retry.ts'

const now = Date.parse('2026-01-01T00:00:00Z')

it.each([
  ['0', 0],
  ['7', 7000],
  [' 7 ', 7000],
  ['120', 120_000],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 23:59:30 GMT', 0],
  [null, undefined],
  ['', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['2026-01-01T00:00:30Z', undefined],
  ['Thu, 99 Jan 2026 00:00:30 GMT', undefined],
  ['9'.repeat(30), undefined],
])('Retry-After %j is %j ms', (value, expected) => expect(retryAfterMs(value, now)).toBe(expected))

describe('the pause before an attempt', () => {
  const error = (more: object) => ({ retryable: true, attempts: 1, ...more })
  it('is none for what must not be repeated', () =>
    expect(
      retryDelay(error({ retryable: false }), { maxDelayMs: 30_000, random: () => 0.5 }),
    ).toBeUndefined())
  it("is the server's word, not jittered", () =>
    expect(retryDelay(error({ retryAfterMs: 5000 }), { maxDelayMs: 30_000, random: () => 0.5 })).toBe(5000))
  it("ends the call when the server's word is too far off", () =>
    expect(
      retryDelay(error({ retryAfterMs: 30_001 }), { maxDelayMs: 30_000, random: () => 0.5 }),
    ).toBeUndefined())
  it('grows with full jitter up to a cap', () => {
    const at = (attempts: number, random: number) =>
      retryDelay({ retryable: true, attempts }, { maxDelayMs: 30_000, random: () => random })
    expect([1, 2, 3, 4, 9].map((attempts) => at(attempts, 1))).toEqual([1000, 2000, 4000, 8000, 8000])
    expect(at(3, 0)).toBe(0)
    expect(retryDelay({ retryable: true, attempts: 9 }, { maxDelayMs: 100, random: () => 1 })).toBe(100)
  })
})
