/** The store of the emulator that zips are put into, in requests made without the SDK. */
import { describe, expect, it } from 'vitest'
import type { EmulatorOptions } from 'smileid-edge/emulator'
import { type Body, params, selfie, service, zipOf } from './image-job-service.ts'

describe('the store', () => {
  const prepared = async (options?: EmulatorOptions) => {
    const all = service(options)
    const { upload_url } = (await all.prepare(params(4))).body
    return { ...all, url: upload_url as string, zip: zipOf(params(4)) }
  }

  it('takes a zip once for all, and says so', async () => {
    const { emulator, put, url, zip, status } = await prepared()
    expect(await status()).toMatchObject({
      job_complete: false,
      code: '2314',
      result: 'No zip file received',
    })
    const { status: http, text, headers } = await put(url, zip)
    expect([http, text]).toEqual([200, ''])
    expect(headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/)
    expect(emulator.calls.at(-1)).toEqual({
      operation: 'upload_zip',
      job: { user_id: 'u1', job_id: 'j1' },
      status: 200,
      committed: true,
    })
    expect((await status()).code).toBe('2302')
  })

  it.each<[string, (url: string) => string, Body, number, string]>([
    [
      'an altered signature',
      (url) => url.replace('Signature=', 'Signature=x'),
      {},
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'a plus that became a space',
      (url) => url.replace(/%2B|%2F|%3D/, '%20'),
      {},
      403,
      'SignatureDoesNotMatch',
    ],
    ['a longer life', (url) => url.replace(/Expires=\d/, 'Expires=9'), {}, 403, 'SignatureDoesNotMatch'],
    ['an added parameter', (url) => `${url}&more=1`, {}, 403, 'SignatureDoesNotMatch'],
    ['another path', (url) => url.replace('/085/', '/086/'), {}, 403, 'SignatureDoesNotMatch'],
    [
      'another host',
      (url) => url.replace('smile-uploads-test.s3', 'smile-uploads-prod.s3'),
      {},
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'another content type',
      (url) => url,
      { 'content-type': 'application/json' },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'a content type with more to it',
      (url) => url,
      { 'content-type': 'application/zip; charset=utf-8' },
      403,
      'SignatureDoesNotMatch',
    ],
    ['no content type', (url) => url, { 'content-type': '' }, 403, 'SignatureDoesNotMatch'],
    ['credentials', (url) => url, { authorization: 'Bearer x' }, 400, 'InvalidRequest'],
    ['headers of the API', (url) => url, { 'smileid-partner-id': '085' }, 400, 'InvalidRequest'],
    ['a length that is not that of the body', (url) => url, { 'content-length': '5' }, 400, 'IncompleteBody'],
    [
      'a stream of unknown length',
      (url) => url,
      { 'transfer-encoding': 'chunked' },
      411,
      'MissingContentLength',
    ],
  ])('refuses %s, in XML', async (_, change, headers, http, code) => {
    const { emulator, put, url, zip, status } = await prepared()
    const answer = await put(change(url), zip, { 'content-type': 'application/zip', ...headers })
    expect([answer.status, answer.code, answer.headers.get('content-type')]).toEqual([
      http,
      code,
      'application/xml',
    ])
    expect([emulator.calls.at(-1)!.committed, (await status()).code, emulator.uploads]).toEqual([
      false,
      '2314',
      [],
    ])
  })

  it('knows when an address has expired, by the clock or by a fault', async () => {
    const { emulator, put, url, zip } = await prepared({
      choices: { uploadUrlLifetimeMs: 60_000 },
      faults: [{ on: 'upload_zip', fault: { kind: 'expire' } }],
    })
    const expired = {
      status: 403,
      code: 'AccessDenied',
      text: expect.stringContaining('Request has expired'),
    }
    expect(await put(url, zip)).toMatchObject(expired)
    await emulator.advance(59_999)
    expect((await put(url, zip)).status).toBe(200)
    await emulator.advance(1)
    expect(await put(url, zip)).toMatchObject(expired)
  })

  it('fails as S3 does when told to', async () => {
    const { emulator, put, url, zip, status, prepare } = await prepared({
      faults: [503, 500, 418].map((code, after) => ({
        on: 'upload_zip',
        after,
        fault: { kind: 'status', status: code, retryAfter: 2 },
      })),
    })
    for (const [http, code] of [
      [503, 'SlowDown'],
      [500, 'InternalError'],
      [418, 'InternalError'],
    ]) {
      const answer = await put(url, zip)
      expect([answer.status, answer.code, answer.headers.get('retry-after')]).toEqual([http, code, '2'])
    }
    for (const commit of [false, true]) {
      emulator.addFault({ on: 'upload_zip', fault: { kind: 'reset', commit } })
      await expect(put(url, zip)).rejects.toThrow('fetch failed')
      expect([emulator.calls.at(-1), (await status()).code]).toMatchObject([
        { status: 'reset', committed: commit },
        commit ? '2302' : '2314',
      ])
    }
    emulator.addFault({ on: 'upload_zip', fault: { kind: 'code', code: '2205' } })
    expect(await put(url, zip)).toMatchObject({ status: 400, code: 'InvalidRequest' })
    emulator.addFault({ on: 'upload', fault: { kind: 'upload_url', url: 'http://elsewhere.example/x' } })
    expect((await prepare(params(4, { job_id: 'j2' }))).body).toMatchObject({
      code: '2202',
      upload_url: 'http://elsewhere.example/x',
    })
  })

  it('keeps nothing of a body that breaks off, or of one whose sender gave up', async () => {
    const { emulator, put, url, zip, status } = await prepared()
    let pieces = 0
    const broken = new ReadableStream({
      pull: (controller) =>
        pieces++ ? controller.error(new Error('gone')) : controller.enqueue(zip.slice(0, 100)),
    })
    await expect(put(url, broken)).rejects.toThrow('gone')
    await expect(
      emulator.fetch(url, {
        method: 'PUT',
        body: zip,
        headers: { 'content-type': 'application/zip' },
        signal: AbortSignal.abort(),
      }),
    ).rejects.toThrow(/abort/i)
    expect(emulator.calls.slice(1)).toEqual(
      Array.from({ length: 2 }, () => ({
        operation: 'upload_zip',
        job: { user_id: 'u1', job_id: 'j1' },
        status: 'reset',
        committed: false,
      })),
    )
    expect(await status()).toMatchObject({ code: '2314', result: 'No zip file received' })
  })

  it('does not hold on to eight zips of 6 MB', async () => {
    const { emulator, prepare, put } = service({ choices: { minFaceSide: 1 } })
    const large = Uint8Array.from([...selfie.slice(0, -2), ...new Uint8Array(6_000_000), ...selfie.slice(-2)])
    const urls = await Promise.all(
      Array.from(
        { length: 8 },
        async (_, i) => (await prepare(params(4, { user_id: `u${i}` }))).body.upload_url as string,
      ),
    )
    globalThis.gc!()
    const before = process.memoryUsage().arrayBuffers
    await Promise.all(
      urls.map((url, i) =>
        put(url, zipOf(params(4, { user_id: `u${i}` }), { files: { 'selfie.jpg': large } })),
      ),
    )
    expect(emulator.uploads.map(({ problems }) => problems)).toEqual(urls.map(() => []))
    // What a stream was made of goes with the second round only.
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      globalThis.gc!()
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(6e6)
  }, 300_000)
})
