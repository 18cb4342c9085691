/** The bindings of the Worker under test, and what all its tests begin with. */
import { env as bindings } from 'cloudflare:workers'
import { type BackfillMessage, type D1Like, type QueueLike, type R2Like } from 'smileid-edge/cloudflare'
import { samplePhoto } from 'smileid-edge/emulator'

export interface Env {
  DB: D1Like
  PHOTOS: R2Like & { put(key: string, bytes: Uint8Array): Promise<unknown> }
  ROWS: QueueLike<BackfillMessage>
}

export const env = bindings as Env

let tables = 0
/** A table that no other test has. */
export const table = (): string => `t${++tables}`

export { start } from '../support/emulated'

/** A message whose photo is in the bucket. */
export async function message(
  user_id: string,
  more: Partial<BackfillMessage> = {},
): Promise<BackfillMessage> {
  await env.PHOTOS.put(`photos/${user_id}.jpg`, samplePhoto())
  return { user_id, user_created_at: '2021-08-12', photo: `photos/${user_id}.jpg`, ...more }
}

export const query = async (sql: string, ...values: unknown[]): Promise<unknown[]> =>
  (
    await env.DB.prepare(sql)
      .bind(...values)
      .all()
  ).results
