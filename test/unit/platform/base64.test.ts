/** Base64 by every way that a platform may have. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeBase64, encodeBase64, encodeBase64Bytes, encodeByTable } from '../../../src/platform/base64.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const bytes = fc.uint8Array({ maxLength: 500 })

it('encodes as the platform does, natively and by table', () => {
  fc.assert(
    fc.property(bytes, (given) => {
      const expected = Buffer.from(given).toString('base64')
      expect(encodeBase64(given)).toBe(expected)
      expect(text(encodeBase64Bytes(given))).toBe(expected)
      expect(text(encodeByTable(given))).toBe(expected)
    }),
  )
})

it('takes a view into the middle of a larger buffer', () => {
  const middle = new Uint8Array([9, 9, 1, 2, 3, 4, 9]).subarray(2, 6)
  for (const encoded of [encodeBase64(middle), text(encodeBase64Bytes(middle)), text(encodeByTable(middle))])
    expect(encoded).toBe('AQIDBA==')
})

/** Without Buffer and fromBase64, as in edge-runtime. */
function bare<T>(run: () => T): T {
  const { Buffer } = globalThis
  try {
    // @ts-expect-error it is there for good, as far as types know
    delete globalThis.Buffer
    return run()
  } finally {
    globalThis.Buffer = Buffer
  }
}

it('decodes canonical base64 and nothing else, with and without native help', () => {
  fc.assert(
    fc.property(bytes, (given) => {
      const encoded = Buffer.from(given).toString('base64')
      expect([...decodeBase64(encoded)!]).toEqual([...given])
      expect([...bare(() => decodeBase64(encoded))!]).toEqual([...given])
    }),
  )
  for (const wrong of [
    'A',
    'AA',
    'AAA',
    'AA=A',
    'A===',
    '====',
    'AA-_',
    'AAA!',
    'AA\u0141=',
    'AAAA=AAA',
    'AAAAA===',
  ]) {
    expect(decodeBase64(wrong), wrong).toBeUndefined()
    expect(
      bare(() => decodeBase64(wrong)),
      wrong,
    ).toBeUndefined()
  }
})
