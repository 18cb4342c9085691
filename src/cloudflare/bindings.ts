/** The least of what a queue consumer takes of R2 and Queues; the real ones fit. */

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
  /** An R2 key. */
  photo: string
}

/** Whether a value can be the key of an object in R2. */
export function isKey(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
