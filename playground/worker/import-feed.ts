/**
 * From the rows in D1 to the queue. The queue may lose or repeat: rows are the truth, and the journal lets
 * nobody be enrolled twice.
 */
import { sendBackfill } from 'smileid-edge/cloudflare'
import type { Env, RowMessage } from './bindings.ts'

/** Rows that are not done, and not dead letters, which are left to a person. */
export const OPEN = `state IN ('waiting', 'failed', 'unknown', 'busy')
  AND NOT EXISTS (
    SELECT 1 FROM dead_letters
    WHERE dead_letters.import_id = import_rows.import_id AND dead_letters.line = import_rows.line
  )`

const PAGE = 1000

/** Puts every open row on the queue, and says how many. */
export async function feed(env: Env, importId: string): Promise<{ sent: number }> {
  return sendBackfill(env.ROWS, openRows(env, importId))
}

async function* openRows(env: Env, importId: string): AsyncGenerator<RowMessage> {
  for (let line = 0; ;) {
    const { results } = await env.DB.prepare(
      `SELECT line, user_id, user_created_at, photo FROM import_rows
      WHERE import_id = ? AND line > ? AND ${OPEN} ORDER BY line LIMIT ${PAGE}`,
    )
      .bind(importId, line)
      .all<{ line: number; user_id: string; user_created_at: string; photo: string }>()
    for (const row of results) yield messageOf(importId, row)
    if (results.length < PAGE) return
    line = results.at(-1)!.line
  }
}

/** The message of a row, as the queue gets it. */
export function messageOf(
  importId: string,
  {
    line,
    user_id,
    user_created_at,
    photo,
  }: Pick<RowMessage, 'line' | 'user_id' | 'user_created_at' | 'photo'>,
): RowMessage {
  return { import_id: importId, line, user_id, user_created_at, photo: photoKey(importId, photo) }
}

export const photoKey = (importId: string, name: string): string => `imports/${importId}/${name}`

/**
 * Imports that run, have open rows, and have not moved for longer than any row waits in the queue: their
 * messages are lost.
 */
export async function feedStalled(env: Env, idleMs: number): Promise<void> {
  const { results } = await env.DB.prepare(
    `SELECT id FROM imports WHERE state = 'running' AND moved_at <= ?
    AND EXISTS (SELECT 1 FROM import_rows WHERE import_id = imports.id AND ${OPEN})`,
  )
    .bind(Date.now() - idleMs)
    .all<{ id: string }>()
  for (const { id } of results) {
    await env.DB.prepare('UPDATE imports SET moved_at = ? WHERE id = ?').bind(Date.now(), id).run()
    await feed(env, id)
  }
}
