/** What the rows of one run share. */
import type { BackfillInput } from '../backfill/input.ts'
import { tell } from '../client/hooks.ts'
import type { ClientInternals } from '../client/internals.ts'
import {
  createFailureBreaker,
  createRefusalBreaker,
  type FailureBreaker,
  type RefusalBreaker,
} from './breaker.ts'
import { type CallBudget, createCallBudget, type RepeatLimits } from './call-limits.ts'
import { type BulkWaiting, type ConnectionBreaker, createConnectionBreaker } from './connection-breaker.ts'
import type { BreakerOptions, BulkOptions } from './input.ts'
import type { PaceGate } from './pace-input.ts'
import { createPaceGate } from './pace.ts'
import type { Meter } from './progress.ts'
import { openRowContext, type RowContext } from './row-context.ts'
import { createRunEnd, type RunEnd } from './run-end.ts'
import type { CallReport } from './send-row.ts'

export interface Run<R extends BackfillInput> {
  context: RowContext
  pace: PaceGate
  end: RunEnd
  meter: Meter
  budget: CallBudget
  repeatLimits: RepeatLimits
  /** None where the caller wants none. */
  failures: FailureBreaker | undefined
  /** None where the caller wants none. */
  connection: ConnectionBreaker | undefined
  /** One refusal opens it before the first success of this run, whatever earlier runs were answered. */
  refusals: RefusalBreaker<CallReport<R>>
}

/** @throws {SmileIdInputError} `invalid_input`: the journal belongs to others. */
export async function openRun<R extends BackfillInput>(
  internals: ClientInternals,
  options: BulkOptions,
  meter: Meter,
): Promise<Run<R>> {
  const { maxCalls = Infinity, maxRetries = 3, maxLimitedRetries = 10, maxRetryDelayMs = 600_000 } = options
  const { breaker = {}, signal, stop } = options
  const watch = (waiting: BulkWaiting | undefined): void => {
    meter.waiting(waiting)
    tell(options.onProgress, meter.read())
  }
  const pace = options.pace ?? createOwnGate(internals, options.ratePerSecond)
  const context = await openRowContext(internals, { ...options, pace })
  // Last, so that its listeners are there only once there is a run that takes them away.
  const end = createRunEnd({ signal, stop })
  return {
    context,
    pace,
    end,
    meter,
    budget: createCallBudget(maxCalls),
    repeatLimits: { maxRetries, maxLimitedRetries, maxRetryDelayMs, random: internals.random },
    failures: breaker === false ? undefined : createFailureBreaker(breaker, pace),
    connection: breaker === false ? undefined : openConnectionBreaker({ internals, breaker, end, watch }),
    refusals: createRefusalBreaker({ refusalsBeforeTrust: 1 }),
  }
}

/** Twelve hours: a night. */
const MAX_WAIT_MS = 43_200_000

function openConnectionBreaker({
  internals,
  breaker: { maxWaitMs = MAX_WAIT_MS },
  end,
  watch,
}: {
  internals: ClientInternals
  breaker: BreakerOptions
  end: RunEnd
  watch(waiting: BulkWaiting | undefined): void
}): ConnectionBreaker {
  const { client, now, sleep, random } = internals
  const { host } = new URL(client.baseUrl)
  return createConnectionBreaker({
    host,
    maxWaitMs,
    now,
    sleep,
    random,
    onChange: watch,
    onGiveUp: (error) => end.fail(error),
  })
}

function createOwnGate({ now, sleep }: ClientInternals, ratePerSecond: number | undefined): PaceGate {
  // The gate's own clock is the better one, unless time comes from outside.
  return createPaceGate({ ratePerSecond, sleep, now: now === Date.now ? undefined : now })
}
