/** The playground's imports, where its queue takes not all rows: held, and gone on with. */
import { expect, it } from 'vitest'
import type { Env as PlaygroundEnv, RowMessage } from '../../playground/worker/bindings.ts'
import { importRoutes } from '../../playground/worker/import-routes.ts'
import type { SignedIn } from '../../playground/worker/router.ts'
import { env as bindings, query } from './bindings'

const migrations = import.meta.glob<string>('../../playground/migrations/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
})

async function makeTables(): Promise<void> {
  const files = Object.keys(migrations).sort()
  const statements = files.flatMap((file) => migrations[file]!.replace(/--.*$/gm, '').split(/;\s*$/m))
  for (const statement of statements) if (statement.trim()) await query(statement)
}

/** A queue that takes so many batches, and refuses all after them until it is mended. */
function brokenQueue(taken: number) {
  const lines: number[] = []
  const queue = {
    isMended: false,
    async sendBatch(messages: Iterable<{ body: RowMessage }>) {
      if (!queue.isMended && taken-- <= 0) throw new Error('Queue sendBatch failed: Too Many Requests')
      for (const { body } of messages) lines.push(body.line)
    },
  }
  return { queue, lines }
}

it('holds an import of which not all rows reached the queue, and sends all once it is resumed', async () => {
  await makeTables()
  const { queue, lines } = brokenQueue(1)
  const env = { DB: bindings.DB, PHOTOS: bindings.PHOTOS, ROWS: queue } as unknown as PlaygroundEnv
  const id = crypto.randomUUID()
  const csv = [
    'user_id,user_created_at,photo',
    ...Array.from({ length: 250 }, (_, i) => `u${i},2021-08-12,0.jpg`),
  ]

  async function call(method: string, path: string, body: string): Promise<Record<string, unknown>> {
    const route = importRoutes.find((one) => one.method === method && one.path === path)!
    const request = new Request('https://playground.test', { method, body })
    const params = { id, name: '0.jpg' }
    const response = await route.answer({ request, env, params } as unknown as SignedIn)
    return response.status === 204 ? {} : response.json()
  }
  const start = () => call('POST', '/api/imports/:id/start', '{}')
  const state = async () => (await query('SELECT state, note FROM imports WHERE id = ?', id))[0]

  await call('PUT', '/api/imports/:id', csv.join('\n'))
  await call('PUT', '/api/imports/:id/photos/:name', 'a photo')
  await expect(start()).rejects.toThrow('Too Many Requests')
  expect(lines).toHaveLength(100)
  expect(await state()).toEqual({
    state: 'paused',
    note: 'Not all rows reached the queue: resume the import.',
  })

  queue.isMended = true
  expect(await start()).toMatchObject({ state: 'running', note: null, total: 250, open: 250 })
  // The rows that had reached it come twice, which its consumers know.
  expect(new Set(lines).size).toBe(250)
  expect(await state()).toEqual({ state: 'running', note: null })
})
