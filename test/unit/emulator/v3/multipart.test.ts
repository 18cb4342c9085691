/** The emulator's reading of forms; what other programs write is in test/property. */
import { expect, test } from 'vitest'
import { boundaryOf, readParts } from '../../../../src/emulator/v3/multipart.ts'

const bytesOf = (content: string) => new Uint8Array(new TextEncoder().encode(content))

test('a boundary stands in quotes or without, and nowhere but in a form', () => {
  expect(boundaryOf('multipart/form-data; boundary=abc')).toBe('abc')
  expect(boundaryOf('Multipart/Form-Data; charset=utf-8; boundary="a b"')).toBe('a b')
  for (const type of [
    null,
    '',
    'application/json',
    'multipart/mixed; boundary=x',
    'multipart/form-data',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
  ]) {
    expect(boundaryOf(type)).toBe(undefined)
  }
})

const PART = 'Content-Disposition: form-data; name="a"\r\n\r\nv'
test.each([
  ['nothing', ''],
  ['no delimiter', 'abc'],
  ['no end', `--b\r\n${PART}`],
  ['an end cut off', `--b\r\n${PART}\r\n--b`],
  ['no empty line', '--b\r\nContent-Disposition: form-data; name="a"\r\n--b--'],
  ['a part without name', '--b\r\nContent-Disposition: form-data\r\n\r\nv\r\n--b--'],
  ['a part of another disposition', '--b\r\nContent-Disposition: attachment; name="a"\r\n\r\nv\r\n--b--'],
  ['a header without colon', `--b\r\nx\r\n${PART}\r\n--b--`],
  ['lines that end in LF alone', `--b\n${PART.replaceAll('\r', '')}\n--b--`],
])('%s is no form', (_, body) => {
  expect(readParts(bytesOf(body), 'b')).toBe(undefined)
})

test('no parts are a form, too', () => {
  expect(readParts(bytesOf('--b--\r\n'), 'b')).toEqual([])
})
