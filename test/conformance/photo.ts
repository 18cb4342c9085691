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

const message = async (input: unknown) => (await rejection(readPhoto(input as never))).issues[0].message

/** A picture with bytes put into it. */
const spliced = (at: number, ...bytes: number[]) =>
  Uint8Array.from([...jpeg.subarray(0, at), ...bytes, ...jpeg.subarray(at)])
/** Where a marker of the sample stands. */
const placeOf = (marker: number) => jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === marker)

test('base64 whose + became blanks is refused; wrapped lines, indented or joined, are read', async () => {
  const text = base64(jpeg)
  ok(text.includes('+'), 'the sample has one')
  const lines = text.match(/.{1,76}/g)!
  const refused = {
    lost: text.replaceAll('+', ' '),
    'lost in a data URI': `data:image/jpeg;base64,${text.replaceAll('+', ' ')}`,
    'lost in lines': lines.join('\r\n').replaceAll('+', ' '),
    'one of them': text.replace('+', ' '),
    'a tab': text.replace('+', '\t'),
    'a blank more': `${text.slice(0, 99)} ${text.slice(99)}`,
    'short lines': text.match(/.{1,20}/g)!.join(' '),
    'uneven lines': `${text.slice(0, 80)} ${text.slice(80, 156)} ${text.slice(156)}`,
  }
  for (const [name, input] of Object.entries(refused)) {
    ok(/blanks.*%2B/.test(await message(input)), name)
  }
  const read = {
    'lines joined by blanks': lines.join(' '),
    'indented lines': lines.map((line) => `    ${line}\n`).join(''),
    'with blanks around it': `  ${text}\n`,
    'a blank behind the comma': `data:image/jpeg;base64, ${text}`,
  }
  for (const [name, input] of Object.entries(read)) equal((await readPhoto(input)).base64(), text, name)
})

test('what is no JPEG or PNG is named, with what to do about it', async () => {
  const box = (type: string) => `\0\0\0\x18${type}`
  const known: [start: string, said: RegExp][] = [
    [box('ftypheic\0\0\0\0mif1heic'), /is HEIC: .*convert/],
    [box('ftypmif1\0\0\0\0mif1heic'), /is HEIC: .*convert/],
    [box('ftypmif1\0\0\0\0mif1avif'), /is AVIF: .*convert/],
    [box('ftypavif\0\0\0\0avifmif1'), /is AVIF: .*convert/],
    [box('ftypmp42\0\0\0\0isommp42'), /is a video: .*still/],
    [box('ftypqt  \0\0\0\0qt  '), /is a video: .*still/],
    [box('moov\0\0\0\0'), /is a video: .*still/],
    ['\x1aE\xdf\xa3\x9fB\x86\x81', /is a video: .*still/],
    ['RIFF\0\0\0\0WEBPVP8 ', /is WebP: .*convert/],
    ['RIFF\0\0\0\0AVI LIST', /is a video: .*still/],
    ['GIF89a\x01\0', /is GIF: .*convert/],
    ['BM\x36\0\x0c\0\0\0\0\0', /is BMP: .*convert/],
    ['II*\0\x08\0\0\0', /is TIFF or a raw picture: .*convert/],
    ['MM\0*\0\0\0\x08', /is TIFF or a raw picture: .*convert/],
    [box('ftypcrx \0\0\0\x01crx '), /is TIFF or a raw picture: .*convert/],
    ['\xff\x0a\xfa\x1f', /is JPEG XL: .*convert/],
    ['\0\0\0\x0cJXL \r\n\x87\n', /is JPEG XL: .*convert/],
    ['\0\0\0\x0cjP  \r\n\x87\n', /is JPEG 2000: .*convert/],
    ['\xffO\xffQ\0\x29', /is JPEG 2000: .*convert/],
    ['%PDF-1.7', /is PDF: .*convert/],
    ['<svg xmlns="http://www.w3.org/2000/svg">', /is SVG: .*convert/],
    ['<?xml version="1.0"?>\n<!-- drawn -->\n<svg>', /is SVG: .*convert/],
    ['\n<!doctype html><title>x</title>', /is HTML: .*downloaded/],
    ['{"error":"expired"}', /is JSON: .*downloaded/],
    [base64(jpeg), /is base64 as bytes: .*decode/],
    ['lorem ipsum', /is no picture: only JPEG and PNG/],
    ['\0\0\0\0\0\0\0\0', /is no picture: only JPEG and PNG/],
  ]
  for (const [start, said] of known) {
    const bytes = Uint8Array.from([...start, ...'\0'.repeat(40)], (letter) => letter.charCodeAt(0))
    const text = await message(bytes)
    ok(said.test(text), `${JSON.stringify(start.slice(0, 20))}: ${text}`)
  }
})

