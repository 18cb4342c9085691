/** One request of either generation and its answer: read, answered and recorded, as the faults want. */
import type { Operation } from '../wire/endpoints.ts'
import type { JobRef } from '../wire/jobs.ts'
import type { Clock } from './clock.ts'
import { type ActiveFaults, ConnectionReset, type Faults } from './faults.ts'
import type { V3Operation } from '../wire/v3-operations.ts'

/** One call as the service saw it. */
export interface EmulatorCall {
  operation: Operation | V3Operation
  /** In calls of v3 the job that the answer names. */
  job?: JobRef
  /** The HTTP status, or how the connection ended. */
  status: number | 'reset' | 'hang'
  /** Whether the service acted. */
  committed: boolean
}

/** A request's body, or why it did not arrive. */
export type Arrived<Body> = ({ ok: true } & Body) | { ok: false; error: unknown }

/** An answer that waits to be sent. */
interface Outcome {
  status: number
  committed: boolean
  job?: JobRef | undefined
  send(): Response | Promise<Response>
}

interface Conversation<Body> {
  operation: Operation | V3Operation
  signal: AbortSignal
  receive(): Promise<Arrived<Body>>
  /** The job that the request names, as far as it arrived. */
  jobOf(arrived: Arrived<Body>): JobRef | undefined
  answer(body: Body, faults: ActiveFaults): Promise<Outcome>
}

interface ConversationSetup {
  clock: Clock
  faults: Faults
  calls: EmulatorCall[]
}

/**
 * @throws {TypeError} The connection died.
 * @throws The signal's reason.
 */
export async function converse<Body>(
  setup: ConversationSetup,
  { operation, signal, receive, jobOf, answer }: Conversation<Body>,
): Promise<Response> {
  const faults = setup.faults.take(operation)
  if (faults.latency) await setup.clock.sleep(faults.latency.ms, signal)

  const arrived = await receive()
  const named = jobOf(arrived)
  const record = (end: Pick<EmulatorCall, 'status' | 'committed'>, job = named) => {
    setup.calls.push(job ? { operation, job, ...end } : { operation, ...end })
  }
  if (!arrived.ok) {
    record({ status: 'reset', committed: false })
    throw arrived.error
  }
  if (faults.hang) {
    record({ status: 'hang', committed: false })
    return untilAborted(signal)
  }
  if (faults.reset && !faults.reset.commit) {
    record({ status: 'reset', committed: false })
    throw new ConnectionReset()
  }

  const { status, committed, job, send } = await answer(arrived, faults)
  if (faults.reset) {
    record({ status: 'reset', committed }, job)
    throw new ConnectionReset()
  }
  record({ status, committed }, job)
  return send()
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}
