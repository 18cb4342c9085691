/** Whether the service takes a token. */
import type { Environment, Hooks } from '../../../client.ts'
import type { Io } from '../../io.ts'
import type { Settings } from '../../settings.ts'
import { askV3 } from './ask-v3.ts'
import type { Finding } from './finding.ts'

export interface TryTokenOptions {
  hooks: Hooks
  io: Pick<Io, 'fetch'>
  signal: AbortSignal
}

/** Of a token that has not expired, in settings of which a client can be made. */
export async function tryToken(
  token: string,
  settings: Settings,
  { hooks, io, signal }: TryTokenOptions,
): Promise<Finding> {
  const { createTokenClient } = await import('../../../v3/client.ts')
  const client = createTokenClient({
    token,
    environment: settings.SMILE_ID_ENVIRONMENT as Environment,
    baseUrl: settings.SMILE_ID_BASE_URL,
    maxRetries: 0,
    hooks,
    fetch: io.fetch,
  })
  const answer = await askV3(client, signal)
  if (answer.kind === 'taken') return { check: 'token', state: 'ok', message: 'is taken' }
  if (answer.kind === 'refused') {
    const message = `is refused (${answer.message}): another environment made it, or its key was replaced`
    return { check: 'token', state: 'wrong', message }
  }
  return { check: 'token', state: 'warning', message: `was answered with ${answer.message}` }
}
