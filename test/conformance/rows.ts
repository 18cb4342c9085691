/** Rows out of text, bytes, Blobs and streams. */
import { samplePhoto } from 'smileid-edge/emulator'
import { readPhoto } from 'smileid-edge/photo'
import { readCsvRows, readJsonRows, type RowSource } from 'smileid-edge/rows'
import { equal, rejection, test } from './harness'

const TEXT = 'user_id,user_created_at,photo,note\n0085,2021-08-12,a.jpg,é𝄞\n'
const utf8 = new TextEncoder().encode(TEXT)

/** UTF-16 of either byte order, made unit by unit. */
function utf16(text: string, { bigEndian = false, bom = true } = {}): Uint8Array {
  const marked = bom ? `\ufeff${text}` : text
  const view = new DataView(new ArrayBuffer(marked.length * 2))
  for (let at = 0; at < marked.length; at++) view.setUint16(at * 2, marked.charCodeAt(at), !bigEndian)
  return new Uint8Array(view.buffer)
}

async function* byByte(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1)
}

async function notesOf(source: RowSource): Promise<string> {
  const found: string[] = []
  for await (const { user_id, columns, line } of readCsvRows(source)) {
    found.push(`${line} ${user_id} ${columns.note}`)
  }
  return found.join('; ')
}

test('a CSV is read out of whatever a caller has, in UTF-8 and UTF-16', async () => {
  const sources: Record<string, RowSource> = {
    text: TEXT,
    bytes: utf8,
    buffer: utf8.slice().buffer,
    blob: new Blob([utf8]),
    stream: new Response(utf8).body!,
    'byte by byte': byByte(utf8),
    'a byte order mark': new TextEncoder().encode(`\ufeff${TEXT}`),
    'UTF-16': utf16(TEXT),
    'UTF-16, big-endian': utf16(TEXT, { bigEndian: true }),
    'UTF-16 without a mark': utf16(TEXT, { bom: false }),
    'UTF-16, big-endian, without a mark': utf16(TEXT, { bigEndian: true, bom: false }),
    'UTF-16 byte by byte': byByte(utf16(TEXT, { bigEndian: true })),
  }
  for (const [name, source] of Object.entries(sources))
    equal(`${name}: ${await notesOf(source)}`, `${name}: 2 0085 é𝄞`)
})

test('what is cut off or no text is refused by line', async () => {
  const cases: [Uint8Array, string][] = [
    [utf16(TEXT).subarray(0, -1), 'line 2 or one after it is not UTF-16'],
    [utf8.slice(0, -3), 'line 2 is not UTF-8'],
    [new Uint8Array(), 'file is empty'],
  ]
  for (const [bytes, message] of cases) {
    const error = await rejection(notesOf(bytes))
    equal(String(error.message).includes(message), true, String(error.message))
  }
})

test('photos in cells are base64, data URIs, hex, or names that the caller opens', async () => {
  const photo = samplePhoto({ type: 'image/png' })
  let hex = ''
  for (const byte of photo) hex += byte.toString(16).padStart(2, '0')
  const { base64 } = await readPhoto(photo)
  const cells = [
    base64(),
    `"data:image/png;base64,${base64()}"`,
    hex,
    `\\x${hex}`,
    `0x${hex.toUpperCase()}`,
    `X'${hex}'`,
    'a.png',
  ]
  const lines = cells.map((cell, at) => `u${at},2021-08-12,${cell}`)
  const csv = ['user_id,user_created_at,photo', ...lines].join('\r')
  let rows = 0
  for await (const row of readCsvRows(csv, { openPhoto: (name) => (name === 'a.png' ? photo : name) })) {
    equal((await readPhoto(row.photo)).bytes.length, photo.length)
    rows++
  }
  equal(rows, cells.length)
  for await (const { photo: unopened } of readCsvRows('user_id,user_created_at,photo\nu,2021-08-12,a.png')) {
    equal((await rejection(readPhoto(unopened))).code, 'invalid_input')
  }
})

test('JSON is a line each, a list, or objects one after the other', async () => {
  const one = { user_id: 'a]}"\\', user_created_at: '2021-08-12', photo: 'a.jpg', more: [{ x: ['}'] }] }
  const two = { 'User ID': 'b', UserCreatedAt: '2021-08-12', PHOTO: 'b.jpg' }
  const forms = [
    `${JSON.stringify(one)}\n${JSON.stringify(two)}\n`,
    JSON.stringify([one, two]),
    JSON.stringify([one, two], null, 2),
    `${JSON.stringify(one, null, 2)}\n${JSON.stringify(two, null, 2)}`,
    `\ufeff  ${JSON.stringify([one, two], null, '\t')}\r\n`,
  ]
  for (const form of forms) {
    for (const source of [form, byByte(new TextEncoder().encode(form))]) {
      const ids: string[] = []
      for await (const { user_id, error } of readJsonRows(source)) ids.push(error ? error.message : user_id)
      equal(ids.join(' '), 'a]}"\\ b')
    }
  }
  const odd: string[] = []
  for await (const { line, error } of readJsonRows('[1,\n{"user_id":"u"},\nnull]'))
    odd.push(`${line} ${error !== undefined}`)
  equal(odd.join(', '), '1 true, 2 false, 3 true')
  const cut = await rejection(
    (async () => {
      for await (const _ of readJsonRows('[{"user_id":"u"},\n{"user_id":')) continue
    })(),
  )
  equal(cut.message, 'line 2 begins a value or list that does not end')
})
