/**
 * The emulator, met by Smile ID's own v1 clients: smile-identity-core 3.2.1 itself, and those of other
 * languages by what they put on the wire.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { samplePhoto } from 'smileid-edge/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ClientImage, type Fields, officialClients } from '../support/official-clients'
import { type ServedEmulator, serveEmulator } from '../support/served-emulator'
import { loadOldSdk } from './old-sdk'

const SIGNER = { partnerId: '085', apiKey: 'emulator-key-of-085' }
const ID = { country: 'NG', id_type: 'BVN', id_number: '00000000000', entered: 'true' }
const DOCUMENT = { country: 'GH', id_type: 'PASSPORT' }

const folder = mkdtempSync(join(tmpdir(), 'smileid-clients-'))
const bytes = {
  selfie: samplePhoto({ seed: 1 }),
  card: samplePhoto({ seed: 2 }),
  frame: samplePhoto({ seed: 3 }),
}
const base64 = (photo: Uint8Array) => Buffer.from(photo).toString('base64')

interface Flow {
  title: string
  type: number
  idInfo?: Fields
  images: readonly ClientImage[]
  /** How the user stands before. */
  enrolled?: boolean
  useEnrolledImage?: boolean
}

const file = (image_type_id: number, path: string, photo: Uint8Array): ClientImage => ({
  image_type_id,
  path: join(folder, path),
  bytes: photo,
})
const inline = (image_type_id: number, photo: Uint8Array): ClientImage => ({
  image_type_id,
  base64: base64(photo),
})

const SELFIE_FILE = file(0, 'selfie.jpg', bytes.selfie)
const CARD_FILE = file(1, 'card.jpg', bytes.card)
const FLOWS: readonly Flow[] = [
  { title: 'biometric KYC, files', type: 1, idInfo: ID, images: [SELFIE_FILE] },
  {
    title: 'biometric KYC, base64 with liveness',
    type: 1,
    idInfo: ID,
    images: [inline(2, bytes.selfie), inline(6, bytes.frame), inline(6, bytes.selfie)],
  },
  { title: 'biometric KYC by a card alone', type: 1, images: [SELFIE_FILE, CARD_FILE] },
  { title: 'authentication', type: 2, images: [SELFIE_FILE], enrolled: true },
  { title: 'registration', type: 4, images: [inline(2, bytes.selfie)] },
  {
    title: 'document verification, files',
    type: 6,
    idInfo: DOCUMENT,
    images: [SELFIE_FILE, CARD_FILE],
  },
  {
    title: 'document verification, base64',
    type: 6,
    idInfo: DOCUMENT,
    images: [inline(2, bytes.selfie), inline(3, bytes.card), inline(7, bytes.frame)],
  },
  {
    title: 'enhanced document verification',
    type: 11,
    idInfo: DOCUMENT,
    images: [SELFIE_FILE, inline(3, bytes.card)],
  },
]

let served: ServedEmulator
beforeAll(async () => {
  served = await serveEmulator({ jobDurationMs: 0 })
  for (const image of [SELFIE_FILE, CARD_FILE]) {
    if ('path' in image) writeFileSync(image.path, image.bytes)
  }
})
beforeEach(() => served.emulator.reset())
afterAll(async () => {
  await served.close()
  rmSync(folder, { recursive: true })
})

function prepare({ type, enrolled }: Flow): Fields {
  if (enrolled) served.emulator.setUser('user-1', 'enrolled')
  return { user_id: 'user-1', job_id: 'job-1', job_type: type, more: 'of the partner' }
}

