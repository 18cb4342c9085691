/** Signatures of v3: in headers, over the timestamp and the partner id. */
import type { KeyCaller } from '../client/caller.ts'

export interface SignedPair {
  timestamp: string
  signature: string
}

/**
 * Whether one of the first `usable` keys made it, over the partner id as configured or without leading zeros:
 * which of them the service signs with, no source says. @default 1: the key that makes tokens
 */
export async function isSignedBy(
  { internals, otherSigner }: KeyCaller,
  { timestamp, signature }: SignedPair,
  usable = 1,
): Promise<boolean> {
  if (await internals.verify(timestamp, signature, usable)) return true
  return (await otherSigner?.verify(timestamp, signature, usable)) ?? false
}

/** What is to be verified of a reply or a callback, if it is all there. */
export function signedPairOf(headers: { get(name: string): string | null }): SignedPair | undefined {
  const timestamp = headers.get('response-timestamp')
  const signature = headers.get('response-signature')
  return timestamp && signature ? { timestamp, signature } : undefined
}
