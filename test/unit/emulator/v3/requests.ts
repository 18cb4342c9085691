/** Requests to v3 written by hand, as the documentation has them, and the emulator that they go to. */
import { createEmulator, type EmulatorOptions, samplePhoto } from 'smileid-edge/emulator'

export const SANDBOX = 'https://testapi.smileidentity.com'
export const CALLBACK_URL = 'https://partner.example/callback'

/** A part: a text, an object that goes as JSON, or a file. */
export interface FilePart {
  bytes: Uint8Array<ArrayBuffer>
  type: string
  filename: string
}
export type PartValue = string | object | FilePart
/** In their order; the same name may come again. */
export type Parts = [name: string, value: PartValue][]

const isFile = (value: PartValue): value is FilePart => typeof value === 'object' && 'bytes' in value

export interface Body {
  bytes: Uint8Array<ArrayBuffer>
  type: string
}

/** A body after RFC 7578, joined by hand. */
export function multipart(parts: Parts, boundary = 'b0undary-of-the-tests'): Body {
  const encoder = new TextEncoder()
  const pieces: Uint8Array[] = []
  for (const [name, value] of parts) {
    const lines = [`--${boundary}`]
    let content: Uint8Array
    if (isFile(value)) {
      lines.push(`Content-Disposition: form-data; name="${name}"; filename="${value.filename}"`)
      lines.push(`Content-Type: ${value.type}`)
      content = value.bytes
    } else {
      lines.push(`Content-Disposition: form-data; name="${name}"`)
      if (typeof value === 'object') lines.push('Content-Type: application/json')
      content = encoder.encode(typeof value === 'object' ? JSON.stringify(value) : value)
    }
    pieces.push(encoder.encode(`${lines.join('\r\n')}\r\n\r\n`), content, encoder.encode('\r\n'))
  }
  pieces.push(encoder.encode(`--${boundary}--\r\n`))
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return { bytes, type: `multipart/form-data; boundary=${boundary}` }
}

export const jpeg = (seed = 1): FilePart => ({
  bytes: samplePhoto({ seed }),
  type: 'image/jpeg',
  filename: `photo-${seed}.jpg`,
})
export const png = (): FilePart => ({
  bytes: samplePhoto({ type: 'image/png' }),
  type: 'image/png',
  filename: 'photo.png',
})

/** Frames, six unless told otherwise. */
export const frames = (count = 6): Parts =>
  Array.from({ length: count }, (_, index) => ['liveness_images', jpeg(10 + index)])

export const CONSENT = {
  granted: true,
  granted_at: '2025-12-31T08:00:00.000Z',
  notice_language: 'EN',
  notice_privacy_policy_url: 'https://partner.example/privacy',
}
/** The sandbox's person for whom all goes well. */
export const CLEARWATER = {
  given_names: 'Amina Fatou',
  last_name: 'Clearwater',
  email: 'amina.clearwater@example.com',
}
const common: Parts = [
  ['consent', CONSENT],
  ['user_details', CLEARWATER],
  ['callback_url', CALLBACK_URL],
]
const number: Parts = [
  ['country', 'NG'],
  ['id_type', 'NIN'],
  ['id_number', '12345678901'],
]

