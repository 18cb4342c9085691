/** What a row and a run can be told. */
import type { BulkProgress } from './progress.ts'
import { type PaceGate, RATE } from './pace.ts'
import { issue, missing, wrongType } from '../errors/issues.ts'
import type { Journal } from './journal.ts'
import {
  CALLABLE,
  duration,
  FLAG,
  limitRules,
  memberIssues,
  OBJECT,
  type Rule,
  SIGNAL,
} from '../input/rules.ts'
import type { InterpretOptions } from '../result/interpret.ts'
import type { InputIssue } from '../errors/codes.ts'

export type Rows<R> = Iterable<R> | AsyncIterable<R>

export interface BackfillRowOptions {
  journal: Journal
  /** The gate that all callers share. @default none */
  pace?: PaceGate | undefined
  /** Milliseconds for a call, headers and body. @default the client's, 30_000 */
  timeoutMs?: number | undefined
  /**
   * An abort rejects with the signal's own reason; a row whose request was out is `'unknown'` in the journal
   * then, any other `'failed'`.
   */
  signal?: AbortSignal | undefined
  /**
   * Whether a row that may have been enrolled before is sent again, which tells, since a user_id is enrolled
   * once. @default true
   */
  settle?: boolean | undefined
  /** Whether a rejected row is sent again once its photo or date has changed. @default false */
  retryRejected?: boolean | undefined
  /**
   * Keeps an HMAC of each user_id in the journal in place of the id itself; the same in all runs of one
   * journal. @default false
   */
  hideUserIds?: boolean | undefined
  /**
   * Smile ID's codes that say a user_id is in use; which one this endpoint answers with is not documented.
   * @default ['2209']
   */
  existsCodes?: readonly string[] | undefined
  /**
   * As with `interpretResult`: further ResultCodes, or other verdicts on known ones, that hold for your
   * account.
   */
  codes?: InterpretOptions['codes']
}

export interface BreakerOptions {
  /** Calls that are looked at. @default 50 */
  window?: number | undefined
  /** From 0 to 1. @default 0.25 */
  share?: number | undefined
  /** Milliseconds. @default 30_000 */
  pauseMs?: number | undefined
}

export interface BulkOptions extends BackfillRowOptions {
  /** Rows under way at once, and so photos in memory. @default 4 */
  concurrency?: number | undefined
  /** Calls a second at most, for a gate of the run's own. @default no limit until the service sets one */
  ratePerSecond?: number | undefined
  /**
   * Repeats of a row where nothing happened at the service: 503 with `Retry-After`, or no connection.
   * @default 3
   */
  maxRetries?: number | undefined
  /**
   * Repeats of a row after 429, which says nothing about the row, and so has a budget of its own. @default 10
   */
  maxLimitedRetries?: number | undefined
  /** Milliseconds; a longer `Retry-After` ends the run. @default 600_000 */
  maxRetryDelayMs?: number | undefined
  /**
   * So many calls, settling ones included; then the run ends, with `progress.stoppedBy`. @default no limit
   */
  maxCalls?: number | undefined
  /** Rows altogether, for the time left. @default the length of a list */
  total?: number | undefined
  /**
   * Drains: no new rows, those in flight finish, and the loop ends normally; so does `break`. `signal` cuts
   * off.
   */
  stop?: AbortSignal | undefined
  /**
   * Pauses all when this share of the last calls failed, again at each further failure as long as it is so;
   * 429 does not count. `false`: never.
   */
  breaker?: false | BreakerOptions | undefined
  /** Told after each row; what it throws is ignored. */
  onProgress?: ((progress: BulkProgress) => void) | undefined
}

export function has(...names: string[]): Rule[0] {
  return (value) => names.every((name) => typeof value[name] === 'function')
}

export function whole(least: number): Rule {
  return [(count) => Number.isInteger(count) && count >= least, `must be a whole number from ${least}`]
}

export function rowRules(): Record<string, Rule> {
  return {
    journal: [has('bind', 'read', 'write', 'entries'), 'must be a journal'],
    pace: [has('wait', 'observe'), 'must be a gate'],
    timeoutMs: limitRules().timeoutMs,
    signal: SIGNAL,
    settle: FLAG,
    retryRejected: FLAG,
    hideUserIds: FLAG,
    existsCodes: [
      (codes) => Array.isArray(codes) && codes.every((code) => typeof code === 'string'),
      'must be a list of texts',
    ],
    codes: OBJECT,
  }
}

function runRules(): Record<string, Rule> {
  return {
    ...rowRules(),
    ...limitRules(),
    concurrency: whole(1),
    ratePerSecond: RATE,
    maxLimitedRetries: whole(0),
    maxCalls: whole(0),
    total: whole(0),
    stop: SIGNAL,
    breaker: [(breaker) => breaker === false || typeof breaker === 'object', 'must be false or an object'],
    onProgress: CALLABLE,
  }
}

function breakerRules(): Record<string, Rule> {
  return {
    window: whole(1),
    share: [(share) => share > 0 && share <= 1, 'must be a number above 0 up to 1'],
    pauseMs: duration(0),
  }
}

export function rowOptionIssues(options: BackfillRowOptions, rules = rowRules()): InputIssue[] {
  return [
    ...((options as Partial<BackfillRowOptions> | undefined)?.journal === undefined
      ? [missing('options.journal')]
      : []),
    ...memberIssues(options, rules, 'options.'),
  ]
}

export function runOptionIssues(rows: unknown, options: BulkOptions): InputIssue[] {
  const { breaker, pace, ratePerSecond } = options ?? {}
  const issues = [
    ...rowOptionIssues(options, runRules()),
    ...memberIssues(breaker || {}, breakerRules(), 'options.breaker.'),
    ...rowsIssues(rows),
  ]
  if (pace && ratePerSecond !== undefined)
    issues.push(issue('options.ratePerSecond', 'not_allowed', 'is up to the gate'))
  return issues
}

export function rowsIssues(rows: unknown): InputIssue[] {
  const iterable =
    typeof rows === 'object' && rows && (Symbol.asyncIterator in rows || Symbol.iterator in rows)
  return iterable ? [] : [wrongType('rows', 'must be iterable')]
}
