/** What tells the service who sends a body. */
import type { Core } from './core.ts'
import { timeText } from './timestamp.ts'

/** `timestamp` and `signature` of this moment, or what the client's way of signing puts in their place. */
export async function proofOf(core: Core): Promise<Record<string, string | number>> {
  const now = core.now()
  const timestamp = timeText(now)
  return core.prove ? core.prove(now) : { timestamp, signature: await core.sign(timestamp) }
}
