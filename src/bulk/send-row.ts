/** One call for one row: claim the row in the journal, call, and write down how the call ended. */
import { enrol } from '../backfill/enrol.ts'
import type { BackfillInput } from '../backfill/input.ts'
import { type AnySmileIdError, isSmileIdError, SmileIdInputError } from '../errors/classes.ts'
import { withoutUndefined } from '../input/objects.ts'
import { timeText } from '../signature/timestamp.ts'
import type { BackfillResult } from '../wire/replies.ts'
import { givenTwice, type JournalEntry, lostEntries } from './journal.ts'
import { judge, type Judgement } from './judgement.ts'
import { busyOutcome, isLeaseBroken, isLeaseTooShort, leaseFrom } from './lease.ts'
import { type BulkOutcome, outcomeOf, readError, type Reading, readReply } from './outcome.ts'
import type { PaceGate } from './pace-input.ts'
import type { PreparedRow, RowHistory } from './prepare-row.ts'
import type { RowContext } from './row-context.ts'

/** How one call for a row ended. */
export interface CallReport<R extends BackfillInput> {
  outcome: BulkOutcome<R>
  /** Whether a request went out. */
  requested: boolean
  /** Of the error; none with a reply. */
  judgement?: Judgement | undefined
  /** The service answered 429. */
  limited: boolean
  /** What another call for this row begins with. */
  history: RowHistory
  /** What must end the run; the outcome holds all the same. */
  fatal?: { reason: unknown }
}

export interface SendOptions {
  /** Cuts the call off. */
  signal: AbortSignal | undefined
  /** Whether what is common to the rows is known to be right; asked when the call has failed. */
  isTrusted(): boolean
}

/**
 * Sends a row once.
 *
 * An abort rejects with the signal's own reason; errors of the journal before the call, and of the caller's
 * own signing, reject as they are. The journal knows how the row stands then, too.
 */
export async function sendRow<R extends BackfillInput>(
  context: RowContext,
  prepared: PreparedRow<R>,
  { signal, isTrusted }: SendOptions,
): Promise<CallReport<R>> {
  signal?.throwIfAborted()
  const { history } = prepared
  const claim = await claimRow(context, prepared)
  if (!claim.ok) {
    const outcome = busyOutcome(prepared.placed, claim.holder, context.internals.now())
    return { outcome, requested: false, limited: false, history }
  }
  const call = await callService(context, prepared, signal)
  if (call.kind === 'interrupted') {
    const state = call.requested || history.unclear ? 'unknown' : 'failed'
    await closeRow(context, claim.entry, { state, code: signal?.aborted ? 'aborted' : 'error' })
    throw call.reason
  }

  const { reading, judgement, observed } = readCall(context, call, { unclear: history.unclear, isTrusted })
  const report: CallReport<R> = {
    outcome: outcomeOf(prepared.placed, { attempts: claim.entry.attempts, resumed: false }, reading),
    requested: call.requested,
    judgement,
    limited: observed.limited,
    history: { latest: claim.entry, unclear: history.unclear },
  }
  if (judgement === 'stop') report.fatal = { reason: reading.error }
  try {
    context.pace?.observe(observed)
    const latest = await closeRow(context, claim.entry, reading)
    report.history = { latest, unclear: reading.state === 'unknown' }
  } catch (reason) {
    // How the row ended is known all the same.
    report.fatal ??= { reason }
  }
  return report
}

type Claim =
  | { ok: true; entry: JournalEntry }
  /** Another worker was faster. */
  | { ok: false; holder: JournalEntry }

async function claimRow<R extends BackfillInput>(
  context: RowContext,
  { key, digest, history: { latest } }: PreparedRow<R>,
): Promise<Claim> {
  const attempts = (latest?.attempts ?? 0) + 1
  const rev = (latest?.rev ?? 0) + 1
  const claim = await writeClaim(context, { key, digest, attempts, rev })
  if (!claim.ok || !isLeaseTooShort(claim.entry, context.internals.now(), context.timeoutMs)) return claim
  // It took long to write, or the process was asleep.
  return writeClaim(context, { key, digest, attempts, rev: rev + 1 })
}

