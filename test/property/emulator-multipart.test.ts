/** The emulator reads a form of v3 as the platform or a hand wrote it, and breaks down at nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundaryOf, readParts } from '../../src/emulator/v3/multipart.ts'
import { checkProperty } from '../support/property.ts'
import { multipart, type Parts } from '../unit/emulator/v3/requests.ts'

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** Texts without lone surrogates, which have no bytes. */
const anyText = fc.string({ unit: 'binary' })
const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes))

describe('a form', () => {
  it('of the platform is read as it was written', async () => {
    const entries = fc.array(fc.tuple(anyText, fc.oneof(anyText, anyBytes)), { maxLength: 8 })
    // Forms write each line end as CR LF, in names and in texts.
    const lined = (value: string) => value.replace(/\r\n|\r|\n/g, '\r\n')
    const read = fc.asyncProperty(entries, async (given) => {
      const form = new FormData()
      for (const [name, value] of given) {
        if (typeof value === 'string') form.append(name, value)
        else form.append(name, new File([value], name, { type: 'image/jpeg' }))
      }
      const request = new Request('https://api.example', { method: 'POST', body: form })
      const boundary = boundaryOf(request.headers.get('content-type'))!
      const parts = readParts(new Uint8Array(await request.arrayBuffer()), boundary)
      expect(parts!.map(({ name }) => name)).toEqual(given.map(([name]) => lined(name)))
      for (const [index, [, value]] of given.entries()) {
        const part = parts![index]!
        if (typeof value === 'string') {
          expect([part.filename, text(part.bytes)]).toEqual([undefined, lined(value)])
        } else {
          expect([part.type, [...part.bytes]]).toEqual(['image/jpeg', [...value]])
        }
      }
    })
    await checkProperty(read, { numRuns: 300 })
  })

  it('of a hand is read as it was written', async () => {
    const entries = fc.array(fc.tuple(fc.stringMatching(/^[a-z_]{1,12}$/), anyText), { maxLength: 8 })
    const read = fc.property(entries, (given) => {
      const { bytes, type } = multipart(given as Parts, 'zzz-no-text-has-this-zzz')
      const parts = readParts(bytes, boundaryOf(type)!)
      const asBytes = given.map(([name, value]) => [name, text(new TextEncoder().encode(value))])
      expect(parts!.map(({ name, bytes: content }) => [name, text(content)])).toEqual(asBytes)
    })
    await checkProperty(read, { numRuns: 300 })
  })

  it('with bytes that are other ones, more or fewer is read or refused, and no worse', async () => {
    const { bytes, type } = multipart([
      ['a', 'text'],
      ['b', { member: 1 }],
    ])
    const boundary = boundaryOf(type)!
    const place = fc.nat({ max: bytes.length })
    const seen = { read: 0, refused: 0 }
    const read = fc.property(place, fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 3 }), (at, gone, more) => {
      const changed = Uint8Array.of(...bytes.slice(0, at), ...more, ...bytes.slice(at + gone))
      const parts = readParts(changed, boundary)
      seen[parts ? 'read' : 'refused']++
      // What stands between delimiters is all that can be a part.
      expect(parts?.length ?? 0).toBeLessThanOrEqual(2)
    })
    await checkProperty(read, { numRuns: 1_000 })
    expect(seen.read).toBeGreaterThan(0)
    expect(seen.refused).toBeGreaterThan(0)
  })
})
