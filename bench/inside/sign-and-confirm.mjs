/** Runs on Node, Bun and Deno; prints microseconds per call, round by round. */
import { CompactSign, compactVerify } from 'jose'
import identity from 'smile-identity-core'
import { createClient } from '../../dist/client.js'
import { confirmSignature, generateSignature } from '../../dist/signature.js'
import { credentials } from './photo.mjs'
import { inTurn } from './rounds.mjs'

const ROUNDS = 31
const CALLS = 1000

const client = createClient({ ...credentials, environment: 'sandbox' })
const pair = await generateSignature(credentials)

// The limit: what anybody would write for one partner with one key, without a check of anything.
const encoder = new TextEncoder()
const key = await crypto.subtle.importKey(
  'raw',
  encoder.encode(credentials.apiKey),
  { name: 'HMAC', hash: 'SHA-256' },
  false,
  ['sign', 'verify'],
)
const message = (timestamp) => encoder.encode(timestamp + credentials.partnerId + 'sid_request')
async function bareSign() {
  const timestamp = new Date().toISOString()
  return {
    timestamp,
    signature: btoa(
      String.fromCharCode(...new Uint8Array(await crypto.subtle.sign('HMAC', key, message(timestamp)))),
    ),
  }
}
const bareVerify = async ({ timestamp, signature }) =>
  crypto.subtle.verify(
    'HMAC',
    key,
    Uint8Array.from(atob(signature), (char) => char.charCodeAt(0)),
    message(timestamp),
  )

const core = new identity.Signature(credentials.partnerId, credentials.apiKey)
const coreVerify = ({ timestamp, signature }) => core.confirm_signature(timestamp, signature)

// Another format, but a message of the same length under the same hash.
const joseSign = () =>
  new CompactSign(message(new Date().toISOString())).setProtectedHeader({ alg: 'HS256' }).sign(key)
const token = await joseSign()

const timed = (call) => async () => {
  const started = performance.now()
  for (let i = 0; i < CALLS; i++) await call()
  return ((performance.now() - started) * 1000) / CALLS
}

for (const genuine of [
  await bareVerify(await bareSign()),
  await bareVerify(await generateSignature(client)),
  await bareVerify(core.generate_signature()),
  await confirmSignature(client, await bareSign()),
  coreVerify(await bareSign()),
  (await compactVerify(token, key)).payload,
]) {
  if (!genuine) throw new Error('the candidates do not agree')
}
const sign = {
  bare: timed(bareSign),
  credentials: timed(() => generateSignature(credentials)),
  client: timed(() => generateSignature(client)),
  core: timed(() => core.generate_signature()),
  jose: timed(joseSign),
}
const verify = {
  bare: timed(() => bareVerify(pair)),
  credentials: timed(() => confirmSignature(credentials, pair)),
  client: timed(() => confirmSignature(client, pair)),
  core: timed(() => coreVerify(pair)),
  jose: timed(() => compactVerify(token, key)),
}
const warm = async (candidates) => {
  await inTurn(4, candidates)
  return inTurn(ROUNDS, candidates)
}
console.log(JSON.stringify({ sign: await warm(sign), verify: await warm(verify) }))
