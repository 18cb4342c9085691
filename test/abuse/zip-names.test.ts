/** Names in the zip are made by the SDK: nothing that comes with an image leads anywhere. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClient, isSmileIdError, submitImageJob } from 'smileid-edge'
import { WebApi } from 'smileid-edge/compat'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { checkProperty } from '../support/property'

// The table of all characters has 86 MB, and stays: it is no part of what the tests keep.
fc.sample(fc.string({ unit: 'binary' }), 1)

const HOSTILE = [
  '../../etc/passwd',
  '..\\..\\boot.ini',
  '/etc/passwd',
  'C:\\x.jpg',
  'info.json',
  'INFO.JSON',
  'a\0.jpg',
  'con',
  '.',
  '..',
  '',
  ' ',
  '\u202egpj.exe',
  'selfie.jpg',
  '%2e%2e%2fx',
  'ünïcode.jpg',
  `${'x'.repeat(70_000)}.jpg`,
  'security_info.json',
  'a/b.jpg',
  '~/.ssh/id_rsa',
  '-rf',
]

/** A client, and the names of each zip that it uploaded, as an independent reader has them. */
function start() {
  const emulator = createEmulator()
  const zips: string[][] = []
  const fetch = async (url: string, init: RequestInit) => {
    const request = new Request(url, init)
    if (request.method === 'PUT')
      zips.push(Object.keys(unzipSync(new Uint8Array(await request.clone().arrayBuffer()))))
    return emulator.fetch(request)
  }
  return { emulator, zips, options: { ...emulator.clientOptions, fetch } }
}

function good(names: string[]): void {
  expect(names[0]).toBe('info.json')
  for (const name of names.slice(1))
    expect(name).toMatch(/^(selfie|liveness|id_card_front|id_card_back)(_\d{1,2})?\.(jpg|png)$/)
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
}

it.each(HOSTILE)('a file that is called %j', async (name) => {
  const { emulator, zips, options } = start()
  const file = (type: 'image/jpeg' | 'image/png', seed: number) =>
    new File([samplePhoto({ type, seed })], name, { type })
  await submitImageJob(
    createClient(options),
    {
      partner_params: {
        // No id may have what cannot be seen in it.
        user_id:
          name
            .slice(0, 200)
            .replace(/[\0\u202e]/g, '')
            .trim() || 'u',
        job_id: 'j',
        job_type: 1,
        file_name: name,
      },
      id_info: { country: 'NG', id_type: 'PASSPORT' },
      images: {
        selfie: file('image/jpeg', 1),
        liveness: [2, 3, 4].map((seed) => file('image/png', seed)),
        front: file('image/jpeg', 5),
        back: file('image/jpeg', 6),
      },
    },
    { willWait: true },
  )
  good(zips[0]!)
  expect([zips[0]!.length, emulator.uploads[0]!.problems]).toEqual([7, []])
})

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'zip-names-'))
  await mkdir(join(dir, 'deep'))
  for (const name of ['photo.jpg', 'info.json', 'a b.jpg']) await writeFile(join(dir, name), samplePhoto())
})
afterAll(() => rm(dir, { recursive: true }))

it.each(['deep/../photo.jpg', './/photo.jpg', 'info.json', 'a b.jpg'])(
  'a path of the old classes: %s',
  async (path) => {
    const { zips, options } = start()
    const api = new WebApi('085', 'https://app.example/c', 'emulator-key-of-085', 0, {
      fetch: options.fetch,
      now: options.now!,
      sleep: options.sleep!,
    })
    await api.submit_job({ user_id: 'u', job_id: 'j', job_type: 4 }, [
      { image_type_id: 0, image: join(dir, path) },
      { image_type_id: 4, image: `${dir}/${path}` },
      { image_type_id: 4, image: `${dir}/${path}` },
    ])
    good(zips[0]!)
    expect(zips[0]).toEqual(['info.json', 'selfie.jpg', 'liveness.jpg', 'liveness_2.jpg'])
  },
)

it.each(['../x', 1.5, 8, -1, '0/../1', {}, NaN, '__proto__'])(
  'an image type of the old classes: %j',
  async (image_type_id) => {
    const { zips, options } = start()
    const api = new WebApi('085', 'https://app.example/c', 'emulator-key-of-085', 0, {
      fetch: options.fetch,
      now: options.now!,
      sleep: options.sleep!,
    })
    const images = [
      { image_type_id: 0, image: samplePhoto() },
      { image_type_id, image: samplePhoto() },
    ] as never
    const error: unknown = await api.submit_job({ user_id: 'u', job_id: 'j', job_type: 4 }, images).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (error !== undefined) expect(isSmileIdError(error, 'invalid_input')).toBe(true)
    for (const name of zips.flat()) expect(name).toMatch(/^(info\.json|(selfie|image)(_\d+)?\.jpg)$/)
  },
)

it('any texts, anywhere in a job', async () => {
  await checkProperty(
    fc.asyncProperty(
      fc.string({ minLength: 1, unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 1, max: 8 }),
      async (id, other, count) => {
        const { zips, options } = start()
        const job = {
          partner_params: { user_id: id, job_id: `j-${id}`, job_type: 4 as const, note: other },
          images: {
            selfie: samplePhoto(),
            liveness: Array.from({ length: count }, (_, seed) => new File([samplePhoto({ seed })], other)),
          },
        }
        const error: unknown = await submitImageJob(createClient(options), job, { willWait: true }).then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        if (isSmileIdError(error, 'invalid_input')) {
          expect(zips).toEqual([])
          return
        }
        expect(error).toBeUndefined()
        good(zips[0]!)
      },
    ),
    { numRuns: 100 },
  )
})
