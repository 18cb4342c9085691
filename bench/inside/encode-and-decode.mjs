/** encode-and-decode.mjs <internals>, on Node, Bun and Deno: prints milliseconds per call, round by round. */
import { Buffer } from 'node:buffer'
import { largePhoto } from './photo.mjs'
import { inTurn } from './rounds.mjs'

const { decodeBase64, encodeBase64, encodeByTable, jsonBody } = await import(process.argv[2])
const CALLS = 5

const bytes = largePhoto(1_000_000)
const photo = largePhoto()
const fields = {
  partner_id: '085',
  timestamp: '2026-01-05T10:00:00.000Z',
  signature: 'a'.repeat(44),
  user_id: 'user-1',
  user_created_at: '2021-08-12',
}

const toBuffer = (data) => Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64')
const ascii = new TextDecoder()

/** As it is written where there is no Buffer; in pieces, since an argument list has an end. */
function toBtoa(data) {
  let binary = ''
  for (let at = 0; at < data.length; at += 0x8000)
    binary += String.fromCharCode.apply(null, data.subarray(at, at + 0x8000))
  return btoa(binary)
}

function fromAtob(text) {
  const binary = atob(text)
  const data = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) data[i] = binary.charCodeAt(i)
  return data
}

/** Reads a request's body as fetch does; its length. */
async function drained(body) {
  let length = 0
  for (const reader = new Response(body).body.getReader(); ;) {
    const { done, value } = await reader.read()
    if (done) return length
    length += value.length
  }
}

const encode = {
  ours: () => encodeBase64(bytes),
  table: () => ascii.decode(encodeByTable(bytes)),
  buffer: () => toBuffer(bytes),
  btoa: () => toBtoa(bytes),
}
const text = toBuffer(bytes)
const decode = {
  ours: () => decodeBase64(text),
  buffer: () => Buffer.from(text, 'base64'),
  atob: () => fromAtob(text),
}
const bodies = {
  ours: () => jsonBody(fields, 'photo', photo, { over: false }).body,
  stringified: () => JSON.stringify({ ...fields, photo: toBuffer(photo) }),
  stringifiedBtoa: () => JSON.stringify({ ...fields, photo: toBtoa(photo) }),
  joined: () => `${JSON.stringify(fields).slice(0, -1)},"photo":"${toBuffer(photo)}"}`,
}

for (const [name, call] of Object.entries(encode))
  if (call() !== text) throw new Error(`${name}: another base64`)
for (const [name, call] of Object.entries(decode))
  if (Buffer.compare(call(), bytes)) throw new Error(`${name}: other bytes`)
for (const [name, body] of Object.entries(bodies))
  if ((await new Response(body()).text()) !== bodies.stringified()) throw new Error(`${name}: another body`)

const timed = (calls, call) => async () => {
  const started = performance.now()
  for (let i = 0; i < calls; i++) await call()
  return (performance.now() - started) / calls
}
async function warm(rounds, candidates) {
  await inTurn(2, candidates)
  return inTurn(rounds, candidates)
}
const each = (calls, candidates) =>
  Object.fromEntries(Object.entries(candidates).map(([name, call]) => [name, timed(calls, call)]))
console.log(
  JSON.stringify({
    encode: await warm(21, each(CALLS, encode)),
    decode: await warm(21, each(CALLS, decode)),
    build: await warm(
      21,
      each(
        1,
        Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, () => drained(body())])),
      ),
    ),
  }),
)
