/** Those who watch a call: of a call that goes on with another token, they see one. */
import { tell } from '../../client/hooks.ts'
import type { CallEvent, Hooks, Sender } from '../../client/internals.ts'
import type { Outcome, SmileIdErrorCode } from '../../errors/codes.ts'
import { transportOf } from '../../http/transport.ts'

interface ErrorFacts {
  code: SmileIdErrorCode | 'aborted'
  outcome: Outcome
  durationMs: number
}

export interface Watched {
  /** The same that sends, for the attempts with one token. */
  sender: Sender
  /** Attempts with earlier tokens. */
  earlierAttempts: number
  /** What became of the call, whose last attempt ended so: an earlier one may have done it. */
  outcomeOf(last: Pick<ErrorFacts, 'code' | 'outcome'>): Outcome
  /** The call goes on: its failure is none yet. */
  goOn(): void
  /** The call is over: a failure, if there was one, is told. */
  end(): void
}

/** `path`: what is told of the path, whose parameters may be ids of persons. */
export function watched(sender: Sender, path: string): Watched {
  const { hooks } = sender
  let callId: string | undefined
  let failed: { event: CallEvent; facts: ErrorFacts } | undefined
  let mayHaveActed = false
  const ofThisCall = <E extends CallEvent>(event: E): E => {
    callId ??= event.callId
    return { ...event, callId, path, attempt: event.attempt + watch.earlierAttempts }
  }
  const ownHooks: Hooks = {
    onRequest: (event) => tell(hooks.onRequest, ofThisCall(event)),
    onResponse: (event) => tell(hooks.onResponse, ofThisCall(event)),
    onRetry: (event) => tell(hooks.onRetry, ofThisCall(event)),
    onError({ code, outcome, durationMs, ...event }) {
      failed = {
        event: ofThisCall(event),
        facts: { code, outcome: watch.outcomeOf({ code, outcome }), durationMs },
      }
    },
  }
  // Once, for all calls of the client.
  const fetchRaw = transportOf(sender)
  const watch: Watched = {
    sender: { ...sender, fetchRaw, hooks: ownHooks },
    earlierAttempts: 0,
    // A provider that is silent was so all the time.
    outcomeOf: ({ code, outcome }) => (mayHaveActed && code !== 'provider_timeout' ? 'unknown' : outcome),
    goOn() {
      if (!failed) return
      watch.earlierAttempts = failed.event.attempt
      mayHaveActed = failed.facts.outcome === 'unknown'
      const code = failed.facts.code as SmileIdErrorCode
      tell<CallEvent, { code: SmileIdErrorCode; delayMs: number }>(hooks.onRetry, failed.event, {
        code,
        delayMs: 0,
      })
      failed = undefined
    },
    end() {
      if (failed) tell<CallEvent, ErrorFacts>(hooks.onError, failed.event, failed.facts)
    },
  }
  return watch
}
