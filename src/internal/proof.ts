/** What tells the service who sends a body. */
import type { Core } from './core.ts'

/** `timestamp` and `signature` of this moment, or what the client's way of signing puts in their place. */
export async function proofOf(core: Core): Promise<Record<string, string | number>> {
  if (core.prove) return core.prove(core.now())
  const timestamp = new Date(core.now()).toISOString()
  return { timestamp, signature: await core.sign(timestamp) }
}
