/** Steps, each with what passed and what failed. */

/** Milliseconds that only a hang takes. */
export const HUNG_MS = 300_000

export const totals = { passed: 0, failed: 0 }

/** Each step ends with `{ passed, failed: [reasons] }`; one that does not is a failure itself. */
export async function step(name, run) {
  const started = performance.now()
  const { passed, failed } = await resultOf(run)
  totals.passed += passed
  totals.failed += failed.length
  const ms = Math.round(performance.now() - started)
  const verdict = failed.length ? 'FAIL' : 'ok  '
  console.log(`${verdict} ${name}: ${passed} passed, ${failed.length} failed (${ms} ms)`)
  for (const reason of failed) console.log(`     ${reason}`)
}

async function resultOf(run) {
  try {
    const result = await run()
    if (!result.passed && !result.failed.length) throw new Error('no test ran')
    return result
  } catch (error) {
    return { passed: 0, failed: [`${error.stdout ?? ''}${error.stderr ?? error.stack}`] }
  }
}

/**
 * Runs them `atOnce` at a time, in this order: much of a step's time is spent waiting.
 *
 * @param list functions that start a step
 */
export async function steps(list, { atOnce }) {
  const waiting = list.values()
  const worker = async () => {
    for (const start of waiting) await start()
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** What this machine lacks is said aloud; where all has to run, it is a failure. */
export async function leftOut(name, reason) {
  if (!process.env.CI) return console.log(`\n!!! LEFT OUT: ${name}: ${reason}\n`)
  return step(name, () => {
    throw new Error(reason)
  })
}
