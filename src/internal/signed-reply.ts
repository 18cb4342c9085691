/** The signature of a reply, which tells that a holder of the key answered. */
import { type JobRef, type Operation, SmileIdSignatureError } from './errors.ts'
import type { Core } from './core.ts'

/** Rejects unless the signing key made the reply's own pair; older keys do not count, since the request was signed with this one. */
export async function confirmReply(core: Core, { timestamp, signature }: Record<string, unknown>, { operation }: { operation: Operation }, job?: JobRef): Promise<void> {
  const missing = typeof timestamp !== 'string' || typeof signature !== 'string'
  if (!missing && await core.verify(timestamp, signature)) return
  throw new SmileIdSignatureError({
    operation, job, code: missing ? 'signature_missing' : 'signature_mismatch', outcome: 'unknown', attempts: 1,
    hint: 'Do not trust this reply; find out whether the server acted.',
  })
}
