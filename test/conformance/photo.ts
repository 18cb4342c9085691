/** Photos from every source, and what is none. */
import fc from 'fast-check'
import { backfillUser } from 'smileid-edge/backfill'
import { createClient } from 'smileid-edge/client'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { readPhoto } from 'smileid-edge/photo'
import { checkProperty } from '../support/property'
import { until } from '../support/until'
import { equal, ok, rejection, test } from './harness'

const jpeg = samplePhoto()
const png = samplePhoto({ type: 'image/png' })
const code = async (input: unknown, limits?: object) =>
  (await rejection(readPhoto(input as never, limits))).issues[0].code

/** Base64 as the platform spells it, without the code under test. */
const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
const stream = (...pieces: Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })

test('a photo is read from every kind of source', async () => {
  const sources: Record<string, unknown> = {
    Uint8Array: jpeg,
    ArrayBuffer: jpeg.slice().buffer,
    'DataView into a larger buffer': new DataView(Uint8Array.from([1, 2, 3, ...jpeg]).buffer, 3),
    Blob: new Blob([jpeg]),
    Response: new Response(jpeg),
    stream: stream(jpeg.slice(0, 100), jpeg.slice(100)),
    'async iterable': (async function* () {
      yield jpeg.slice(0, 9)
      yield jpeg.slice(9)
    })(),
    base64: base64(jpeg),
    'base64 in lines': base64(jpeg).replace(/.{76}/g, '$&\r\n'),
    'base64 without padding': base64(jpeg).replace(/=+$/, ''),
    'data URI': `data:image/jpeg;base64,${base64(jpeg)}`,
    function: () => jpeg,
    'asynchronous function': async () => new Blob([jpeg]),
    'another photo': await readPhoto(jpeg),
  }
  for (const [name, source] of Object.entries(sources)) {
    const photo = await readPhoto(source as never)
    equal([photo.type, photo.width, photo.height, photo.warnings], ['image/jpeg', 128, 160, []], name)
    equal(photo.base64(), base64(jpeg), name)
  }
  const { type, width, height } = await readPhoto(png)
  equal([type, width, height], ['image/png', 64, 80])
})

test("base64 is the platform's own, for any length", async () => {
  await checkProperty(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (tail) => {
      const bytes = Uint8Array.from([...jpeg, ...tail]) // bytes after the end marker are let be
      equal((await readPhoto(bytes)).base64(), base64(bytes))
      equal((await readPhoto(base64(bytes))).bytes.length, bytes.length)
    }),
    { numRuns: 60 },
  )
})

test('what is no whole JPEG or PNG is refused, each with its code', async () => {
  equal(await code(new Uint8Array()), 'photo_empty')
  equal(await code(''), 'photo_empty')
  equal(await code(jpeg.slice(0, -2)), 'photo_truncated')
  equal(await code(png.slice(0, -1)), 'photo_truncated')
  equal(await code(new TextEncoder().encode('GIF89a and so on')), 'photo_format')
  equal(await code(new TextEncoder().encode('<!doctype html>')), 'photo_format')
  equal(await code('selfies/me.jpg'), 'photo_format')
  equal(await code('https://example.com/me.jpg'), 'photo_format')
  equal(await code('data:image/jpeg,plain'), 'photo_format')
  equal(await code(base64(jpeg).replace(/\+/g, '-').replace(/\//g, '_')), 'photo_format')
  equal(await code(`${base64(jpeg).slice(0, 40)}!${base64(jpeg).slice(41)}`), 'photo_format')
  equal(await code(jpeg, { maxBytes: jpeg.length - 1 }), 'photo_too_large')
  equal(await code(new Blob([jpeg]), { maxBytes: 10 }), 'photo_too_large')
  equal(await code(jpeg, { types: ['image/png'] }), 'photo_format')
  equal(await code(jpeg, { minSide: 129 }), 'wrong_format')
  for (const wrong of [undefined, null, 5, true, {}, [], Symbol('x')]) equal(await code(wrong), 'wrong_type')
  equal(await code(new Response('not found', { status: 404 })), 'missing')
  equal(
    await code(() => {
      throw new Error('CANARY-path/of/person.jpg')
    }),
    'missing',
  )
})

test('an endless source is cut off at the limit', async () => {
  let pulled = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++
      controller.enqueue(new Uint8Array(1_000_000))
    },
  })
  equal(await code(endless), 'photo_too_large')
  ok(pulled < 12, `pulled ${pulled} times`)
})

test('random bytes and cut or damaged pictures give the typed error and nothing else', async () => {
  const damaged = fc
    .tuple(fc.constantFrom(jpeg, png), fc.nat(), fc.nat(255), fc.nat())
    .map(([picture, at, byte, end]) => {
      const copy = picture.slice(0, end % 3 ? picture.length : end % picture.length)
      if (copy.length) copy[at % copy.length] = byte
      return copy
    })
  const random = fc
    .tuple(
      fc.constantFrom([], [0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      fc.uint8Array({ maxLength: 200 }),
    )
    .map(([head, tail]) => Uint8Array.from([...head, ...tail]))
  await checkProperty(
    fc.asyncProperty(fc.oneof(damaged, random), async (bytes) => {
      try {
        const photo = await readPhoto(bytes)
        ok(photo.width > 0 && photo.height > 0, 'has a size')
      } catch (error) {
        equal((error as { code: unknown }).code, 'invalid_input')
      }
    }),
    { numRuns: 300 },
  )
})

test('an abort tells a stream that is being read to stop', async () => {
  let pulled = false
  let cancelled = false
  const stalled = new ReadableStream<Uint8Array>({
    pull: () => ((pulled = true), new Promise(() => {})),
    cancel: () => void (cancelled = true),
  })
  const controller = new AbortController()
  const client = createClient({ ...createEmulator().clientOptions, dangerouslyAllowBrowser: true })
  const call = backfillUser(
    client,
    { user_id: 'u', user_created_at: '2021-08-12', photo: stalled },
    { signal: controller.signal },
  )
  call.catch(() => {})
  await until(() => pulled)
  controller.abort(new Error('enough'))
  equal((await rejection(call)).message, 'enough')
  await until(() => cancelled)
})

test('pictures that are made to keep us busy are read as what they are', async () => {
  const ends = new Uint8Array(4_900_000).fill(0xd9)
  ends.set(samplePhoto().subarray(0, 700))
  equal((await rejection(readPhoto(ends))).issues[0].code, 'photo_truncated')
  const chunks = new Uint8Array(4_800_000)
  chunks.set(samplePhoto({ type: 'image/png' }).subarray(0, 33))
  for (let at = 33; at + 12 <= chunks.length; at += 12) chunks.set([0x74, 0x45, 0x58, 0x74], at + 4)
  equal((await rejection(readPhoto(chunks))).issues[0].code, 'photo_truncated')
})
