/**
 * The step of one row, which all engines share: look it up, read its photo, claim it, call, and write down
 * what came of it.
 */
import { type BackfillInput, enrol, rowIssues, wireDate } from '../backfill/enrol.ts'
import { bindJournal, type RowDigests } from './digest.ts'
import type { BackfillRowOptions } from './options.ts'
import {
  type BulkOutcome,
  type Judgement,
  judge,
  readEntry,
  readError,
  type Reading,
  readReply,
} from './outcome.ts'
import type { PaceGate } from './pace.ts'
import type { ClientInternals, RequestOptions } from '../client/internals.ts'
import { isSmileIdError } from '../errors/classes.ts'
import { inputError, issue } from '../errors/issues.ts'
import type { JournalEntry } from './journal.ts'
import { type Photo, photoOrIssues } from '../photo/read.ts'
import { timeText } from '../signature/timestamp.ts'
import type { InputIssue } from '../errors/codes.ts'
import { withoutUndefined } from '../input/objects.ts'

/**
 * How much longer than the call a claim lasts: time to write down what came of it, and for clocks that
 * differ.
 */
const LEASE_MARGIN_MS = 30_000

/** Everything that the rows of one run have in common. */
export interface Desk extends RowDigests, BackfillRowOptions {
  internals: ClientInternals
  timeoutMs: number
  settle: boolean
  existsCodes: readonly string[]
}

export async function openDesk(internals: ClientInternals, options: BackfillRowOptions): Promise<Desk> {
  const { journal, hideUserIds = false } = options
  return {
    timeoutMs: internals.limits.timeoutMs,
    settle: true,
    existsCodes: ['2209'],
    ...withoutUndefined(options),
    internals,
    ...(await bindJournal(internals, journal, hideUserIds)),
  }
}

/** A row that may be sent. */
export interface Ticket<R extends BackfillInput> {
  row: R
  index: number
  user_id: string
  user_created_at: string
  photo: Photo
  key: string
  digest: string
  /** The latest entry of the journal. */
  latest: JournalEntry | undefined
  /** An earlier call may have enrolled the user. */
  unclear: boolean
}

/** Reads and decides, and sends nothing: what the row's end is already, or all that sending it takes. */
export async function takeRow<R extends BackfillInput>(
  desk: Desk,
  row: R,
  index: number,
  signal = desk.signal,
): Promise<BulkOutcome<R> | Ticket<R>> {
  const { internals, journal } = desk
  const issues = rowIssues(row)
  // Taken now: while the journal and the photo are read, the caller's object may change.
  const { user_id, user_created_at } = row ?? {}
  const date = issues.length ? '' : wireDate(user_created_at)
  const key = issues.some(({ path }) => path !== 'user_created_at') ? undefined : await desk.keyOf(user_id)
  const latest = key === undefined ? undefined : await journal.read(key)
  const known = (reading: Reading) =>
    ({ row, index, attempts: latest!.attempts, resumed: true, ...reading }) as BulkOutcome<R>

  const state = latest?.state
  const again = state === 'rejected' && desk.retryRejected
  const unclear = state === 'sending' || state === 'unknown'
  if (state === 'sending' && leaseLeft(latest!, internals.now()) > 0)
    return busy(row, index, latest!, internals.now())
  if (latest && !again && state !== 'failed' && !(unclear && desk.settle)) return known(readEntry(latest))

  const photo = await photoOrIssues('photo', row?.photo, signal)
  if ('length' in photo) issues.push(...photo)
  if (issues.length || 'length' in photo) {
    const outcome = invalid(row, index, issues, latest)
    // What was sent before counts more than what cannot be sent now.
    return unclear ? ({ ...outcome, ...readEntry(latest!), resumed: true } as BulkOutcome<R>) : outcome
  }
  const digest = await desk.digestOf(date, photo.bytes)
  const changed = latest && latest.digest !== digest
  if (again && !changed) return known(readEntry(latest!))
  if (unclear && changed) {
    const error = inputError([
      issue(
        'photo',
        'not_allowed',
        'or date changed since it was sent, with unknown end: run once with what was sent',
      ),
    ])
    return known({ ...readEntry(latest), text: error.message, error })
  }
  return { row, index, user_id, user_created_at: date, photo, key: key!, digest, latest, unclear }
}

