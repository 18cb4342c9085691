/** A gate without long waits: a consumer must end within a quarter of an hour. */
import type { PaceGate } from '../bulk/pace-input.ts'
import { sleep } from '../platform/time.ts'
import type { D1PaceGate } from './d1-input.ts'

/** A message that would have to wait longer than this waits in the queue. */
export const PATIENCE_MS = 30_000

/** The wait at the gate would take too long. */
export class GateClosedError extends Error {}

/** The same gate, but for waits of more than half a minute, by the platform's own time. */
export function patientGate(pace: PaceGate): PaceGate {
  return {
    async wait() {
      if (closedForMs(pace) > PATIENCE_MS) throw new GateClosedError()
      const [enough, passed] = [new AbortController(), new AbortController()]
      sleep(PATIENCE_MS, passed.signal).then(
        () => enough.abort(new GateClosedError()),
        () => {},
      )
      try {
        await pace.wait(enough.signal)
      } finally {
        passed.abort()
      }
    },
    observe(call) {
      pace.observe(call)
    },
  }
}

/** Milliseconds for which no call may go out, as far as the gate tells. */
export function closedForMs(pace: PaceGate | D1PaceGate | undefined): number {
  return pace && 'closedForMs' in pace ? pace.closedForMs : 0
}
