/** A row before its call: what the journal knows of it, its photo, and whether it is to be sent. */
import type { CheckedInput } from '../backfill/enrol.ts'
import { type BackfillInput, wireDate } from '../backfill/input.ts'
import { SmileIdInputError, type SmileIdTimeoutError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'
import { readPhotoAt } from '../photo/read.ts'
import type { JournalEntry } from './journal.ts'
import { busyOutcome, leaseLeftMs } from './lease.ts'
import {
  type BulkOutcome,
  invalidOutcome,
  outcomeOf,
  type PlacedRow,
  readEntry,
  type ReadRow,
} from './outcome.ts'
import type { RowContext } from './row-context.ts'

/** A row that is to be sent, and all that this takes. */
export interface PreparedRow<R extends BackfillInput> {
  placed: PlacedRow<R>
  input: CheckedInput
  key: string
  digest: string
  history: RowHistory
}

/** What earlier calls for a row left behind. */
export interface RowHistory {
  /** The journal's latest entry. */
  latest: JournalEntry | undefined
  /** An earlier call may have enrolled the user. */
  unclear: boolean
}

export type Preparation<R extends BackfillInput> =
  { ended: true; outcome: BulkOutcome<R> } | { ended: false; prepared: PreparedRow<R> }

/**
 * Decides whether a row is to be sent, and sends nothing.
 *
 * An abort rejects with the signal's own reason, and errors of the journal as they are.
 */
export async function prepareRow<R extends BackfillInput>(
  context: RowContext,
  placed: ReadRow<R>,
  signal: AbortSignal | undefined,
): Promise<Preparation<R>> {
  const { internals, journal, digests, readDate, timeoutMs } = context
  const { given } = placed
  const issues = [...given.issues]
  const { user_id = '', user_created_at = '', photo: source } = given.value
  const date = issues.length ? '' : wireDate(user_created_at, readDate)

  const hasKey = issues.every(({ path }) => path === 'user_created_at')
  const key = hasKey ? await digests.keyOf(user_id) : ''
  const latest = hasKey ? await journal.read(key) : undefined
  const mayHaveLost = hasKey && journal.mayHaveLost?.(key) === true
  const step = nextStep(context, latest, { mayHaveLost })
  if (latest && step === 'busy') return ended(busyOutcome(placed, latest, internals.now()))
  if (latest && step === 'resume') return ended(resumed(placed, latest))
  if (step === 'leave') return ended(left(placed, latest))

  const read = await readPhotoAt('photo', source, { operation: 'backfill_users', timeoutMs, signal })
  if (!read.ok) issues.push(...read.issues)
  if (!issues.length && 'late' in read) return ended(photoLate(placed, read.late, { latest, step }))
  if (issues.length || !read.ok) return ended(notSendable(placed, issues, { latest, step }))

  const { photo } = read
  const digest = await digests.digestOf(date, photo.bytes)
  if (latest && step === 'retry' && latest.digest === digest) return ended(resumed(placed, latest))
  if (latest && step === 'settle' && latest.digest !== digest) return ended(changedSince(placed, latest))
  const input = { user_id, user_created_at: date, photo }
  const history = { latest, unclear: step === 'settle' || mayHaveLost }
  return { ended: false, prepared: { placed, input, key, digest, history } }
}

/**
 * What is to be done with a row, by the journal's latest entry:
 *
 * | latest entry             | step                                                                       |
 * | ------------------------ | -------------------------------------------------------------------------- |
 * | none, `failed`           | `'send'`; if later ones may be lost and without `settle`, `'leave'`        |
 * | `sending`, under a lease | `'busy'`: another worker has it                                            |
 * | `sending`, `unknown`     | `'settle'`: send the same again, which tells; without `settle`, `'resume'` |
 * | `rejected`               | `'resume'`; with `retryRejected`, `'retry'` if the row has changed         |
 * | `enrolled`, `exists`     | `'resume'`: the row ends as the entry says                                 |
 */
type Step = 'send' | 'leave' | 'busy' | 'settle' | 'retry' | 'resume'

function nextStep(
  { internals, settle, retryRejected }: RowContext,
  latest: JournalEntry | undefined,
  { mayHaveLost }: { mayHaveLost: boolean },
): Step {
  switch (latest?.state) {
    case undefined:
    case 'failed':
      return mayHaveLost && !settle ? 'leave' : 'send'
    case 'sending':
      if (leaseLeftMs(latest, internals.now()) > 0) return 'busy'
      return settle ? 'settle' : 'resume'
    case 'unknown':
      return settle ? 'settle' : 'resume'
    case 'rejected':
      return retryRejected ? 'retry' : 'resume'
    default:
      return 'resume'
  }
}

function ended<R extends BackfillInput>(outcome: BulkOutcome<R>): Preparation<R> {
  return { ended: true, outcome }
}

function resumed<R extends BackfillInput>(placed: PlacedRow<R>, latest: JournalEntry): BulkOutcome<R> {
  return outcomeOf(placed, { attempts: latest.attempts, resumed: true }, readEntry(latest))
}

/** A row that may have been sent, and of which the journal has no entry any more that says so. */
function left<R extends BackfillInput>(
  placed: PlacedRow<R>,
  latest: JournalEntry | undefined,
): BulkOutcome<R> {
  const text = 'perhaps sent before a power cut that took its entry from the journal: settle tells'
  return outcomeOf(placed, { attempts: latest?.attempts ?? 0, resumed: true }, { state: 'unknown', text })
}

function notSendable<R extends BackfillInput>(
  placed: PlacedRow<R>,
  issues: readonly InputIssue[],
  { latest, step }: { latest: JournalEntry | undefined; step: Step },
): BulkOutcome<R> {
  const outcome = invalidOutcome(placed, issues, { attempts: latest?.attempts ?? 0 })
  if (!latest || step !== 'settle') return outcome
  // What was sent before counts more than what cannot be sent now.
  return { ...outcome, ...readEntry(latest), resumed: true } as BulkOutcome<R>
}

/** The next run takes the row again. */
function photoLate<R extends BackfillInput>(
  placed: PlacedRow<R>,
  error: SmileIdTimeoutError,
  { latest, step }: { latest: JournalEntry | undefined; step: Step },
): BulkOutcome<R> {
  if (latest && step === 'settle') return resumed(placed, latest)
  const { code, hint } = error
  const history = { attempts: latest?.attempts ?? 0, resumed: false }
  return outcomeOf(placed, history, { state: 'failed', code, text: hint, error })
}

function changedSince<R extends BackfillInput>(placed: PlacedRow<R>, latest: JournalEntry): BulkOutcome<R> {
  const message = 'or date changed since it was sent, with unknown end: run once with what was sent'
  const error = new SmileIdInputError([issue('photo', 'not_allowed', message)])
  const reading = { ...readEntry(latest), text: error.message, error }
  return outcomeOf(placed, { attempts: latest.attempts, resumed: true }, reading)
}
