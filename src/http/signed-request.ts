/** What tells the service who sends: timestamp and signature, in a body or in headers. */
import type { ClientInternals } from '../client/internals.ts'
import { timeText } from '../signature/timestamp.ts'
import { SOURCE } from '../wire/endpoints.ts'

/**
 * In a body: `timestamp` and `signature` of this moment, or what the client's way of signing puts in their
 * place.
 */
export async function signedFields(internals: ClientInternals): Promise<Record<string, string | number>> {
  const now = internals.now()
  const timestamp = timeText(now)
  if (internals.prove) return internals.prove(now)
  return { timestamp, signature: await internals.sign(timestamp) }
}

/** For the endpoints that want it in headers. */
export async function signedHeaders(internals: ClientInternals): Promise<Record<string, string>> {
  const timestamp = timeText(internals.now())
  return {
    'smileid-partner-id': internals.client.partnerId,
    'smileid-timestamp': timestamp,
    'smileid-request-signature': await internals.sign(timestamp),
    'smileid-source-sdk': SOURCE.source_sdk,
    'smileid-source-sdk-version': SOURCE.source_sdk_version,
  }
}
