/** Image jobs for the emulator, in requests and zips made without the SDK. */
import { createHash, createHmac } from 'node:crypto'
import { zipSync } from 'fflate'
import { createEmulator, type EmulatorOptions, samplePhoto } from 'smileid-edge/emulator'

export type Body = Record<string, any>

const API = 'https://testapi.smileidentity.com'
export const START = '2026-01-01T00:00:00.000Z'

export function sign(timestamp = START) {
  const hmac = createHmac('sha256', 'emulator-key-of-085').update(`${timestamp}085sid_request`)
  return { timestamp, signature: hmac.digest('base64') }
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
export const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

export const selfie = samplePhoto({ seed: 1 })
export const front = samplePhoto({ seed: 2 })

export const params = (job_type: unknown, more: Body = {}) => ({
  user_id: 'u1',
  job_id: 'j1',
  job_type,
  ...more,
})
export const SELFIE = { image_type_id: 0, image: '', file_name: 'selfie.jpg' }
export const FRONT = { image_type_id: 1, image: '', file_name: 'front.jpg' }
export const ID = { country: 'NG', id_type: 'BVN', id_number: '00000000000', entered: 'true' }

const hasCard = (job_type: unknown) => job_type === 6 || job_type === 11

function idInfo(job_type: unknown): Body {
  if (job_type === 1) return ID
  return hasCard(job_type) ? { country: 'GH', id_type: 'PASSPORT', entered: 'false' } : { entered: 'false' }
}

export interface ZipChanges {
  /** Members of info.json. */
  info?: Body
  /** What lies beside it, by name. */
  files?: Record<string, Uint8Array>
}

/** A good zip for a job, but for the changes. */
export function zipOf(partner_params: Body, changes: ZipChanges = {}) {
  const { job_type } = partner_params
  const info = {
    package_information: {
      apiVersion: { buildNumber: 0, majorVersion: 2, minorVersion: 0 },
      language: 'test',
    },
    misc_information: {
      ...sign(),
      retry: 'false',
      partner_params,
      file_name: 'selfie.zip',
      smile_client_id: '085',
      userData: { name: 'CANARY' },
    },
    id_info: idInfo(job_type),
    images: hasCard(job_type) ? [SELFIE, FRONT] : [SELFIE],
    server_information: { upload_url: 'CANARY' },
    ...changes.info,
  }
  const named = Array.isArray(info.images) ? info.images.map((image: Body) => image?.file_name) : []
  const files: Record<string, Uint8Array> = {
    'info.json': new TextEncoder().encode(JSON.stringify(info)),
  }
  if (named.includes('selfie.jpg')) files['selfie.jpg'] = selfie
  if (named.includes('front.jpg')) files['front.jpg'] = front
  return Uint8Array.from(zipSync({ ...files, ...changes.files }, { level: 0 }))
}

/** An emulator, and the calls of an image job to it. */
export function service(options?: EmulatorOptions) {
  const emulator = createEmulator(options)

  async function post(path: string, body: Body, origin = API) {
    const response = await emulator.fetch(`${origin}${path}`, { method: 'POST', body: JSON.stringify(body) })
    return { status: response.status, body: (await response.json()) as Body }
  }

  function prepare(partner_params: unknown, members: Body = {}, origin?: string) {
    return post('/v1/upload', { smile_client_id: '085', ...sign(), partner_params, ...members }, origin)
  }

  async function put(
    url: string,
    body: BodyInit,
    headers: Record<string, string> = { 'content-type': 'application/zip' },
  ) {
    const response = await emulator.fetch(url, { method: 'PUT', body, headers, duplex: 'half' })
    const text = await response.text()
    return { status: response.status, text, code: /<Code>(\w+)</.exec(text)?.[1], headers: response.headers }
  }

  async function status(members: Body = {}) {
    const request = {
      partner_id: '085',
      ...sign(),
      user_id: 'u1',
      job_id: 'j1',
      history: true,
      ...members,
    }
    return (await post('/v1/job_status', request)).body
  }

  /** Announces and uploads; a promise of the last answer. */
  async function submit(partner_params: Body, changes: ZipChanges & { members?: Body } = {}) {
    const { body } = await prepare(partner_params, changes.members)
    return put(body.upload_url, zipOf(partner_params, changes))
  }

  return { emulator, post, prepare, put, status, submit }
}
