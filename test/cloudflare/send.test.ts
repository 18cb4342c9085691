/** Rows on their way into a queue: none lost, none too many at once, and none that cannot be a row. */
import fc from 'fast-check'
import { type BackfillMessage, sendBackfill } from 'smileid-edge/cloudflare'
import { expect, it } from 'vitest'
import { checkProperty } from '../support/property'
import { keepingQueue, messageOf } from './bindings'

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
const bytes = (body: unknown) => new Blob([JSON.stringify(body)]).size

it('sends every row, in order, in as few batches as the queue allows', async () => {
  const ids = fc.array(fc.tuple(fc.integer({ min: 1, max: 60_000 }), fc.boolean()), { maxLength: 260 })
  await checkProperty(
    fc.asyncProperty(ids, fc.boolean(), async (lengths, list) => {
      const rows = lengths.map(([length, short], i) =>
        messageOf(`u${i}`, { note: 'ä'.repeat(short ? 3 : length) }),
      )
      const { queue, batches } = keepingQueue()
      expect(await sendBackfill(queue, list ? rows : stream(rows))).toEqual({ sent: rows.length })
      expect(batches.flat()).toEqual(rows)
      const sizes = batches.map((batch) => batch.reduce((sum, body) => sum + bytes(body) + 100, 0))
      batches.forEach((batch, i) => {
        expect(batch.length >= 1 && batch.length <= 100 && sizes[i]! <= 256_000).toBe(true)
        // The next one's first row would not have fitted.
        const next = batches[i + 1]
        if (next) expect(batch.length === 100 || sizes[i]! + bytes(next[0]) + 100 > 256_000).toBe(true)
      })
    }),
    { numRuns: 60 },
  )
})

it('fills a batch to the last byte, and no further', async () => {
  const sized = (id: string, size: number) =>
    messageOf(id, { note: 'x'.repeat(size - 100 - bytes(messageOf(id, { note: '' }))) })
  const batchesOf = async (...sizes: number[]) => {
    const { queue, batches } = keepingQueue()
    await sendBackfill(
      queue,
      sizes.map((size, i) => sized(`u${i}`, size)),
    )
    return batches.map((batch) => batch.length)
  }
  expect(await batchesOf(128_000, 128_000)).toEqual([2])
  expect(await batchesOf(128_000, 127_000, 1000)).toEqual([3])
  expect(await batchesOf(128_000, 127_000, 1001, 500)).toEqual([2, 2])
  await expect(batchesOf(500, 128_001)).rejects.toMatchObject({
    issues: [{ path: 'rows[1]', code: 'not_allowed' }],
  })
})

it('finds every problem of a list before it sends anything', async () => {
  const { queue, batches } = keepingQueue()
  const rows = [
    messageOf('u1'),
    messageOf(' '),
    { user_id: 'u3', photo: '' },
    null,
    messageOf('u5', { user_created_at: new Date() }),
    messageOf('u6', { note: 'x'.repeat(128_000) }),
    messageOf('u7'),
  ]
  const error: any = await sendBackfill(queue, rows as BackfillMessage[]).catch((thrown: unknown) => thrown)
  expect(error.issues.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)).toEqual([
    'rows[1].user_id wrong_format',
    'rows[2].user_created_at missing',
    'rows[2].photo missing',
    'rows[3] wrong_type',
    'rows[3].photo missing',
    'rows[4].user_created_at wrong_type',
    'rows[5] not_allowed',
  ])
  expect([error.code, batches]).toEqual(['invalid_input', []])
  await expect(sendBackfill({} as never, 5 as never)).rejects.toMatchObject({
    issues: [{ path: 'queue' }, { path: 'rows' }],
  })
})

it('sends what precedes the first bad row of a stream', async () => {
  const { queue, batches } = keepingQueue()
  const rows = [
    ...Array.from({ length: 120 }, (_, i) => messageOf(`u${i}`)),
    messageOf('CANARY\n'),
    messageOf('after'),
  ]
  const error: any = await sendBackfill(queue, stream(rows)).catch((thrown: unknown) => thrown)
  expect(error.issues).toEqual([
    {
      path: 'rows[120].user_id',
      code: 'wrong_format',
      message: expect.not.stringContaining('CANARY') as string,
    },
  ])
  expect(batches.map((batch) => batch.length)).toEqual([100, 20])
})

it('rejects with what the source or the queue failed with', async () => {
  const { queue, batches } = keepingQueue()
  async function* broken() {
    yield* Array.from({ length: 150 }, (_, i) => messageOf(`u${i}`))
    throw new Error('line 151')
  }
  await expect(sendBackfill(queue, broken())).rejects.toThrow('line 151')
  expect(batches.length).toBe(1)
  await expect(
    sendBackfill({ sendBatch: () => Promise.reject(new Error('queue is full')) }, [messageOf('u')]),
  ).rejects.toThrow('queue is full')
})
