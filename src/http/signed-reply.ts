/** The signature of a reply, which tells that a holder of the key answered. */
import type { ClientInternals } from '../client/internals.ts'
import { SmileIdSignatureError } from '../errors/classes.ts'
import type { CallFacts } from './refusal.ts'

/**
 * Rejects unless the signing key made the reply's own pair; older keys do not count, since the request was
 * signed with this one.
 */
export async function confirmReply(
  internals: ClientInternals,
  reply: Record<string, unknown>,
  facts: CallFacts,
): Promise<void> {
  const { timestamp, signature } = signedPairOf(internals, reply)
  const missing = typeof timestamp !== 'string' || typeof signature !== 'string'
  if (!missing && (await internals.verify(timestamp, signature))) return
  throw new SmileIdSignatureError({
    ...facts,
    code: missing ? 'signature_missing' : 'signature_mismatch',
    outcome: 'unknown',
    hint: 'Do not trust this reply; find out whether the server acted.',
  })
}

/** What is to be verified of something received, wherever the client's way of signing has it. */
export function signedPairOf(
  { read }: ClientInternals,
  received: Record<string, unknown>,
): { timestamp?: unknown; signature?: unknown } {
  return read?.(received) ?? received
}
