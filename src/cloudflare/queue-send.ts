/** Rows on their way into a queue. */
import { rowIssues } from '../backfill/enrol.ts'
import { rowsIssues } from '../bulk/options.ts'
import { utf8 } from '../platform/bytes.ts'
import { inputError, issue, throwIfAny, wrongType } from '../errors/issues.ts'
import type { BackfillMessage, QueueLike } from './bindings.ts'
import type { InputIssue } from '../errors/codes.ts'

// https://developers.cloudflare.com/queues/platform/limits/: 128 KB a message, 100 messages or 256 KB to a
// batch, where KB are 1000 bytes and a message has some 100 of its own.
const MAX_MESSAGES = 100
const MAX_BATCH_BYTES = 256_000
const MAX_MESSAGE_BYTES = 128_000
const OVERHEAD_BYTES = 100

/**
 * Sends rows to a queue in batches of at most 100 messages and 256 kB; further columns go along.
 *
 * Rejects with `invalid_input` for rows that would be invalid. Of a list, every problem is found before
 * anything is sent; of a stream, which can be read but once, those up to the first bad row are sent. Sending
 * rows again does no harm: consumers pass over what their journal knows the end of. Errors of the queue
 * reject as they are.
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
): Promise<{ sent: number }> {
  const issues = rowsIssues(rows)
  if (typeof (queue as Partial<typeof queue> | undefined)?.sendBatch !== 'function')
    issues.unshift(wrongType('queue', 'must be a producer of a queue'))
  if (Array.isArray(rows))
    issues.push(...rows.flatMap((row: BackfillMessage, index) => messageIssues(row, index)))
  throwIfAny(issues)
  let sent = 0
  let index = 0
  let batch: { body: BackfillMessage }[] = []
  let bytes = 0
  async function flush(): Promise<void> {
    if (batch.length) await queue.sendBatch(batch)
    sent += batch.length
    batch = []
    bytes = 0
  }
  for await (const body of rows) {
    const wrong = messageIssues(body, index++)
    if (wrong.length) {
      await flush()
      throw inputError(wrong)
    }
    const more = bytesOf(body)
    if (batch.length === MAX_MESSAGES || bytes + more > MAX_BATCH_BYTES) await flush()
    batch.push({ body })
    bytes += more
  }
  await flush()
  return { sent }
}

function bytesOf(body: BackfillMessage): number {
  return utf8(JSON.stringify(body)).length + OVERHEAD_BYTES
}

function messageIssues(row: BackfillMessage, index: number): InputIssue[] {
  const { user_created_at, photo } = Object(row) as Partial<BackfillMessage>
  const issues = rowIssues(row)
  if (typeof user_created_at === 'object') issues.push(wrongType('user_created_at', 'must be text'))
  if (!isKey(photo))
    issues.push(issue('photo', photo === undefined ? 'missing' : 'wrong_type', 'must be an R2 key'))
  if (!issues.length && bytesOf(row) > MAX_MESSAGE_BYTES)
    issues.push(issue('', 'not_allowed', 'is more than a queue takes: 128 kB'))
  return issues.map((issue) => ({
    ...issue,
    path: `rows[${index}]${issue.path && issue.path !== 'input' ? `.${issue.path}` : ''}`,
  }))
}

export function isKey(photo: unknown): photo is string {
  return typeof photo === 'string' && photo !== ''
}
