/** The queue's consumer: the same step per row as everywhere, with what becomes of each row written where the page looks. */
import type { BulkOutcome } from 'smileid-edge/bulk'
import { createBackfillConsumer, createD1Journal, createD1PaceGate } from 'smileid-edge/cloudflare'
import { isSmileIdError } from 'smileid-edge/errors'
import type { Batch, Env, Message, RowMessage } from './bindings.ts'
import { clientOf } from './client.ts'

const consume = /* @__PURE__ */ createBackfillConsumer((env: Env) => ({
  client: clientOf(env), photos: env.PHOTOS, journal: createD1Journal(env.DB), pace: createD1PaceGate(env.DB, { ratePerSecond: Number(env.RATE_PER_SECOND) || undefined }),
  timeoutMs: Number(env.CALL_TIMEOUT_MS) || undefined, concurrency: 4,
  onOutcome: (outcome, message) => record(env, outcome, message as RowMessage),
  onStop: (reason) => stopAll(env, isSmileIdError(reason) ? `${reason.code}: ${reason.hint}` : 'the consumer failed'),
}))

export async function takeBatch(batch: Batch, env: Env): Promise<void> {
  if (batch.queue.endsWith('dead-letters')) return keepDead(batch.messages, env)
  const running = await runningImports(env, batch.messages)
  const [mine, others] = [batch.messages.filter(({ body }) => running.has(body.import_id)), batch.messages.filter(({ body }) => !running.has(body.import_id))]
  // Their rows stay as they are: who resumes the import puts them on the queue again.
  for (const message of others) message.ack()
  await consume({ messages: mine, retryAll: (options) => mine.forEach((message) => message.retry(options)) }, env)
  await env.DB.prepare('UPDATE imports SET moved_at = ? WHERE id IN (SELECT value FROM json_each(?))').bind(Date.now(), JSON.stringify([...running])).run()
}

async function runningImports(env: Env, messages: readonly Message[]): Promise<Set<string>> {
  const ids = [...new Set(messages.map(({ body }) => body.import_id))]
  const { results } = await env.DB.prepare("SELECT id FROM imports WHERE state = 'running' AND id IN (SELECT value FROM json_each(?))").bind(JSON.stringify(ids)).all<{ id: string }>()
  return new Set(results.map(({ id }) => id))
}

/** What is done stays done, however often and late a message comes. */
async function record(env: Env, { state, code, text, attempts }: BulkOutcome, { import_id, line }: RowMessage): Promise<void> {
  await env.DB.prepare("UPDATE import_rows SET state = ?, code = ?, text = ?, attempts = ?, at = ? WHERE import_id = ? AND line = ? AND state NOT IN ('enrolled', 'exists')")
    .bind(state, code ?? null, text ?? null, attempts, Date.now(), import_id, line).run()
}

/** What stopped one row would stop all: nothing more is sent until a person has looked. */
async function stopAll(env: Env, note: string): Promise<void> {
  await env.DB.prepare("UPDATE imports SET state = 'paused', note = ? WHERE state = 'running'").bind(note).run()
}

/** Tried too often: kept, shown, and left to a person. */
async function keepDead(messages: readonly Message[], env: Env): Promise<void> {
  const now = Date.now()
  await env.DB.batch(messages.map(({ body, attempts }) =>
    env.DB.prepare('INSERT INTO dead_letters (import_id, line, attempts, at) VALUES (?, ?, ?, ?) ON CONFLICT (import_id, line) DO UPDATE SET at = excluded.at').bind(body.import_id, body.line, attempts, now)))
  for (const message of messages) message.ack()
}
