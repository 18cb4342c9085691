/** The signature of a reply, which tells that a holder of the key answered. */
import type { ClientInternals } from '../client/internals.ts'
import { SmileIdSignatureError } from '../errors/classes.ts'
import type { CallFacts, Failure } from './refusal.ts'

/**
 * The failure, unless the signing key made the reply's own pair of timestamp and signature. Older keys do not
 * count, since the request was signed with this one.
 */
export async function verifyReply(
  internals: ClientInternals,
  reply: Record<string, unknown>,
  facts: CallFacts,
): Promise<Failure | undefined> {
  const { timestamp, signature } = signedPairOf(internals, reply)
  const isSigned = typeof timestamp === 'string' && typeof signature === 'string'
  if (isSigned && (await internals.verify(timestamp, signature))) return undefined
  return {
    facts: {
      ...facts,
      code: isSigned ? 'signature_mismatch' : 'signature_missing',
      outcome: 'unknown',
      hint: 'Do not trust this reply; find out whether the server acted.',
    },
    makeError: (final) => new SmileIdSignatureError(final),
  }
}

/** What is to be verified of something received, wherever the client's way of signing has it. */
export function signedPairOf(
  { read }: ClientInternals,
  received: Record<string, unknown>,
): { timestamp?: unknown; signature?: unknown } {
  return read ? read(received) : received
}
