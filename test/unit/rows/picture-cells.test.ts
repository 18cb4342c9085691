/** Pictures in cells, in forms that need no program to write them: damaged ones, and PNGs. */
import { expect, it } from 'vitest'
import { samplePhoto } from 'smileid-edge/emulator'
import { readPhoto } from 'smileid-edge/photo'
import { readCsvRows, readJsonRows } from 'smileid-edge/rows'
import { all } from '../../support/all.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64',
)
const JPEG = Buffer.from(await samplePhoto())

const isPlain = (byte: number) => byte >= 32 && byte < 127 && !`\\'"`.includes(String.fromCharCode(byte))
const escaped = (bytes: Buffer, escape: (byte: number) => string) =>
  [...bytes].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : escape(byte))).join('')
const digits = (byte: number, base: number, count: number) => byte.toString(base).padStart(count, '0')
const asHex = (byte: number) => `\\x${digits(byte, 16, 2)}`
const asOctal = (byte: number) => `\\${digits(byte, 8, 3)}`

/** The photo of a row whose cell holds this. */
async function photoOf(cell: string) {
  const text = `user_id,user_created_at,photo\nu,2021-08-12,"${cell.replaceAll('"', '""')}"\n`
  const [row] = await all(readCsvRows(text))
  return readPhoto(row!.photo)
}

const FORMS: [form: string, write: (bytes: Buffer) => string][] = [
  ['base64', (bytes) => bytes.toString('base64')],
  ['base64 for URLs', (bytes) => bytes.toString('base64url')],
  ['base64 whose lines end with \\n', (bytes) => bytes.toString('base64').replace(/.{76}/g, '$&\\n')],
  ['hex', (bytes) => bytes.toString('hex')],
  ['bytea', (bytes) => `\\x${bytes.toString('hex')}`],
  ['escaped hex', (bytes) => escaped(bytes, asHex)],
  ['escaped octal', (bytes) => escaped(bytes, asOctal)],
  ["b'…' of Python", (bytes) => `b'${escaped(bytes, asHex)}'`],
  ['a Buffer in JSON', (bytes) => JSON.stringify(bytes)],
]

it.each(FORMS)('%s is read byte for byte', async (_, write) => {
  for (const bytes of [JPEG, PNG]) {
    const photo = await photoOf(write(bytes))
    expect(Buffer.compare(photo.bytes, bytes)).toBe(0)
  }
})

it.each(FORMS)('%s that is cut off is refused, wherever', async (_, write) => {
  // Without its padding, base64 is whole still.
  const whole = write(PNG).replace(/=+$/, '')
  for (let length = 12; length < whole.length; length++)
    await expect(photoOf(whole.slice(0, length)), `${length}`).rejects.toMatchObject({
      name: 'SmileIdInputError',
    })
})

it.each([
  ['UTF-8', () => JPEG.toString('utf8')],
  ['Latin-1', () => JPEG.toString('latin1')],
  ['UTF-8, of a PNG', () => PNG.toString('utf8')],
  ['Windows-1252, of a PNG', () => new TextDecoder('windows-1252').decode(PNG)],
])('bytes that were read as %s are named', async (_, damage) => {
  await expect(photoOf(damage())).rejects.toThrow(
    'photo is bytes that were written as text: write base64 or hex',
  )
})

it.each([
  ['JPEG', JPEG],
  ['PNG', PNG],
])('a %s as it is, in a file of text, is named with its line', async (_, bytes) => {
  const head = Buffer.from('user_id,user_created_at,photo\nu,2021-08-12,a.jpg\nu2,2021-08-12,"')
  const rows = all(readCsvRows(Buffer.concat([head, bytes, Buffer.from('"\n')])))
  await expect(rows).rejects.toThrow(
    'line 3 holds the bytes of a picture: export the column in base64 or hex',
  )
})

it('in JSON, a Buffer is read, and null is an empty cell', async () => {
  const row = { user_id: 'u', user_created_at: '2021-08-12', photo: JPEG, note: null, other: { a: 1 } }
  const [read] = await all(readJsonRows(JSON.stringify([row])))
  expect(Buffer.compare((await readPhoto(read!.photo)).bytes, JPEG)).toBe(0)
  expect([read!.columns.note, read!.columns.other]).toEqual(['', '{"a":1}'])
})
