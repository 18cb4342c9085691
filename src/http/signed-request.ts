/** What tells the service who sends: timestamp and signature, in a body or in headers. */
import type { ClientInternals, SignedPair } from '../client/internals.ts'
import { timeText } from '../signature/timestamp.ts'
import { SOURCE } from '../wire/endpoints.ts'
import type { AttemptState } from './body.ts'

/**
 * In a body: `timestamp` and `signature`, or what the client's way of signing puts in their place.
 */
export async function signedFields(
  internals: ClientInternals,
  attempt: AttemptState,
): Promise<Record<string, string | number>> {
  const now = internals.now()
  if (!internals.prove) return signedPair(internals, { now, attempt })
  // Says what is wrong with the clock.
  timeText(now)
  return internals.prove(now)
}

/** For the endpoints that want it in headers. */
export async function signedHeaders(
  internals: ClientInternals,
  attempt: AttemptState,
): Promise<Record<string, string>> {
  const { timestamp, signature } = await signedPair(internals, { now: internals.now(), attempt })
  return {
    'smileid-partner-id': internals.client.partnerId,
    'smileid-timestamp': timestamp,
    'smileid-request-signature': signature,
    'smileid-source-sdk': SOURCE.source_sdk,
    'smileid-source-sdk-version': SOURCE.source_sdk_version,
  }
}

interface Moment {
  now: number
  attempt: AttemptState
}

/**
 * The last pair where it is fresh enough, since to sign costs a tenth of a call. What was refused, or not
 * answered, is signed anew.
 */
async function signedPair(
  internals: ClientInternals,
  { now, attempt }: Moment,
): Promise<{ timestamp: string; signature: string }> {
  const { lastPair, signatureReuseMs } = internals
  const ageMs = lastPair ? now - lastPair.madeAt : NaN
  if (lastPair && attempt.number === 1 && ageMs >= 0 && ageMs < signatureReuseMs) return lastPair.fields
  const timestamp = timeText(now)
  // Kept once it is made, not the promise of it: in a Worker, a request must not wait for what another began.
  const pair: SignedPair = {
    madeAt: now,
    fields: { timestamp, signature: await internals.sign(timestamp) },
  }
  internals.lastPair = pair
  return pair.fields
}
