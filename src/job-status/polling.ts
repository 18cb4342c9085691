/** Looking at a job again and again, for no longer than told: what v1 and v3 have in common. */
import type { RequestOptions, Sender } from '../client/internals.ts'
import { SmileIdError } from '../errors/classes.ts'
import { steadyClock } from '../platform/time.ts'
import type { WatchOptions } from './input.ts'

export type PollOptions = Omit<WatchOptions, 'until'>

/** How one kind of job is looked at. */
export interface Polled<Status> {
  look(options: RequestOptions): Promise<Status>
  hasEnded(status: Status): boolean
  hasChanged(before: Status, after: Status): boolean
  /** The error of a wait that is over before the job is. */
  timeout(seen: { polls: number; lastStatus: Status | undefined }): SmileIdError
}

/**
 * So many failures in a row end a wait: with the pauses between them, some ten seconds of outage are
 * survived.
 */
const MAX_FAILURES = 5
/** A job that was just submitted may not be known everywhere yet. */
const UNKNOWN_JOB_MS = 10_000
/** Used where `delayMs` gives no number. */
const FALLBACK_DELAY_MS = 1000

/** Yields the first status and each change, the last one when the job has ended. */
export async function* poll<Status>(
  sender: Pick<Sender, 'limits' | 'now' | 'sleep' | 'random'>,
  polled: Polled<Status>,
  { maxWaitMs = 120_000, delayMs, ...callOptions }: PollOptions,
): AsyncGenerator<Status, void, undefined> {
  const { timeoutMs = sender.limits.timeoutMs, signal } = callOptions
  const now = steadyClock(sender.now)
  const startedAt = now()
  const remainingMs = () => startedAt + maxWaitMs - now()
  let lastStatus: Status | undefined
  let failures = 0

  for (let polls = 1; ; polls++) {
    // A pause may last longer than it was told to (a suspended machine).
    if (remainingMs() <= 0) throw polled.timeout({ polls: polls - 1, lastStatus })
    const seen = await tryLook(polled, {
      ...callOptions,
      timeoutMs: Math.max(1, Math.min(timeoutMs, remainingMs())),
      maxRetries: 0,
    })
    let retryAfterMs = 0
    if (seen.ok) {
      failures = 0
      if (!lastStatus || polled.hasChanged(lastStatus, seen.status)) {
        lastStatus = seen.status
        yield lastStatus
      }
      if (polled.hasEnded(seen.status)) return
    } else {
      const { error } = seen
      const isTooNew = error.code === 'job_not_found' && now() - startedAt < UNKNOWN_JOB_MS
      if (!isTooNew) failures++
      if (!isTooNew && (!error.retryable || failures >= MAX_FAILURES)) throw error
      retryAfterMs = error.retryAfterMs ?? 0
    }
    // No poll begins that could not end in time.
    const roomMs = remainingMs() - Math.min(1000, maxWaitMs / 5)
    if (roomMs <= 0 || retryAfterMs > roomMs) throw polled.timeout({ polls, lastStatus })
    const wantedMs = Number(delayMs ? delayMs(polls) : defaultDelayMs(polls, sender.random))
    const pauseMs = Math.max(retryAfterMs, wantedMs || FALLBACK_DELAY_MS)
    await sender.sleep(Math.min(pauseMs, roomMs), signal)
  }
}

type Seen<Status> = { ok: true; status: Status } | { ok: false; error: SmileIdError }

/** Rejects when aborted, with the signal's own reason. */
async function tryLook<Status>({ look }: Polled<Status>, options: RequestOptions): Promise<Seen<Status>> {
  try {
    return { ok: true, status: await look(options) }
  } catch (error) {
    if (!(error instanceof SmileIdError)) throw error
    return { ok: false, error }
  }
}

/** From 1 s to 3.8 s, give or take a tenth, so that many waits do not ask at the same moments. */
function defaultDelayMs(polls: number, random: () => number): number {
  const spread = 0.9 + random() / 5
  return Math.min(3800, 1000 * 1.5 ** (polls - 1)) * spread
}
