/** Authentication of the endpoints that want it in headers. */
import type { Core } from './core.ts'
import { SOURCE } from './tables.ts'
import { timeText } from './timestamp.ts'

export async function signedHeaders(core: Core): Promise<Record<string, string>> {
  const timestamp = timeText(core.now())
  return {
    'smileid-partner-id': core.client.partnerId, 'smileid-timestamp': timestamp, 'smileid-request-signature': await core.sign(timestamp),
    'smileid-source-sdk': SOURCE.source_sdk, 'smileid-source-sdk-version': SOURCE.source_sdk_version,
  }
}
