/** Whether a run on queues goes on, for all who work at it. */
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'

export type RunState = 'running' | 'paused' | 'cancelled'

/** Looked at before each row. */
export interface RunSwitch {
  read(): Promise<RunState>
  /** `reason`: why, for people who look at the run; a run that pauses itself gives one. */
  set(state: RunState, reason?: string): Promise<void>
  /**
   * Why a run waits that goes on by itself, for people who look at it; without a reason, it does not wait any
   * more. Says nothing of a run that is paused or cancelled. @default nobody is told
   */
  note?(reason: string | undefined): Promise<void>
}

/** A switch that also tells why it stands as it does. */
export interface StoredRunSwitch extends RunSwitch {
  /**
   * What the last `set` or `note` gave as its reason, such as
   * `unauthorized: Check partner id, API key, environment and clock.`
   */
  reason(): Promise<string | undefined>
  note(reason: string | undefined): Promise<void>
}

const STATES: readonly RunState[] = ['running', 'paused', 'cancelled']

/** @throws {SmileIdInputError} `invalid_input`: it is no state. */
export function checkRunState(state: unknown): void {
  if (STATES.includes(state as RunState)) return
  const message = `must be one of ${STATES.join(', ')}`
  throw new SmileIdInputError([issue('state', 'wrong_format', message)])
}
