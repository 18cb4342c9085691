/** What tests know of the runtime that they run in. */

/**
 * Whether a request may wait for what another one began. Not on Workers, where the other would wait for ever,
 * nor where `EdgeRuntime` is named, as it is on Vercel's, which are built on Workers.
 */
export const requestsShareWork = !('FixedLengthStream' in globalThis) && !('EdgeRuntime' in globalThis)
