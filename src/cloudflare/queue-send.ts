/** Rows on their way into a queue. */
import { checkDateOptions, createReadDate, type DateOptions } from '../backfill/date-formats.ts'
import { type CheckedEnrolment, createWholeRowCheck, wireDate } from '../backfill/input.ts'
import { rowsIssues } from '../bulk/input.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { distinctIssues } from '../errors/distinct-issues.ts'
import { issue, throwIfAny, wrongType } from '../errors/issues.ts'
import { withMethods } from '../input/rules.ts'
import { type Checked, issuesOf } from '../input/schema.ts'
import { isArray } from '../platform/realms.ts'
import { type BackfillMessage, isKey, notAKey, type QueueLike } from './bindings.ts'
import { MAX_BATCH_BYTES, MAX_BATCH_MESSAGES, MAX_MESSAGE_BYTES, messageBytes } from './queue-limits.ts'

/**
 * Sends rows to a queue in batches of at most 100 messages and 256 kB; further columns go along. Dates go as
 * they travel further on, so that consumers need not know `timeZone` and `dateFormat`.
 *
 * Of a list, every problem is found before anything is sent; of a stream, which can be read only once, the
 * rows before the first bad one are sent. Sending rows again does no harm: consumers pass over those whose
 * end their journal knows. Errors of the queue and of the source reject as they are.
 *
 * @throws {SmileIdInputError} `invalid_input`: rows that would be invalid, or wrong arguments.
 *
 * @example
 * ```ts
 * import { type BackfillMessage, type QueueLike, sendBackfill } from 'smileid-edge/cloudflare'
 *
 * export async function start(env: { ROWS: QueueLike<BackfillMessage> }): Promise<number> {
 *   const { sent } = await sendBackfill(env.ROWS, [
 *     { user_id: 'u1', user_created_at: '2021-08-12', photo: 'photos/u1.jpg' },
 *   ])
 *   return sent
 * }
 * ```
 */
export async function sendBackfill(
  queue: QueueLike<BackfillMessage>,
  rows: Iterable<BackfillMessage> | AsyncIterable<BackfillMessage>,
  options: DateOptions = {},
): Promise<{ sent: number }> {
  const { issues: optionIssues, value: dates } = checkDateOptions(options)
  throwIfAny(optionIssues)
  const checkMessage = createMessageCheck(dates)
  throwIfAny([...argumentIssues(queue, rows), ...listIssues(rows, checkMessage)])
  const batches = createBatches(queue)
  let index = 0
  for await (const row of rows) {
    const { issues, value } = checkMessage(row, index)
    index++
    if (issues.length) {
      await batches.flush()
      throw new SmileIdInputError(issues)
    }
    await batches.add(value)
  }
  await batches.flush()
  return { sent: batches.sent }
}

interface Batches {
  /** Rows that the queue has taken. */
  readonly sent: number
  /** Adds a row; where it does not fit, the batch before it is sent first. */
  add(row: BackfillMessage): Promise<void>
  flush(): Promise<void>
}

function createBatches(queue: QueueLike<BackfillMessage>): Batches {
  let batch: { body: BackfillMessage }[] = []
  let bytes = 0
  let sent = 0

  async function flush(): Promise<void> {
    if (batch.length) await queue.sendBatch(batch)
    sent += batch.length
    batch = []
    bytes = 0
  }

  return {
    get sent() {
      return sent
    },
    async add(body) {
      // It was checked before.
      const added = messageBytes(body)!
      if (batch.length === MAX_BATCH_MESSAGES || bytes + added > MAX_BATCH_BYTES) await flush()
      batch.push({ body })
      bytes += added
    },
    flush,
  }
}

function argumentIssues(queue: unknown, rows: unknown): InputIssue[] {
  const producer = withMethods<QueueLike<BackfillMessage>>(['sendBatch'], 'must be a producer of a queue')
  // What is not there at all is of a wrong type, too.
  return [...issuesOf(producer, queue ?? null, 'queue'), ...rowsIssues(rows)]
}

/** Nobody reads more, and a list may be as long as it says. */
const MAX_ISSUES = 1000

function listIssues(rows: unknown, checkMessage: MessageCheck): InputIssue[] {
  const issues: InputIssue[] = []
  if (!isArray(rows)) return issues
  for (const [index, row] of rows.entries()) {
    issues.push(...checkMessage(row, index).issues)
    if (issues.length >= MAX_ISSUES) break
  }
  return issues
}

/** Gives the row as it is sent. */
type MessageCheck = (row: unknown, index: number) => Checked<BackfillMessage>

function createMessageCheck(dates: DateOptions): MessageCheck {
  const readDate = createReadDate(dates)
  const checkRow = createWholeRowCheck(readDate)
  return (row, index) => {
    const { issues, value } = checkMessage(checkRow(row), index)
    if (!issues.length) value.user_created_at = wireDate(value.user_created_at, readDate)
    return { issues, value }
  }
}

function checkMessage({ issues, value }: CheckedEnrolment, index: number): Checked<BackfillMessage> {
  const { user_created_at, photo } = value
  // A Date does not survive every queue.
  if (typeof user_created_at === 'object') issues.push(wrongType('user_created_at', 'must be text'))
  if (!isKey(photo)) issues.push(notAKey(photo))
  // What cannot be written as JSON is among the issues already.
  if (!issues.length && messageBytes(value)! > MAX_MESSAGE_BYTES) {
    issues.push(issue('input', 'not_allowed', 'is more than a queue takes: 128 kB'))
  }
  return {
    issues: distinctIssues(issues).map((one) => ({ ...one, path: pathOf(one, index) })),
    value: value as BackfillMessage,
  }
}

function pathOf({ path }: InputIssue, index: number): string {
  const row = `rows[${index}]`
  return path === 'input' ? row : `${row}.${path}`
}
