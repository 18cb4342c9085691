/**
 * Bounds how often one signed pair may cause a call of the API: whoever captured one can put any number of
 * bodies beside it.
 */
import type { Client } from '../signature/credentials.ts'
import type { VerifiedCallback } from './event.ts'

/** One pair belongs to one delivery and its repeats; more within the window are somebody else's. */
const MAX_PER_PAIR = 8
const WINDOW_MS = 60_000
/** Pairs that are remembered; the oldest are forgotten beyond. */
const MAX_PAIRS = 1000

export interface Admission {
  /** Counts a callback, and tells whether it may cause a call. */
  admit(client: Client, callback: VerifiedCallback, now: number): boolean
}

export function createAdmission(): Admission {
  const windows = new Map<string, { count: number; endsAt: number }>()
  return {
    admit({ environment, partnerId }, { timestamp }, now) {
      // These stand for the pair: with one key, a partner and a timestamp have one signature.
      const pair = `${environment}:${partnerId}:${timestamp}`
      const known = windows.get(pair)
      // A window that ends too late was opened before the clock was set back.
      const isOpen = known !== undefined && known.endsAt > now && known.endsAt <= now + WINDOW_MS
      const window = isOpen ? known : { count: 0, endsAt: now + WINDOW_MS }
      window.count++
      windows.delete(pair)
      windows.set(pair, window)
      if (windows.size > MAX_PAIRS) windows.delete(windows.keys().next().value!)
      return window.count <= MAX_PER_PAIR
    },
  }
}