describe('smile-identity-core 3.2.1', () => {
  const { WebApi, IDApi, Utilities } = loadOldSdk()
  const webApi = () => new WebApi('085', 'https://app.example/callback', SIGNER.apiKey, `${served.url}/v1`)

  it.each(FLOWS)('$title ends in success', async (flow) => {
    const params = prepare(flow)
    const images = flow.images.map((image) => ({
      image_type_id: image.image_type_id,
      image: 'path' in image ? image.path : image.base64,
    }))
    const status = await webApi().submit_job(params, images, flow.idInfo ?? {}, { return_job_status: true })
    expect(served.emulator.uploads[0]!.problems).toEqual([])
    expect(status).toMatchObject({ job_complete: true, job_success: true, code: '2302' })
    expect(status.result.PartnerParams).toMatchObject(params)
  })

  it('a document beside the selfie on file ends in success', async () => {
    served.emulator.setUser('user-1', 'enrolled')
    const params = { user_id: 'user-1', job_id: 'job-1', job_type: 6 }
    const card = { image_type_id: 3, image: base64(bytes.card) }
    const options = { return_job_status: true, use_enrolled_image: true }
    const status = await webApi().submit_job(params, [card], DOCUMENT, options)
    expect(status).toMatchObject({ job_complete: true, job_success: true })
  })

  it('asks for a status, a lookup, a business and a token', async () => {
    const address = `${served.url}/v1`
    served.emulator.startJob({ user_id: 'user-1', job_id: 'job-1' })
    expect(
      await new Utilities('085', SIGNER.apiKey, address).get_job_status('user-1', 'job-1'),
    ).toMatchObject({ job_complete: true, job_success: true })

    const idApi = new IDApi('085', SIGNER.apiKey, address)
    const lookup = { user_id: 'user-1', job_id: 'job-5', job_type: 5 }
    expect(await idApi.submit_job(lookup, ID)).toMatchObject({ ResultCode: '1012' })
    const later = { ...lookup, job_id: 'job-6' }
    expect(await idApi.submitAsyncjob(later, ID, 'https://app.example/later')).toMatchObject({
      success: true,
    })
    const business = { country: 'NG', id_type: 'BUSINESS_REGISTRATION', id_number: '0000000' }
    expect(
      await idApi.submit_job(
        { ...lookup, job_id: 'job-7', job_type: 7 },
        { ...business, business_type: 'co' },
      ),
    ).toMatchObject({ ResultCode: '1012' })
    expect(
      await webApi().get_web_token({ user_id: 'user-1', job_id: 'job-8', product: 'biometric_kyc' }),
    ).toMatchObject({ token: expect.any(String) })
  })
})

async function call(path: string, body: Fields): Promise<Fields> {
  const response = await fetch(`${served.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
  return (await response.json()) as Fields
}

describe.each(Object.entries(officialClients))('the client for %s', (_, client) => {
  it.each(FLOWS)(`$title ends in success (${client.source})`, async (flow) => {
    const job = {
      partnerParams: prepare(flow),
      images: flow.images,
      idInfo: flow.idInfo ?? { entered: 'false' },
      useEnrolledImage: false,
    }
    const upload = await call('/v1/upload', client.announcement(job, SIGNER))
    expect(upload).toMatchObject({ code: '2202' })
    const stored = await fetch(upload.upload_url as string, {
      method: 'PUT',
      headers: { 'content-type': 'application/zip' },
      body: client.zip(job, SIGNER, upload),
    })
    expect(stored.status).toBe(200)
    expect(served.emulator.uploads[0]!.problems).toEqual([])
    expect(await call('/v1/job_status', client.statusQuery(job, SIGNER))).toMatchObject({
      job_complete: true,
      job_success: true,
    })
  })
})

describe('photos of one name in two folders, as Python packs them', () => {
  mkdirSync(join(folder, 'a'), { recursive: true })
  const images = [file(0, 'a/photo.jpg', bytes.selfie), file(1, 'b/photo.jpg', bytes.card)]

  it.each([
    ['last', bytes.card, []],
    ['first', bytes.selfie, []],
    ['refuse', undefined, ['two files have one name']],
  ] as const)('%s is a choice', async (duplicateNames, used, problems) => {
    const other = await serveEmulator({ jobDurationMs: 0, choices: { duplicateNames } })
    try {
      const job = {
        partnerParams: { user_id: 'user-1', job_id: 'job-1', job_type: 6 },
        images,
        idInfo: DOCUMENT,
        useEnrolledImage: false,
      }
      const python = officialClients.python!
      const announced = await fetch(`${other.url}/v1/upload`, {
        method: 'POST',
        body: JSON.stringify(python.announcement(job, SIGNER)),
      })
      const upload = (await announced.json()) as Fields
      await fetch(upload.upload_url as string, {
        method: 'PUT',
        headers: { 'content-type': 'application/zip' },
        body: python.zip(job, SIGNER, upload),
      })
      const [received] = other.emulator.uploads
      expect(received!.problems).toEqual(problems)
      expect(received!.files.map((entry) => entry.bytes)).toEqual(used ? [used.length, used.length] : [])
    } finally {
      await other.close()
    }
  })
})
