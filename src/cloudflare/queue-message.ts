/** What becomes of one message: it is done, comes again, or stops all others. */
import type { BackfillRowOptions } from '../bulk/input.ts'
import { backfillRow } from '../bulk/one-row.ts'
import type { BulkOutcome, BulkState } from '../bulk/outcome.ts'
import { internalsOf } from '../client/internals.ts'
import type { BackfillMessage, MessageLike } from './bindings.ts'
import { closedForMs, GateClosedError, PATIENCE_MS, patientGate } from './patient-gate.ts'
import type { QueueBreaker } from './queue-breaker.ts'
import type { QueueConnection } from './queue-connection.ts'
import { backoffMs, delayMsOf } from './queue-delay.ts'
import type { BackfillConsumer } from './queue-input.ts'
import { rowOf } from './queue-row.ts'

export type Decision =
  | { kind: 'done' }
  /** Another delivery is needed, which counts. */
  | { kind: 'again'; ms: number }
  /** It comes back through no fault of its row. */
  | { kind: 'send_back'; ms: number }
  /** No row would survive this. */
  | { kind: 'stop'; reason: unknown }

/** What stops a run has to be mended by a person. */
export const STOP_MS = 300_000

const FINAL_STATES: readonly BulkState[] = ['enrolled', 'exists', 'rejected', 'invalid']

/** Decides on one message after the other; errors of the journal and the switch stop all. */
export function createDecide(
  consumer: BackfillConsumer,
  { breaker, connection }: { breaker: QueueBreaker; connection: QueueConnection },
): (message: MessageLike<BackfillMessage>) => Promise<Decision> {
  const { run, queue, onOutcome, onCancelled } = consumer
  const { random, now } = internalsOf(consumer.client)
  const takeStep = createStep(consumer)

  async function decide({ body, attempts }: MessageLike<BackfillMessage>): Promise<Decision> {
    const later = (): Decision => ({ kind: 'again', ms: backoffMs(attempts, random) })
    // Without a queue to send it to, each return counts as a delivery: then it waits longer each time.
    const backIn = (ms: number): Decision =>
      queue ? { kind: 'send_back', ms } : { kind: 'again', ms: Math.max(ms, backoffMs(attempts, random)) }
    const state = await run?.read()
    if (state === 'paused') return queue ? backIn(STOP_MS) : later()
    if (state === 'cancelled') {
      const reported = await succeeds(() => onCancelled?.(body))
      return reported ? { kind: 'done' } : later()
    }

    const heldMs = connection.admit(now())
    if (heldMs > 0) return backIn(heldMs)
    const step = await takeStep(body)
    if (!step.ok) {
      connection.release(now())
      return { kind: 'send_back', ms: step.waitMs }
    }
    const { outcome } = step
    connection.take(outcome, now())
    const reported = await succeeds(() => onOutcome?.(outcome, body))
    if (!reported) return later()
    const reason = breaker.take(outcome)
    if (reason) return { kind: 'stop', reason }
    if (FINAL_STATES.includes(outcome.state)) return { kind: 'done' }
    if (connection.isOpen && !outcome.resumed) return backIn(connection.leftMs(now()))
    return { kind: 'again', ms: delayMsOf(outcome, attempts, random) }
  }

  return async (message) => {
    try {
      return await decide(message)
    } catch (reason) {
      connection.take({ error: reason }, now())
      return { kind: 'stop', reason }
    }
  }
}

type Step =
  | { ok: true; outcome: BulkOutcome }
  /** The gate is closed for long: nothing was claimed or sent. */
  | { ok: false; waitMs: number }

/** Takes the row of a message one step further. */
function createStep(consumer: BackfillConsumer): (message: BackfillMessage) => Promise<Step> {
  const { client, photos, pace } = consumer
  const options = rowOptionsOf(consumer)
  return async (message) => {
    const { row, finish } = rowOf(message, photos)
    try {
      return { ok: true, outcome: finish(await backfillRow(client, row, options)) }
    } catch (error) {
      if (!(error instanceof GateClosedError)) throw error
      return { ok: false, waitMs: Math.max(PATIENCE_MS, closedForMs(pace)) }
    }
  }
}

function rowOptionsOf(consumer: BackfillConsumer): BackfillRowOptions {
  const { journal, pace, timeoutMs, settle, retryRejected, hideUserIds, existsCodes, codes } = consumer
  const { timeZone, dateFormat } = consumer
  const gate = pace && patientGate(pace)
  const rules = { timeoutMs, settle, retryRejected, hideUserIds, existsCodes, codes, timeZone, dateFormat }
  return { journal, pace: gate, ...rules }
}

/** Calls a function of the caller's, and waits for it; false when it fails. */
async function succeeds(call: () => unknown): Promise<boolean> {
  try {
    await call()
    return true
  } catch {
    return false
  }
}
