/** A bulk run on queues: each message is a row, taken one step further at each delivery. */
import type { BackfillRowOptions } from '../bulk/options.ts'
import type { BulkOutcome, BulkState } from '../bulk/outcome.ts'
import type { PaceGate } from '../bulk/pace.ts'
import { backfillRow } from '../bulk/one-row.ts'
import { internalsOf } from '../client/internals.ts'
import type { D1PaceGate } from './d1-pace.ts'
import { checkConsumer, type BackfillConsumer } from './queue-options.ts'
import type { BackfillMessage, BatchLike, MessageLike } from './bindings.ts'
import { createDoubts, type Doubts, hold } from './queue-breaker.ts'
import { backoff, createSendBack, delayOf, later, rowOf, type SendBack } from './queue-row.ts'
import { sleep } from '../platform/time.ts'
/** What stops a run takes a person to mend. */
const STOP_MS = 300_000
/** A consumer has a quarter of an hour: who must wait longer than this for the gate waits in the queue. */
const PATIENCE_MS = 30_000
const FINAL: readonly BulkState[] = ['enrolled', 'exists', 'rejected', 'invalid']
const GATE_CLOSED = /* @__PURE__ */ Symbol('gate closed')

/**
 * Makes the `queue` handler of a Worker that enrols users; called for each batch, it makes what it needs from
 * `env`.
 *
 * Each message takes its row one step further (`backfillRow`), at most `concurrency` of them at once. Final
 * outcomes (`enrolled`, `exists`, `rejected`, `invalid`) are acked, others come again one by one: after what
 * the error or the lease ask for, else after some five seconds, doubled by each delivery, up to an hour. A
 * row of unknown end is settled then. A photo that is not in the bucket makes its row `invalid`; a bucket
 * that fails makes it `failed`. Deliveries count against the queue's `max_retries`: 100 is the most, and a
 * dead letter queue keeps what is left. A row takes up to eight requests of what the platform allows an
 * invocation, six of them to D1, and a batch some ten more.
 *
 * What would stop any run, as `backfillRow` has it, or refuses five rows one after the other for what may be
 * common to all (`invalid_request`), pauses the `run` until somebody sets it to `'running'` again: the rows
 * under way finish, and all others come back every five minutes, without a call. With `queue` they may do so
 * for as long as it takes.
 *
 * The handler rejects with `invalid_input` for what `setup` should not have returned, with what `setup`
 * throws, and, without `onStop`, with what stopped the batch.
 *
 * @example
 * ```ts
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 * import {
 *   type BackfillMessage,
 *   createBackfillConsumer,
 *   createD1Journal,
 *   createD1PaceGate,
 *   createD1RunSwitch,
 *   type D1Like,
 *   type QueueLike,
 *   type R2Like,
 * } from 'smileid-edge/cloudflare'
 *
 * export default {
 *   queue: createBackfillConsumer(
 *     (env: { DB: D1Like; PHOTOS: R2Like; ROWS: QueueLike<BackfillMessage> }) => ({
 *       client: createClient(clientOptionsFromEnv(env)),
 *       photos: env.PHOTOS,
 *       journal: createD1Journal(env.DB),
 *       pace: createD1PaceGate(env.DB, { ratePerSecond: 5 }),
 *       run: createD1RunSwitch(env.DB),
 *       queue: env.ROWS,
 *       onOutcome: ({ state, code }) => console.log(state, code),
 *     }),
 *   ),
 * }
 * ```
 */
export function createBackfillConsumer<E>(
  setup: (env: E) => BackfillConsumer | Promise<BackfillConsumer>,
): (batch: BatchLike<BackfillMessage>, env: E) => Promise<void> {
  const doubts = createDoubts()
  return async (batch, env) => {
    let consumer: BackfillConsumer
    try {
      consumer = checkConsumer(await setup(env))
    } catch (error) {
      batch.retryAll(later(STOP_MS))
      throw error
    }
    await consume(batch.messages, consumer, doubts)
  }
}

async function consume(
  messages: readonly MessageLike<BackfillMessage>[],
  consumer: BackfillConsumer,
  doubts: Doubts,
): Promise<void> {
  const { concurrency = 4, onStop, ...making } = consumer
  const { pace, run, queue } = making
  const sendBack = createSendBack(queue)
  const step = createStep(making, doubts, sendBack)
  const left = [...messages]
  let stopped: { reason: unknown } | undefined
  async function work(): Promise<void> {
    for (let message = left.shift(); message; message = left.shift()) {
      try {
        await step(message)
      } catch (reason) {
        const others = [message, ...left.splice(0)]
        // First of all, so that others, elsewhere, do not run into the same.
        if (!stopped && run) await hold(run, reason)
        stopped ??= { reason }
        await sendBack(others, STOP_MS)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, messages.length) }, work))
  if (pace && 'flush' in pace) await pace.flush().catch((reason: unknown) => (stopped ??= { reason }))
  if (!stopped) return
  if (!onStop) throw stopped.reason
  await onStop(stopped.reason)
}

/** What becomes of one message; rejects with what must stop all. */
function createStep(
  {
    client,
    photos,
    pace,
    run,
    queue,
    onOutcome,
    onCancelled,
    ...rest
  }: Omit<BackfillConsumer, 'concurrency' | 'onStop'>,
  doubts: Doubts,
  sendBack: SendBack,
) {
  const { random } = internalsOf(client)
  const options: BackfillRowOptions = { ...rest, pace: pace && patient(pace) }
  return async (message: MessageLike<BackfillMessage>): Promise<void> => {
    const { body, attempts } = message
    const again = (ms: number) => message.retry(later(ms))
    /** Whether someone was told; a message of which nobody could be told comes again. */
    const told = async (tell: () => unknown): Promise<boolean> => {
      try {
        await tell()
        return true
      } catch {
        again(backoff(attempts, random))
        return false
      }
    }
    const state = await run?.read()
    if (state === 'paused') return queue ? sendBack([message], STOP_MS) : again(backoff(attempts, random))
    if (state === 'cancelled') return (await told(() => onCancelled?.(body))) ? message.ack() : undefined
    const row = rowOf(body, photos)
    let outcome: BulkOutcome
    try {
      outcome = row.outcome(await backfillRow(client, row.row, options))
    } catch (error) {
      if (error !== GATE_CLOSED) throw error
      // Nothing was claimed or sent.
      return sendBack([message], Math.max(PATIENCE_MS, closedForMs(pace)))
    }
    if (!(await told(() => onOutcome?.(outcome, body)))) return
    const common = doubts.take(outcome)
    if (common) throw common
    if (FINAL.includes(outcome.state)) message.ack()
    else again(delayOf(outcome, attempts, random))
  }
}

function closedForMs(pace: PaceGate | undefined): number {
  return pace && 'closedForMs' in pace ? (pace as D1PaceGate).closedForMs : 0
}

/** A gate at which nobody waits for long, by the platform's own time. */
function patient(pace: PaceGate): PaceGate {
  return {
    async wait() {
      if (closedForMs(pace) > PATIENCE_MS) throw GATE_CLOSED
      const [tired, through] = [new AbortController(), new AbortController()]
      sleep(PATIENCE_MS, through.signal).then(
        () => tired.abort(GATE_CLOSED),
        () => {},
      )
      try {
        await pace.wait(tired.signal)
      } finally {
        through.abort()
      }
    },
    observe: (call) => pace.observe(call),
  }
}