test('a JPEG is read from its first marker to its own end', async () => {
  const [scan, end, tables] = [placeOf(0xda), jpeg.length - 2, placeOf(0xdb)]
  const taken = {
    'fill bytes': spliced(scan, 0xff, 0xff, 0xff),
    'stray bytes between segments': spliced(tables, 0, 0xe1, 0, 30),
    'a comment before the end': spliced(end, 0xff, 0xfe, 0, 4, 1, 2),
    'the number of lines': spliced(end, 0xff, 0xdc, 0, 4, 0, 160),
    'another picture behind it': Uint8Array.from([...jpeg, ...jpeg]),
  }
  for (const [name, bytes] of Object.entries(taken)) equal((await readPhoto(bytes)).width, 128, name)
  const half = jpeg.subarray(0, (scan + end) >> 1)
  equal(await code(Uint8Array.from([...half, ...jpeg])), 'photo_truncated')
  ok(/another picture/.test(await message(Uint8Array.from([...half, ...jpeg]))), 'says so')
  const film = [...'\0\0\0\x18ftypmp42', '\xff', '\xd9', '...'].map((letter) => letter.charCodeAt(0))
  ok(
    /a video/.test(await message(Uint8Array.from([...half, ...film]))),
    'a video, with what looks like an end',
  )
  const frame = placeOf(0xc0)
  ok(/12-bit/.test(await message(jpeg.map((byte, at) => (at === frame + 4 ? 12 : byte)))), '12 bits')
  ok(/lossless/.test(await message(jpeg.map((byte, at) => (at === frame + 1 ? 0xc3 : byte)))), 'lossless')
})

test('a PNG whose checksum is wrong is refused as damaged', async () => {
  for (const at of [20, 30, png.length - 40]) {
    const text = await message(png.map((byte, place) => (place === at ? byte ^ 4 : byte)))
    ok(/damaged PNG/.test(text), `byte ${at}: ${text}`)
  }
})

/** So many bytes of which the first ones come again and again. */
function repeated(unit: readonly number[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  bytes.set(unit)
  for (let filled = unit.length; filled < length; filled *= 2) bytes.copyWithin(filled, 0, filled)
  return bytes
}

test('pictures that are made to keep us busy are read as what they are', async () => {
  const begin = jpeg.subarray(0, placeOf(0xda))
  /** After what the sample begins with, the same bytes again and again. */
  const filled = (...unit: number[]) => {
    const bytes = repeated(unit, 4_900_000)
    bytes.set(begin)
    return bytes
  }
  const units = {
    ends: [0xd9],
    'fill bytes': [0xff],
    'stuffed bytes': [0xff, 0],
    'empty segments': [0xff, 0xfe, 0, 2],
    restarts: [0xff, 0xd0],
    tables: [0xff, 0xdb, 0, 2],
    beginnings: [0x66, 0x74],
  }
  for (const [name, unit] of Object.entries(units))
    equal(await code(filled(...unit)), 'photo_truncated', name)
  // Nearly a video, again and again, before the end and a byte behind it.
  const nearly = repeated([0x66, 0x74, 0x79], 4_900_000)
  nearly.set(jpeg.subarray(0, placeOf(0xda) + 14))
  nearly.set([0xff, 0xd9, 0], nearly.length - 3)
  equal((await readPhoto(nearly)).width, 128)
  const chunks = new Uint8Array(4_800_000)
  chunks.set(samplePhoto({ type: 'image/png' }).subarray(0, 33))
  for (let at = 33; at + 12 <= chunks.length; at += 12) chunks.set([0x74, 0x45, 0x58, 0x74], at + 4)
  equal((await rejection(readPhoto(chunks))).issues[0].code, 'photo_truncated')
})
