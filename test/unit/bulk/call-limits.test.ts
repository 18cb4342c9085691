/** How many calls a run makes, and how often it repeats that of a row. */
import { expect, it } from 'vitest'
import { createCallBudget, createRowRepeats } from '../../../src/bulk/call-limits.ts'

it('gives no more calls than there are, and those again that did not go out', () => {
  const budget = createCallBudget(2)
  expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false])
  budget.giveBack()
  expect([budget.take(), budget.take()]).toEqual([true, false])
})

it('counts 429 apart, and leaves pauses that the service asks for to the gate', () => {
  const repeats = createRowRepeats({
    maxRetries: 3,
    maxLimitedRetries: 1,
    maxRetryDelayMs: 1500,
    random: () => 1,
  })
  const failures = [
    { limited: true, retryAfterMs: undefined },
    { limited: false, retryAfterMs: undefined },
    { limited: false, retryAfterMs: 5000 },
    { limited: true, retryAfterMs: 5000 },
    { limited: false, retryAfterMs: undefined },
    { limited: false, retryAfterMs: undefined },
  ]
  expect(failures.map((failure) => repeats.next(failure))).toEqual([
    { allowed: true, pauseMs: 0 },
    { allowed: true, pauseMs: 1000 },
    { allowed: true, pauseMs: 0 },
    { allowed: false },
    { allowed: true, pauseMs: 1500 },
    { allowed: false },
  ])
})
