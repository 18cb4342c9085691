/** Whether v3 takes a key or a token. */
import type { Client } from '../../../client.ts'
import { isSmileIdError } from '../../../errors.ts'
import type { V3Client } from '../../../v3/status.ts'

export type AnswerOfV3 =
  | { kind: 'taken' }
  | { kind: 'refused'; what: 'key' | 'token'; message: string }
  | { kind: 'unreachable'; message: string }
  /** It tells nothing about key and token. */
  | { kind: 'unclear'; message: string }

/** An id that no job has. */
const NO_JOB = `job_${'0'.repeat(26)}`

/**
 * Asks for a job that does not exist, which bills nothing: "not found" means that the token was taken, and so
 * was the key that made it.
 *
 * @throws {SmileIdInputError} `invalid_input`: the client cannot speak v3.
 */
export async function askV3(client: Client | V3Client, signal: AbortSignal): Promise<AnswerOfV3> {
  const { getVerificationStatus } = await import('../../../v3/status.ts')
  try {
    await getVerificationStatus(client, { job_id: NO_JOB }, { signal })
    return { kind: 'taken' }
  } catch (error) {
    if (!isSmileIdError(error) || isSmileIdError(error, 'invalid_input')) throw error
    const { message, operation } = error
    if (isSmileIdError(error, 'job_not_found')) return { kind: 'taken' }
    if (isSmileIdError(error, 'unauthorized')) {
      return { kind: 'refused', what: operation === 'v3/token' ? 'key' : 'token', message }
    }
    if (isSmileIdError(error, 'network_error', 'request_timeout')) {
      return { kind: 'unreachable', message: `${message}: ${error.hint}` }
    }
    return { kind: 'unclear', message }
  }
}
