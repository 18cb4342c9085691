/**
 * The queue's consumer: the same step per row as everywhere, with what becomes of each row written where the
 * page looks.
 */
import type { BulkOutcome } from 'smileid-edge/bulk'
import {
  createBackfillConsumer,
  createD1Journal,
  createD1PaceGate,
  type RunState,
  type RunSwitch,
} from 'smileid-edge/cloudflare'
import { isSmileIdError } from 'smileid-edge/errors'
import type { Batch, Env, Message, RowMessage } from './bindings.ts'
import { clientOf } from './client.ts'

/** A person's pause may wait so long; a look for each row would be a sixth of all that the database does. */
const LOOK_MS = 300

/** What the batches of one import have in common. */
interface Import {
  env: Env
  id: string
}

const consume = /* @__PURE__ */ createBackfillConsumer(({ env, id }: Import) => ({
  client: clientOf(env),
  photos: env.PHOTOS,
  journal: createD1Journal(env.DB),
  pace: createD1PaceGate(env.DB, { ratePerSecond: Number(env.RATE_PER_SECOND) || undefined }),
  run: switchOf(env, id),
  queue: env.ROWS,
  timeoutMs: Number(env.CALL_TIMEOUT_MS) || undefined,
  concurrency: 4,
  onOutcome: (outcome, message) => record(env, outcome, message as RowMessage),
  onStop: (reason) =>
    console.error(JSON.stringify({ stopped: isSmileIdError(reason) ? reason.code : 'the consumer failed' })),
}))

export async function takeBatch(batch: Batch, env: Env): Promise<void> {
  if (batch.queue.endsWith('dead-letters')) return keepDead(batch.messages, env)
  for (const id of new Set(batch.messages.map(({ body }) => body.import_id))) {
    const messages = batch.messages.filter(({ body }) => body.import_id === id)
    if ((await switchOf(env, id).read()) === 'running') {
      await consume(
        { messages, retryAll: (options) => messages.forEach((message) => message.retry(options)) },
        { env, id },
      )
      await env.DB.prepare('UPDATE imports SET moved_at = ? WHERE id = ?').bind(Date.now(), id).run()
    } else {
      // Their rows stay as they are: who resumes the import puts them on the queue again, so that no delivery
      // is used up meanwhile.
      for (const message of messages) message.ack()
    }
  }
}

/**
 * The import's own state: a person sets it on the page, and the consumer itself when something is refused to
 * all rows.
 */
function switchOf({ DB }: Env, id: string): RunSwitch {
  let known: { state: RunState; until: number } | undefined
  return {
    async read() {
      if (known && Date.now() < known.until) return known.state
      const row = await DB.prepare('SELECT state FROM imports WHERE id = ?')
        .bind(id)
        .first<{ state: string }>()
      const state = row?.state === 'running' || row?.state === 'paused' ? row.state : 'cancelled'
      known = { state, until: Date.now() + LOOK_MS }
      return state
    },
    async set(state, reason) {
      known = undefined
      await DB.prepare("UPDATE imports SET state = ?, note = ? WHERE id = ? AND state = 'running'")
        .bind(state, reason ?? null, id)
        .run()
    },
    async note(reason) {
      await DB.prepare("UPDATE imports SET note = ? WHERE id = ? AND state = 'running'")
        .bind(reason ?? null, id)
        .run()
    },
  }
}

/** What is done stays done, however often and late a message comes. */
async function record(
  env: Env,
  { state, code, text, attempts }: BulkOutcome,
  { import_id, line }: RowMessage,
): Promise<void> {
  await env.DB.prepare(
    'UPDATE import_rows SET state = ?, code = ?, text = ?, attempts = ?, at = ? WHERE import_id = ? ' +
      "AND line = ? AND state NOT IN ('enrolled', 'exists')",
  )
    .bind(state, code ?? null, text ?? null, attempts, Date.now(), import_id, line)
    .run()
}

/** Tried too often: kept, shown, and left to a person. */
async function keepDead(messages: readonly Message[], env: Env): Promise<void> {
  const now = Date.now()
  await env.DB.batch(
    messages.map(({ body, attempts }) =>
      env.DB.prepare(
        'INSERT INTO dead_letters (import_id, line, attempts, at) VALUES (?, ?, ?, ?) ON CONFLICT ' +
          '(import_id, line) DO UPDATE SET at = excluded.at',
      ).bind(body.import_id, body.line, attempts, now),
    ),
  )
  for (const message of messages) message.ack()
}
