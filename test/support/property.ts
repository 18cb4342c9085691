/** Properties that bound themselves by time: a machine that is busy tries fewer values, and nothing fails. */
import fc from 'fast-check'

/** More than any property here takes on a quiet machine, and a fraction of a test's own limit. */
const TIME_LIMIT_MS = 6000
/** A property that was tried less often than that says nothing. */
const LEAST_RUNS = 5

/**
 * As `fc.assert`, but what is not done when the time is over is left out. `complete` says whether all runs
 * were made.
 */
export async function checkProperty<Values>(
  property: fc.IRawProperty<Values>,
  { numRuns = 100, timeLimitMs = TIME_LIMIT_MS }: { numRuns?: number; timeLimitMs?: number } = {},
): Promise<{ complete: boolean }> {
  // fast-check does not wait for the run that it interrupts; what comes after this must not meet it.
  let lastRun: unknown
  const run = property.run.bind(property)
  property.run = ((values: Values) => (lastRun = run(values))) as typeof property.run
  const details = await fc.check(property, {
    numRuns,
    interruptAfterTimeLimit: timeLimitMs,
    markInterruptAsFailure: false,
  })
  await lastRun
  const { counterexample, interrupted, numRuns: runs } = details
  if (interrupted && counterexample === null && runs < LEAST_RUNS) {
    throw new Error(`only ${runs} runs were made within ${timeLimitMs} ms`)
  }
  if (details.failed) {
    throw new Error(await fc.asyncDefaultReportMessage(details), { cause: details.errorInstance })
  }
  return { complete: !interrupted }
}
