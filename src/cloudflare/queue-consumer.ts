/** A bulk run on queues: each message is a row, taken one step further at each delivery. */
import { internalsOf } from '../client/internals.ts'
import { throwIfAny } from '../errors/issues.ts'
import { callable } from '../input/rules.ts'
import { issuesOf } from '../input/schema.ts'
import type { BackfillMessage, BatchLike, MessageLike } from './bindings.ts'
import type { RunSwitch } from '../bulk/run-switch.ts'
import { createQueueBreaker, pauseRun, type QueueBreaker } from './queue-breaker.ts'
import { createQueueConnection, type QueueConnection } from './queue-connection.ts'
import { createSendBack, delayed, type SendBack } from './queue-delay.ts'
import { type BackfillConsumer, checkConsumer } from './queue-input.ts'
import { createDecide, type Decision, STOP_MS } from './queue-message.ts'

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
 * After three calls in a row without an answer, messages wait for the server: one now and then tries, after
 * five seconds, doubled each time, up to five minutes; the others come back without a call, with `queue` for
 * as long as it takes, and the `run` that is `'running'` has a note of why.
 *
 * The handler rejects with what `setup` throws, and, without `onStop`, with what stopped the batch.
 *
 * @throws {SmileIdInputError} `invalid_input`: the handler rejects so for what `setup` should not have
 * returned.
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
  throwIfAny(issuesOf(callable<typeof setup>(), setup ?? null, 'setup'))
  const breakers: Breakers = { breaker: createQueueBreaker(), connection: createQueueConnection() }
  return async (batch, env) => {
    let consumer: BackfillConsumer
    try {
      consumer = checkConsumer(await setup(env))
    } catch (error) {
      batch.retryAll(delayed(STOP_MS))
      throw error
    }
    await consume(batch.messages, consumer, breakers)
  }
}

/** Kept from batch to batch. */
interface Breakers {
  breaker: QueueBreaker
  connection: QueueConnection
}

async function consume(
  messages: readonly MessageLike<BackfillMessage>[],
  consumer: BackfillConsumer,
  breakers: Breakers,
): Promise<void> {
  const { concurrency = 4, pace, run, queue, onStop } = consumer
  const decide = createDecide(consumer, breakers)
  const sendBack = createSendBack(queue)
  const left = [...messages]
  let stopped: { reason: unknown } | undefined

  async function work(): Promise<void> {
    for (let message = left.shift(); message; message = left.shift()) {
      const decision = await decide(message)
      if (decision.kind !== 'stop') {
        await carryOut(decision, message, sendBack)
        continue
      }
      const { reason } = decision
      const others = [message, ...left.splice(0)]
      // Before anything else, so that other consumers do not run into the same.
      if (!stopped && run) await pauseRun(run, reason)
      stopped ??= { reason }
      await sendBack(others, STOP_MS)
    }
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, messages.length) }, work))
  if (run) await noteWaiting(run, consumer, breakers)
  if (pace && 'flush' in pace) {
    await pace.flush().catch((reason: unknown) => {
      stopped ??= { reason }
    })
  }
  if (!stopped) return
  if (!onStop) throw stopped.reason
  await onStop(stopped.reason)
}

async function noteWaiting(
  run: RunSwitch,
  { client }: BackfillConsumer,
  { connection }: Breakers,
): Promise<void> {
  const { host } = new URL(client.baseUrl)
  await connection.note(run, { host, now: internalsOf(client).now() })
}

async function carryOut(
  decision: Exclude<Decision, { kind: 'stop' }>,
  message: MessageLike<BackfillMessage>,
  sendBack: SendBack,
): Promise<void> {
  if (decision.kind === 'done') message.ack()
  else if (decision.kind === 'again') message.retry(delayed(decision.ms))
  else await sendBack([message], decision.ms)
}