export interface Sent<R extends BackfillInput> {
  outcome: BulkOutcome<R>
  /** Of the error; none with a reply. */
  judgement?: Judgement | undefined
  /** As the journal has it. */
  entry?: JournalEntry
  /** Whether a request went out. */
  sent: boolean
  /** Whether it was answered by 429. */
  limited?: boolean
  /** What must stop the run. */
  fatal?: { reason: unknown } | undefined
}

/**
 * Claims the row, calls once, and writes down what came of it; the ticket then fits for another try. Rejects
 * when aborted, or when the journal fails before the call.
 */
export async function sendRow<R extends BackfillInput>(
  desk: Desk,
  ticket: Ticket<R>,
  trusted: () => boolean,
): Promise<Sent<R>> {
  const { internals, journal, timeoutMs, signal } = desk
  const { row, index, key, digest, latest } = ticket
  signal?.throwIfAborted()
  const attempts = (latest?.attempts ?? 0) + 1
  const entry = (
    state: JournalEntry['state'],
    more: Partial<JournalEntry>,
    now = internals.now(),
  ): JournalEntry => ({
    key,
    rev: (ticket.latest?.rev ?? 0) + 1,
    state,
    at: timeText(now),
    attempts,
    digest,
    ...more,
  })
  const now = internals.now()
  const claim = entry('sending', { leaseUntil: timeText(now + timeoutMs + LEASE_MARGIN_MS) }, now)
  if (!(await journal.write(claim)))
    return { outcome: busy(row, index, (await journal.read(key)) ?? claim, internals.now()), sent: false }
  ticket.latest = claim

  let sent = false
  async function close({ state, code, smileJobId, attempted }: Reading): Promise<void> {
    const end = entry(state, withoutUndefined({ code, smileJobId, attempted }))
    // False: the lease was over, and another worker has settled the row meanwhile.
    if (await journal.write(end)) ticket.latest = end
    ticket.unclear = state === 'unknown'
  }

  let reading: Reading
  let call: Parameters<PaceGate['observe']>[0] = { ok: true, limited: false }
  let judgement: Judgement | undefined
  let fatal: Sent<R>['fatal']
  try {
    // A repeat is the engine's affair: the pause before it is for all.
    const options: RequestOptions = { timeoutMs, maxRetries: 0, signal }
    reading = readReply(await enrol(internals, ticket, options, () => void (sent = true)), desk.codes)
  } catch (error) {
    if (error === signal?.reason || !isSmileIdError(error)) {
      await close({
        state: sent || ticket.unclear ? 'unknown' : 'failed',
        code: signal?.aborted ? 'aborted' : 'error',
      })
      throw error
    }
    judgement = judge(error, desk.existsCodes)
    reading = readError(error, judgement, { unclear: ticket.unclear, trusted: trusted() })
    call = withoutUndefined({
      ok: /exists|row|doubtful/.test(judgement),
      limited: error.code === 'rate_limited',
      retryAfterMs: error.retryAfterMs,
    })
    if (judgement === 'stop') fatal = { reason: error }
  }
  try {
    desk.pace?.observe(call)
    await close(reading)
  } catch (reason) {
    // What came of the row is known all the same.
    fatal ??= { reason }
  }
  return {
    outcome: { row, index, attempts, resumed: false, ...reading } as BulkOutcome<R>,
    sent,
    limited: call.limited,
    entry: ticket.latest,
    judgement,
    fatal,
  }
}

export function invalid<R extends BackfillInput>(
  row: R,
  index: number,
  issues: InputIssue[],
  latest?: JournalEntry,
): BulkOutcome<R> {
  const error = inputError(issues)
  return {
    row,
    index,
    attempts: latest?.attempts ?? 0,
    resumed: false,
    state: 'invalid',
    code: issues[0]!.code,
    text: error.message,
    error,
  }
}

function busy<R extends BackfillInput>(
  row: R,
  index: number,
  latest: JournalEntry,
  now: number,
): BulkOutcome<R> {
  return {
    row,
    index,
    attempts: latest.attempts,
    resumed: true,
    state: 'busy',
    retryAfterMs: leaseLeft(latest, now),
  }
}

/** None for an entry from the future: the clock was wrong then, or is now. */
function leaseLeft({ leaseUntil, at }: JournalEntry, now: number): number {
  return Date.parse(at) > now + LEASE_MARGIN_MS ? 0 : Math.max(0, Date.parse(leaseUntil!) - now || 0)
}
