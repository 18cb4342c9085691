/** Bytes out of streams and iterables, in whatever pieces they come. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { collect } from '../../../src/platform/bytes.ts'
import { checkProperty } from '../../support/property.ts'

/** All pieces in the same memory, as sources do that reuse a buffer. */
async function* reusing(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(Math.max(1, ...pieces.map(({ length }) => length)))
  for (const piece of pieces) {
    memory.set(piece)
    yield memory.subarray(0, piece.length)
  }
  memory.fill(0)
}

function streamOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const iterator = reusing(pieces)
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await iterator.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
}

async function* each(pieces: readonly unknown[]): AsyncGenerator<Uint8Array> {
  yield* pieces as readonly Uint8Array[]
}

it('collects any pieces up to the limit, and none beyond', async () => {
  const pieces = fc.array(
    fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 40_000, size: 'max' })),
    { maxLength: 30 },
  )
  await checkProperty(
    fc.asyncProperty(pieces, fc.nat(3), async (given, spare) => {
      const all = Buffer.concat(given)
      for (const source of [reusing, streamOf]) {
        expect(Buffer.from((await collect(source(given), all.length + spare))!).equals(all)).toBe(true)
        if (all.length) expect(await collect(source(given), all.length - 1)).toBe(undefined)
      }
    }),
    { numRuns: 200 },
  )
})

it('takes views of other kinds as bytes, and refuses what holds none', async () => {
  const views = [new Uint16Array([0x0201]), new DataView(Uint8Array.of(0, 3, 4).buffer, 1)]
  expect(await collect(reusing([]), 0)).toEqual(new Uint8Array())
  expect(await collect(each(views), 10)).toEqual(Uint8Array.of(1, 2, 3, 4))
  for (const piece of ['text', 5, null, new ArrayBuffer(1)]) {
    await expect(collect(each([piece]), 10)).rejects.toThrow(TypeError)
  }
})
