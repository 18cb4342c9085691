/** What tells the service who sends. */
import type { Core } from '../client/internals.ts'
import { SOURCE } from '../wire/endpoints.ts'
import { timeText } from '../signature/timestamp.ts'

/**
 * In a body: `timestamp` and `signature` of this moment, or what the client's way of signing puts in their
 * place.
 */
export async function proofOf(core: Core): Promise<Record<string, string | number>> {
  const now = core.now()
  const timestamp = timeText(now)
  return core.prove ? core.prove(now) : { timestamp, signature: await core.sign(timestamp) }
}

/** For the endpoints that want it in headers. */
export async function signedHeaders(core: Core): Promise<Record<string, string>> {
  const timestamp = timeText(core.now())
  return {
    'smileid-partner-id': core.client.partnerId,
    'smileid-timestamp': timestamp,
    'smileid-request-signature': await core.sign(timestamp),
    'smileid-source-sdk': SOURCE.source_sdk,
    'smileid-source-sdk-version': SOURCE.source_sdk_version,
  }
}
