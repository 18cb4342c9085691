/** When the circuit breakers of a run pause or stop it. */
import { expect, it } from 'vitest'
import { createFailureBreaker, createRefusalBreaker } from '../../../src/bulk/breaker.ts'
import type { PaceGate } from '../../../src/bulk/pace-input.ts'

it('pauses at each failure while the share of the last calls that failed is too large', () => {
  const observed: Parameters<PaceGate['observe']>[0][] = []
  const pace: PaceGate = { wait: async () => {}, observe: (call) => void observed.push(call) }
  const breaker = createFailureBreaker({ window: 4, share: 0.5, pauseMs: 7 }, pace)
  const pausesAfter = (failed: boolean) => {
    breaker.called({ failed })
    return observed.length
  }
  const calls = [true, false, true, true, false, false, false, true]
  expect(calls.map(pausesAfter)).toEqual([0, 0, 1, 2, 2, 2, 2, 2])
  expect(observed[0]).toEqual({ ok: false, limited: false, retryAfterMs: 7 })
})

it('opens after five refusals of different rows without a success in between', () => {
  const breaker = createRefusalBreaker<string>()
  for (const user of ['a', 'b', 'b', 'c', 'a', 'd']) breaker.refused(user, `no ${user}`)
  expect([breaker.isOpen, breaker.refusals]).toEqual([false, ['no b', 'no c', 'no a', 'no d']])
  breaker.refused('e', 'no e')
  expect([breaker.isOpen, breaker.refusals.at(-1)]).toEqual([true, 'no e'])
  breaker.reset()
  expect([breaker.isOpen, breaker.refusals, breaker.trusted]).toEqual([false, [], false])
})

it('opens at the first refusal, if it is told to, until the first success', () => {
  const breaker = createRefusalBreaker<number>({ refusalsBeforeTrust: 1 })
  expect(breaker.isOpen).toBe(false)
  breaker.refused('a', 1)
  expect([breaker.isOpen, breaker.trusted]).toEqual([true, false])
  breaker.answered()
  breaker.refused('b', 2)
  expect([breaker.isOpen, breaker.trusted, breaker.refusals]).toEqual([false, true, [2]])
})