/** Requests that are right, by their paths. */
export const GOOD: Readonly<Record<string, Parts>> = {
  '/v3/enhanced_kyc': [...number, ...common],
  '/v3/enhanced_kyc/sync': [...number, ...common],
  '/v3/biometric_kyc': [['selfie_image', jpeg()], ...frames(), ...number, ...common],
  '/v3/document_verification': [
    ['selfie_image', jpeg()],
    ...frames(),
    ['document', png()],
    ['country', 'NG'],
    ...common,
  ],
  '/v3/enhanced_document_verification': [
    ['selfie_image', jpeg()],
    ...frames(),
    ['document', png()],
    ['country', 'NG'],
    ['id_type', 'PASSPORT'],
    ...common,
  ],
  '/v3/residency_document_verification': [
    ['selfie_image', jpeg()],
    ...frames(),
    ['document', jpeg(2)],
    ['visa', jpeg(3)],
    ['country', 'NG'],
    ['id_type', 'PASSPORT'],
    ...common,
  ],
  '/v3/registration': [['selfie_image', jpeg()], ...frames(), ...common],
  '/v3/authentication': [['user_id', 'user-1'], ['selfie_image', jpeg()], ...frames(), ...common],
  '/v3/compare': [
    ['selfie_image', jpeg()],
    ['comparison_image', jpeg(2)],
    ['comparison_image_type', 'ID_PHOTO'],
    ...common,
  ],
  '/v3/aml': [['countries', '["NG"]'], ['full_name', 'Amina Fatou Clearwater'], ...common],
  '/v3/aml/sync': [['countries', '["NG"]'], ['full_name', 'Amina Fatou Clearwater'], ...common],
  '/v3/aml/monitoring': [['countries', '["NG"]'], ['full_name', 'Amina Fatou Clearwater'], ...common],
  '/v3/address': [
    ['address', '12 Test Road, Testville'],
    ['country', 'ZA'],
    ['id_number', '9001015800085'],
    ...common,
  ],
  '/v3/smile_links': [
    ['id_types', [{ country: 'NG', id_type: 'NIN', verification_method: 'enhanced_kyc' }]],
    ['name', 'Onboarding'],
    ['notice_privacy_policy_url', 'https://partner.example/privacy'],
    ['is_single_use', 'false'],
  ],
}

/** A good request with other parts in place of its own; `undefined` leaves one out. */
export function changed(path: string, changes: Readonly<Record<string, PartValue | undefined>>): Parts {
  const kept = GOOD[path]!.filter(([name]) => !Object.hasOwn(changes, name))
  const added = Object.entries(changes).filter(([, value]) => value !== undefined)
  return [...kept, ...(added as Parts)]
}

export interface Reply {
  status: number
  /** As it came. */
  text: string
  body: Record<string, any>
  headers: Headers
}

export function startV3(options: EmulatorOptions = {}, { origin = SANDBOX } = {}) {
  const emulator = createEmulator(options)
  const { partnerId, apiKey } = emulator.clientOptions
  const keyHeaders = {
    'smileid-partner-id': partnerId.replace(/^0+/, ''),
    'smileid-api-key': String(apiKey),
  }

  async function send(path: string, init?: RequestInit): Promise<Reply> {
    const response = await emulator.fetch(`${origin}${path}`, init)
    const text = await response.text()
    const { status, headers } = response
    let body = {}
    try {
      body = JSON.parse(text) as object
    } catch {
      // No JSON; the text tells.
    }
    return { status, text, body, headers }
  }

  const post = (path: string, parts: Parts, headers: Record<string, string> = {}): Promise<Reply> => {
    const { bytes, type } = multipart(parts)
    return send(path, { method: 'POST', body: bytes, headers: { 'content-type': type, ...headers } })
  }

  const askToken = (parts?: Parts): Promise<Reply> =>
    parts ? post('/v3/token', parts, keyHeaders) : send('/v3/token', { method: 'POST', headers: keyHeaders })

  /** A token's header. */
  async function token(parts?: Parts): Promise<{ 'SmileID-Token': string }> {
    const { body } = await askToken(parts)
    return { 'SmileID-Token': String(body.token) }
  }

  /** Submits with a token of its own, and with what else is needed. */
  async function submit(path: string, parts = GOOD[path]!, headers: Record<string, string> = {}) {
    const needed = path.startsWith('/v3/residency') ? { 'SmileID-Partner-ID': '085' } : {}
    return post(path, parts, { ...(await token()), ...needed, ...headers })
  }

  const get = async (path: string, headers?: Record<string, string>): Promise<Reply> =>
    send(path, { headers: headers ?? (await token()) })

  return { emulator, keyHeaders, send, post, get, askToken, token, submit }
}

/** The claims of a JWT, unproved. */
export function claimsOf(token: unknown): Record<string, any> {
  const [, claims = ''] = String(token).split('.')
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, any>
}