async function writeClaim(
  { internals, journal, timeoutMs }: RowContext,
  facts: Pick<JournalEntry, 'key' | 'digest' | 'attempts' | 'rev'>,
): Promise<Claim> {
  const now = internals.now()
  const { key, rev, attempts, digest } = facts
  const leaseUntil = leaseFrom(now, timeoutMs)
  const entry: JournalEntry = { key, rev, state: 'sending', at: timeText(now), attempts, digest, leaseUntil }
  if (await journal.write(entry)) return { ok: true, entry }
  const holder = await journal.read(key)
  // Nobody has the row, and the next entry was refused all the same.
  if (!holder || holder.rev < rev) throw new SmileIdInputError([lostEntries()])
  return { ok: false, holder }
}

type CallEnd =
  | { kind: 'reply'; requested: boolean; reply: BackfillResult }
  | { kind: 'error'; requested: boolean; error: AnySmileIdError }
  /** By the signal, or by what the call itself did not do, such as an error in the caller's own signing. */
  | { kind: 'interrupted'; requested: boolean; reason: unknown }

async function callService<R extends BackfillInput>(
  { internals, timeoutMs }: RowContext,
  { input }: PreparedRow<R>,
  signal: AbortSignal | undefined,
): Promise<CallEnd> {
  let requested = false
  try {
    const reply = await enrol(internals, input, {
      timeoutMs,
      // A run repeats calls itself, since the pause before a repeat is one for all rows.
      maxRetries: 0,
      signal,
      onSend: () => {
        requested = true
      },
    })
    return { kind: 'reply', requested, reply }
  } catch (error) {
    const isAbort = signal?.aborted && error === signal.reason
    if (isAbort || !isSmileIdError(error)) return { kind: 'interrupted', requested, reason: error }
    return { kind: 'error', requested, error }
  }
}

interface CallReading {
  reading: Reading
  /** Of the error; none with a reply. */
  judgement?: Judgement
  /** What the gate observes of the call. */
  observed: Parameters<PaceGate['observe']>[0]
}

/** Judgements of errors with which the service answered the request itself. */
const ANSWERS: readonly Judgement[] = ['exists', 'row', 'doubtful']

function readCall(
  { codes, existsCodes }: RowContext,
  call: CallEnd & { kind: 'reply' | 'error' },
  { unclear, isTrusted }: Pick<SendOptions, 'isTrusted'> & Pick<RowHistory, 'unclear'>,
): CallReading {
  if (call.kind === 'reply') {
    return { reading: readReply(call.reply, codes), observed: { ok: true, limited: false } }
  }
  const { error } = call
  const judgement = judge(error, existsCodes)
  const observed = withoutUndefined({
    ok: ANSWERS.includes(judgement),
    limited: error.code === 'rate_limited',
    retryAfterMs: error.retryAfterMs,
  })
  return { reading: readError(error, judgement, { unclear, trusted: isTrusted() }), judgement, observed }
}

/**
 * The service's codes and ids are short. What is not is left out, since it could make an entry longer than
 * its journal takes, whose row would end each run.
 */
const MOST_KEPT = 200

function kept(text: string | undefined): string | undefined {
  return text !== undefined && text.length > MOST_KEPT ? undefined : text
}

/**
 * Ends the lease with how the row stands now; returns the latest entry that is known here.
 *
 * @throws {SmileIdInputError} `invalid_input`: the journal has lost the claim, or gave the row to another
 *   worker, too.
 */
async function closeRow(
  { internals, journal }: RowContext,
  claim: JournalEntry,
  { state, code, smileJobId, attempted }: Reading,
): Promise<JournalEntry> {
  const { key, rev, attempts, digest } = claim
  const end: JournalEntry = withoutUndefined({
    key,
    rev: rev + 1,
    state,
    at: timeText(internals.now()),
    attempts,
    digest,
    code: kept(code),
    smileJobId: kept(smileJobId),
    attempted,
  })
  if (await journal.write(end)) return end
  const latest = await journal.read(key)
  if (!latest || latest.rev <= rev) throw new SmileIdInputError([lostEntries()])
  if (isLeaseBroken(claim, latest, internals.now())) throw new SmileIdInputError([givenTwice()])
  // The lease was over, and another worker has settled the row meanwhile.
  return claim
}
