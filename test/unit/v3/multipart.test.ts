/** The form as two parsers read it that are not ours, whatever is in it. */
import { Busboy } from '@fastify/busboy'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formBody, type Part, writeForm } from '../../../src/http/multipart'
import { checkProperty } from '../../support/property'

type Read = [name: string, value: string | { fileName: string; type: string; bytes: string }]

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

async function bytesOf(
  parts: readonly Part[],
): Promise<{ bytes: Uint8Array; contentType: string; length: number }> {
  const form = writeForm(parts)
  const { body, headers } = formBody(form, { number: 1, over: false })
  const bytes = new Uint8Array(await new Response(body as BodyInit).arrayBuffer())
  return { bytes, contentType: headers!['content-type']!, length: form.pieces.length }
}

/** By undici, which Node has built in. */
async function byUndici(bytes: Uint8Array, contentType: string): Promise<Read[]> {
  const response = new Response(bytes as BodyInit, { headers: { 'content-type': contentType } })
  const read: Read[] = []
  for (const [name, value] of await response.formData()) {
    if (typeof value === 'string') read.push([name, value])
    else {
      const content = hex(new Uint8Array(await value.arrayBuffer()))
      read.push([name, { fileName: value.name, type: value.type, bytes: content }])
    }
  }
  return read
}

function byBusboy(bytes: Uint8Array, contentType: string): Promise<Read[]> {
  return new Promise((resolve, reject) => {
    const read: Read[] = []
    const busboy = new Busboy({
      headers: { 'content-type': contentType },
      // A part with a type of its own and no file name is a field all the same.
      isPartAFile: (_name, _type, fileName) => fileName !== undefined,
      limits: { fieldSize: 10_000_000 },
    })
    busboy.on('field', (name, value) => read.push([name, value]))
    busboy.on('file', (name, stream, fileName, _encoding, type) => {
      const pieces: Uint8Array[] = []
      // In the order in which they began.
      const at = read.push([name, '']) - 1
      stream.on('data', (piece: Uint8Array) => pieces.push(piece))
      stream.on('end', () => (read[at] = [name, { fileName, type, bytes: hex(Buffer.concat(pieces)) }]))
    })
    busboy.on('finish', () => resolve(read))
    busboy.on('error', reject)
    busboy.end(bytes)
  })
}

function expected(parts: readonly Part[]): Read[] {
  return parts.map(({ name, value }) => {
    if (typeof value === 'string') return [name, value]
    return [name, { fileName: value.fileName, type: value.type, bytes: hex(value.bytes) }]
  })
}

const name = fc.stringMatching(/^[a-z][\w.[\]-]{0,20}$/)
/** What a form could be broken by. */
const piece = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.replace(/[\ud800-\udfff]/g, '')),
  fc.constantFrom(
    '\r\n',
    '--',
    '\r\n--',
    '--\r\n',
    '"',
    '\0',
    'content-disposition: form-data; name="x"',
    '\r\n\r\n',
    '\n',
  ),
)
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  text.map((value) => new TextEncoder().encode(value)),
)
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ name, value: text }),
  fc.record({ name, value: fc.json(), type: fc.constant('application/json') }),
  fc.record({
    name,
    value: fc.record({
      fileName: fc.constantFrom('image_1.jpg', 'image_2.png'),
      type: fc.constantFrom('image/jpeg', 'image/png'),
      bytes,
    }),
  }),
)

describe('a form', () => {
  it('is read as it was meant, by both', async () => {
    await checkProperty(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 12 }), async (parts) => {
        const form = await bytesOf(parts)
        expect(form.bytes.length).toBe(form.length)
        expect(await byUndici(form.bytes, form.contentType)).toEqual(expected(parts))
        expect(await byBusboy(form.bytes, form.contentType)).toEqual(expected(parts))
      }),
      { numRuns: 500 },
    )
  })

  it('keeps large files whole, and repeated names in order', async () => {
    const parts = Array.from({ length: 8 }, (_, index): Part => {
      const file = new Uint8Array(500_000 + index).map((_byte, at) => (at * 31 + index) & 255)
      return {
        name: 'liveness_images',
        value: { fileName: `image_${index}.jpg`, type: 'image/jpeg', bytes: file },
      }
    })
    const form = await bytesOf(parts)
    expect(form.bytes.length).toBe(form.length)
    expect(await byUndici(form.bytes, form.contentType)).toEqual(expected(parts))
    expect(await byBusboy(form.bytes, form.contentType)).toEqual(expected(parts))
  })

  it('lets no name out of its quotes', async () => {
    const names = ['a"; filename="x', 'a\r\nx: y', 'a\n', '"', '\r']
    for (const odd of names) {
      const { bytes: written } = await bytesOf([
        { name: odd, value: { fileName: odd, type: 'image/jpeg', bytes: Uint8Array.of(1) } },
      ])
      const [, header] = new TextDecoder('latin1').decode(written).split('\r\n')
      expect(header).toMatch(/^content-disposition: form-data; name="[^"\r\n]*"; filename="[^"\r\n]*"$/)
    }
  })

  it('without a part is one that ends', async () => {
    const { bytes: written, contentType } = await bytesOf([])
    expect(await byUndici(written, contentType)).toEqual([])
  })

  it('has a boundary of its own each time', () => {
    const boundaries = new Set(Array.from({ length: 100 }, () => writeForm([]).contentType))
    expect(boundaries.size).toBe(100)
  })
})
