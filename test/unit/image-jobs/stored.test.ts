/** Image jobs whose photos stay in their files, over real HTTP. */
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, isSmileIdError, submitImageJob } from 'smileid-edge'
import { nodeFetch, photoFile } from 'smileid-edge/node'
import { bodyOf, type Listening, serve } from '../../support/server'
import { jpegOf } from '../../support/v3-images'

let dir = ''
let server: Listening
/** Whole zips that arrived. */
const zips: Buffer[] = []
/** What happens to the files once the job is open. */
let meanwhile = async () => {}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stored-'))
  server = await serve(async (request, response, url) => {
    if (request.method === 'PUT') {
      const body = await bodyOf(request)
      const isWhole = body.length === Number(request.headers['content-length'])
      if (isWhole) zips.push(body)
      return void response.writeHead(isWhole ? 200 : 400).end()
    }
    await bodyOf(request)
    if (!request.url!.endsWith('/upload')) return void response.end('{"code":"2314","job_complete":false}')
    await meanwhile()
    response.end(JSON.stringify({ upload_url: `${url}/zip`, smile_job_id: '1', code: '2202' }))
  })
})
afterAll(async () => {
  await server.close()
  await rm(dir, { recursive: true })
})

const write = async (name: string, size: number) => {
  await writeFile(join(dir, name), jpegOf(size))
  return photoFile(join(dir, name))
}

describe.each([
  ['fetch', undefined],
  ['nodeFetch', nodeFetch],
])('by %s', (_, fetch) => {
  const submit = async (images: object, more: object = {}) => {
    zips.length = 0
    const client = createClient({
      partnerId: '085',
      apiKey: 'k',
      environment: 'sandbox',
      baseUrl: server.url,
      fetch,
      maxRetries: 0,
      sleep: async () => {},
    })
    const partner_params = { user_id: 'u', job_id: 'j', job_type: 4 as const }
    await submitImageJob(client, { partner_params, images: images as never }, { willWait: true, ...more })
    return unzipSync(zips[0]!)
  }

  it('every file arrives as it is, beside what was in memory', async () => {
    const selfie = await write('selfie.jpg', 3_000_001)
    const small = await write('small.jpg', 20_000)
    const inMemory = jpegOf(300_000)
    const told: number[] = []
    const files = await submit(
      { selfie, liveness: [small, inMemory] },
      { onProgress: ({ sentBytes }: { sentBytes: number }) => void told.push(sentBytes) },
    )
    expect(Object.keys(files)).toEqual(['info.json', 'selfie.jpg', 'liveness_1.jpg', 'liveness_2.jpg'])
    const isSame = (name: string, bytes: Uint8Array) => Buffer.compare(files[name]!, bytes) === 0
    expect(isSame('selfie.jpg', await readFile(join(dir, 'selfie.jpg')))).toBe(true)
    expect(isSame('liveness_1.jpg', await readFile(join(dir, 'small.jpg')))).toBe(true)
    expect(isSame('liveness_2.jpg', inMemory)).toBe(true)
    expect(told.at(-1)).toBe(zips[0]!.length)
    expect(told.length).toBeGreaterThan(10)
  })

  it.each([
    ['is another picture', () => writeFile(join(dir, 'changing.jpg'), jpegOf(900_000).fill(0x41, 700_000))],
    ['got shorter', () => truncate(join(dir, 'changing.jpg'), 800_000)],
    ['is gone', () => rm(join(dir, 'changing.jpg'))],
  ])('no whole zip is sent of a file that %s meanwhile', async (__, change) => {
    const selfie = await write('changing.jpg', 900_000)
    meanwhile = change
    const error: unknown = await submit({ selfie }).catch((thrown: unknown) => thrown)
    meanwhile = async () => {}
    expect(isSmileIdError(error, 'network_error') && [error.smileJobId, error.cause]).toEqual([
      '1',
      expect.objectContaining({ message: expect.stringMatching(/^(FILE_CHANGED|ENOENT)$/) }),
    ])
    expect(zips).toEqual([])
  })

  it('what grew is sent as it was', async () => {
    const selfie = await write('growing.jpg', 400_000)
    meanwhile = () => appendFile(join(dir, 'growing.jpg'), 'more')
    const files = await submit({ selfie })
    meanwhile = async () => {}
    expect(files['selfie.jpg']!.length).toBe(400_000)
  })

  it('what is wrong with files is said before anything is sent', async () => {
    await writeFile(join(dir, 'cut.jpg'), jpegOf(300_000).subarray(0, 200_000))
    await writeFile(join(dir, 'large.jpg'), Buffer.alloc(10_000_001))
    const images = {
      selfie: photoFile(join(dir, 'cut.jpg')),
      liveness: [photoFile(join(dir, 'large.jpg')), photoFile(join(dir, 'nothing.jpg'))],
    }
    const error: unknown = await submit(images).catch((thrown: unknown) => thrown)
    const issues = isSmileIdError(error, 'invalid_input') ? error.issues : []
    expect(issues.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'images.selfie photo_truncated',
      'images.liveness[0] photo_too_large',
      'images.liveness[1] missing',
    ])
    expect(zips).toEqual([])
  })

  it('an abort while files are read leaves the next job its turn', async () => {
    const selfie = await write('aborted.jpg', 2_000_000)
    const controller = new AbortController()
    const job = submit({ selfie, liveness: [selfie, selfie] }, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(job).rejects.toThrow('enough')
    expect(Object.keys(await submit({ selfie }))).toContain('selfie.jpg')
  })
})
