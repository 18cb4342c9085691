/** The options of rows, runs and checks, and what can be wrong with them. */
import { type DateOptions, dateOptionEntries } from '../backfill/date-formats.ts'
import { callLimitEntries } from '../client/input.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue, wrongType } from '../errors/issues.ts'
import { isObject } from '../input/objects.ts'
import {
  abortSignal,
  callable,
  flag,
  either,
  milliseconds,
  must,
  textList,
  wholeNumberFrom,
  withMethods,
} from '../input/rules.ts'
import { check, type Checked, type Entries, objectOf, once, optional, type Schema } from '../input/schema.ts'
import { attempt } from '../platform/realms.ts'
import { type InterpretOptions, verdicts } from '../result/interpret.ts'
import type { Journal } from './journal.ts'
import { callsPerSecond, type PaceGate } from './pace-input.ts'
import type { BulkProgress } from './progress.ts'

export type Rows<R> = Iterable<R> | AsyncIterable<R>

export interface BackfillRowOptions extends DateOptions {
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
   * once. After a power cut, these may be rows that the journal does not know. @default true
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

export function rowOptionEntries(): Entries<BackfillRowOptions> {
  return {
    ...dateOptionEntries(),
    journal: withMethods<Journal>(['bind', 'read', 'write', 'entries'], 'must be a journal'),
    pace: optional(withMethods<PaceGate>(['wait', 'observe'], 'must be a gate')),
    timeoutMs: callLimitEntries().timeoutMs,
    signal: optional(abortSignal()),
    settle: optional(flag()),
    retryRejected: optional(flag()),
    hideUserIds: optional(flag()),
    existsCodes: optional(textList({ filled: false })),
    codes: optional(verdicts()),
  }
}

const rowOptions = /* @__PURE__ */ once(() => objectOf<BackfillRowOptions>(rowOptionEntries()))

export function checkRowOptions(options: unknown): Checked<BackfillRowOptions> {
  return check(rowOptions(), options ?? {}, 'options')
}

export interface BreakerOptions {
  /** Calls that are looked at. @default 50 */
  window?: number | undefined
  /** From 0 to 1. @default 0.25 */
  share?: number | undefined
  /** Milliseconds. @default 30_000 */
  pauseMs?: number | undefined
  /**
   * Milliseconds for which a run waits for a server that cannot be reached; then it rejects, and its rows are
   * left to the next run. @default 43_200_000, twelve hours
   */
  maxWaitMs?: number | undefined
}

const breakerOptions = /* @__PURE__ */ once(() =>
  objectOf<BreakerOptions>({
    window: optional(wholeNumberFrom(1)),
    share: optional(must<number>(isShare, 'must be a number above 0 up to 1')),
    pauseMs: optional(milliseconds(0)),
    maxWaitMs: optional(milliseconds(0)),
  }),
)

function isShare(share: unknown): boolean {
  return typeof share === 'number' && share > 0 && share <= 1
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
   * 429 does not count. After three calls in a row that provably reached nobody, such as ECONNREFUSED, sends
   * nothing but one row now and then, after one second, two, four, up to a minute, and goes on when that is
   * answered. `false`: neither.
   */
  breaker?: false | BreakerOptions | undefined
  /** Called after each row, and when waiting begins, goes on or ends; what it throws is ignored. */
  onProgress?: ((progress: BulkProgress) => void) | undefined
}

function breaker(): Schema<false | BreakerOptions> {
  const off = must<false>((value) => value === false, 'must be false or an object')
  return either<false | BreakerOptions>((value) => (isObject(value) ? breakerOptions() : off))
}

const bulkOptions = /* @__PURE__ */ once(() =>
  objectOf<BulkOptions>({
    ...rowOptionEntries(),
    ...callLimitEntries(),
    concurrency: optional(wholeNumberFrom(1)),
    ratePerSecond: optional(callsPerSecond()),
    maxLimitedRetries: optional(wholeNumberFrom(0)),
    maxCalls: optional(wholeNumberFrom(0)),
    total: optional(wholeNumberFrom(0)),
    stop: optional(abortSignal()),
    breaker: optional(breaker()),
    onProgress: optional(callable()),
  }),
)

/** A run's options, and what is wrong with them, and with what should be its rows. */
export function checkRun(rows: unknown, options: unknown): Checked<BulkOptions> {
  const { issues, value } = check(bulkOptions(), options ?? {}, 'options')
  issues.push(...rowsIssues(rows))
  if (value.pace && value.ratePerSecond !== undefined) {
    issues.push(issue('options.ratePerSecond', 'not_allowed', 'is up to the gate'))
  }
  return { issues, value }
}

export function rowsIssues(rows: unknown): InputIssue[] {
  return isIterable(rows) ? [] : [wrongType('rows', 'must be iterable')]
}

function isIterable(rows: any): boolean {
  if (typeof rows !== 'object') return false
  return attempt(() => typeof (rows[Symbol.asyncIterator] ?? rows[Symbol.iterator])) === 'function'
}

export interface CheckOptions extends DateOptions {
  /**
   * Whether rows that can be sent, and look damaged, are passed over: they are no problem then.
   * @default false
   */
  acceptWarnings?: boolean | undefined
  /** Whether photos are read, four at once. @default false */
  photos?: boolean | undefined
  /** Whether the same photo under two ids is more than a warning; reads photos. @default false */
  duplicatePhotos?: boolean | undefined
  /** An abort rejects with the signal's own reason. */
  signal?: AbortSignal | undefined
}

const checkOptions = /* @__PURE__ */ once(() =>
  objectOf<CheckOptions>({
    ...dateOptionEntries(),
    acceptWarnings: optional(flag()),
    photos: optional(flag()),
    duplicatePhotos: optional(flag()),
    signal: optional(abortSignal()),
  }),
)

export function checkCheckOptions(options: unknown): Checked<CheckOptions> {
  return check(checkOptions(), options ?? {}, 'options')
}
