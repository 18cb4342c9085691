/** Acting on an event once: claimed before, done after. */
import type { Answer } from './answer.ts'
import type { ReplayStore } from './replay-store.ts'

/** Acting may take that long before another delivery of the event gets through. */
const CLAIM_MS = 60_000
/** For how long it is known that an event was acted on. */
const KEEP_MS = 30 * 86_400_000

/** Acts unless the event was acted on, or is acted on at this moment. */
export async function actOnce(
  replayStore: ReplayStore,
  eventId: string,
  act: () => unknown,
): Promise<Answer> {
  const owner = crypto.randomUUID()
  try {
    const claim = await replayStore.claim(eventId, CLAIM_MS, owner)
    if (claim !== 'claimed') return { status: claim === 'done' ? 200 : 409 }
  } catch (error) {
    return { status: 500, error }
  }
  try {
    await act()
    await replayStore.complete(eventId, KEEP_MS, owner)
    return { status: 200 }
  } catch (error) {
    await releaseQuietly(replayStore, eventId, owner)
    return { status: 500, error }
  }
}

async function releaseQuietly(replayStore: ReplayStore, eventId: string, owner: string): Promise<void> {
  try {
    await replayStore.release(eventId, owner)
  } catch {
    // The claim runs out by itself.
  }
}
