/** The bindings of the Worker under test, and what all its tests begin with. */
import { env as bindings } from 'cloudflare:workers'
import {
  type BackfillMessage,
  type D1Like,
  type KvLike,
  type QueueLike,
  type R2Like,
} from 'smileid-edge/cloudflare'
import { samplePhoto } from 'smileid-edge/emulator'

export interface Env {
  DB: D1Like
  TOKENS: KvLike
  PHOTOS: R2Like & { put(key: string, bytes: Uint8Array): Promise<unknown> }
  ROWS: QueueLike<BackfillMessage>
  UNPAID_ROWS: QueueLike<BackfillMessage>
}

export const env = bindings as Env

let tables = 0
/** A table that no other test has. */
export const table = (): string => `t${++tables}`

export { start } from '../support/emulated'

/** A row as a message, right or wrong. */
export const messageOf = (user_id: string, more: object = {}): BackfillMessage => ({
  user_id,
  user_created_at: '2021-08-12',
  photo: `photos/${user_id}.jpg`,
  ...more,
})

/** A message whose photo is in the bucket. */
export async function message(
  user_id: string,
  more: Partial<BackfillMessage> = {},
): Promise<BackfillMessage> {
  await env.PHOTOS.put(`photos/${user_id}.jpg`, samplePhoto())
  return messageOf(user_id, more)
}

/** A queue that keeps what is sent to it: rows by batch, and messages with their delays. */
export function keepingQueue() {
  const batches: BackfillMessage[][] = []
  const sent: { body: BackfillMessage; delaySeconds?: number | undefined }[] = []
  const queue: QueueLike<BackfillMessage> = {
    async sendBatch(messages) {
      const batch = [...messages]
      batches.push(batch.map(({ body }) => body))
      sent.push(...batch)
    },
  }
  return { queue, batches, sent }
}

export const query = async (sql: string, ...values: unknown[]): Promise<unknown[]> =>
  (
    await env.DB.prepare(sql)
      .bind(...values)
      .all()
  ).results
