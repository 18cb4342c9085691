/** The emulator's v3 by requests as the platform writes them. */
import { samplePhoto } from 'smileid-edge/emulator'
import { start } from '../support/emulated'
import { equal, ok, test } from './harness'

const HOST = 'https://testapi.smileidentity.com'
const CONSENT = {
  granted: true,
  granted_at: '2025-12-31T08:00:00Z',
  notice_language: 'EN',
  notice_privacy_policy_url: 'https://partner.example/privacy',
}
const COMMON = {
  consent: CONSENT,
  user_details: {
    given_names: 'Amina Fatou',
    last_name: 'Clearwater',
    email: 'amina.clearwater@example.com',
  },
  callback_url: 'https://partner.example/callback',
}

function startV3() {
  const { emulator } = start()

  async function send(path: string, init: RequestInit) {
    const response = await emulator.fetch(HOST + path, init)
    return { status: response.status, headers: response.headers, body: (await response.json()) as any }
  }

  async function token() {
    const headers = {
      'SmileID-Partner-ID': '85',
      'SmileID-API-Key': String(emulator.clientOptions.apiKey),
    }
    const { body } = await send('/v3/token', { method: 'POST', headers })
    return { 'SmileID-Token': String(body.token) }
  }

  return {
    emulator,
    get: async (path: string) => send(path, { headers: await token() }),
    post: async (path: string, body: FormData) =>
      send(path, { method: 'POST', body, headers: await token() }),
  }
}

function form(values: object): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries({ ...COMMON, ...values })) {
    if (value instanceof Blob) data.append(name, value, `${name}.jpg`)
    else data.append(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return data
}

const photo = (seed: number) => new Blob([samplePhoto({ seed })], { type: 'image/jpeg' })

/** The formula of the documentation, with the platform's own HMAC. */
async function signatureOf(key: string, timestamp: string, partnerId: string): Promise<string> {
  const encoder = new TextEncoder()
  const secret = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('raw', encoder.encode(key), secret, false, ['sign'])
  const message = encoder.encode(`${timestamp}${partnerId}sid_request`)
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.sign('HMAC', imported, message))))
}

test('a lookup of v3 is accepted, ends on the clock, and is told by a signed callback', async () => {
  const { emulator, get, post } = startV3()
  const parts = form({ country: 'NG', id_type: 'NIN', id_number: '12345678901' })
  const { status, body } = await post('/v3/enhanced_kyc', parts)
  equal([status, body.status], [202, 'accepted'])
  equal((await get(`/v3/status/${body.job_id}`)).body.status, 'processing')
  await emulator.advance(10_000)
  equal((await get(`/v3/status/${body.job_id}`)).body.status, 'clear')
  const [callback] = emulator.callbacks
  equal(callback!.headers.get('Job-ID'), body.job_id)
  const timestamp = callback!.headers.get('Response-Timestamp')!
  const key = String(emulator.clientOptions.apiKey)
  equal(callback!.headers.get('Response-Signature'), await signatureOf(key, timestamp, '85'))
  equal(((await callback!.json()) as { product: string }).product, 'enhanced_kyc')
})

test('a synchronous lookup of v3 is signed in its headers', async () => {
  const { emulator, post } = startV3()
  const parts = form({ country: 'NG', id_type: 'NIN', id_number: '12345678901' })
  const { status, headers, body } = await post('/v3/enhanced_kyc/sync', parts)
  equal([status, body.status, headers.get('SmileID-Job-ID')], [200, 'clear', body.job_id])
  const key = String(emulator.clientOptions.apiKey)
  const expected = await signatureOf(key, headers.get('Response-Timestamp')!, '85')
  equal(headers.get('Response-Signature'), expected)
})

test('a registration of v3 wants six frames, and enrols its user', async () => {
  const { emulator, post } = startV3()
  const parts = form({ selfie_image: photo(1), user_id: 'u' })
  for (let seed = 2; seed < 7; seed++) parts.append('liveness_images', photo(seed), `${seed}.jpg`)
  const few = await post('/v3/registration', parts)
  equal([few.status, few.body.message], [400, 'liveness_images must contain at least 6 images.'])
  parts.append('liveness_images', photo(7), '7.jpg')
  equal((await post('/v3/registration', parts)).status, 202)
  ok(!emulator.isEnrolled('u'), 'not before its verdict')
  await emulator.advance(10_000)
  ok(emulator.isEnrolled('u'), 'after it')
  const [, , , registered] = emulator.v3.requests
  equal(registered!.parts.filter(({ name }) => name === 'liveness_images').length, 6)
})
