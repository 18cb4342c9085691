/** The least of what a queue consumer takes of R2 and Queues; the real ones fit. */
import type { InputIssue } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'
import { utf8 } from '../platform/bytes.ts'

/** The least of an R2 bucket. */
export interface R2Like {
  get(key: string): Promise<R2ObjectLike | null>
}

export interface R2ObjectLike {
  /** Bytes: what is too large is not read. */
  readonly size?: number
  arrayBuffer(): Promise<ArrayBuffer>
}

export interface MessageLike<B> {
  readonly body: B
  /** Deliveries so far, this one included. */
  readonly attempts: number
  ack(): void
  retry(options?: { delaySeconds?: number }): void
}

export interface BatchLike<B> {
  readonly messages: readonly MessageLike<B>[]
  retryAll(options?: { delaySeconds?: number }): void
}

/** The least of a queue's producer. */
export interface QueueLike<B> {
  sendBatch(messages: Iterable<{ body: B; delaySeconds?: number }>): Promise<unknown>
}

/** A row of a run on queues. */
export interface BackfillMessage {
  user_id: string
  /** As with `backfillUser`; a date of its own type does not survive every queue. */
  user_created_at: string
  /** An R2 key: 1,024 bytes at most. */
  photo: string
}

/** https://developers.cloudflare.com/r2/platform/limits/ */
const MAX_KEY_BYTES = 1024

/** Whether a value can be the key of an object in R2. */
export function isKey(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && utf8(value).length <= MAX_KEY_BYTES
}

/** What is wrong with what is no key, wherever it stands. */
export function notAKey(value: unknown): InputIssue {
  if (value === undefined || value === '')
    return issue('photo', 'missing', 'is missing: it must be an R2 key')
  const code = typeof value === 'string' ? 'wrong_format' : 'wrong_type'
  return issue('photo', code, `must be an R2 key, of at most ${MAX_KEY_BYTES} bytes`)
}
