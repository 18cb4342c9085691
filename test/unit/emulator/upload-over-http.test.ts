/** Uploads to the emulator behind a real HTTP server. */
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { createEmulatorServer } from 'smileid-edge/node'
import { params, service, zipOf } from './image-job-service.ts'

interface Upload {
  body: Uint8Array
  /** @default unknown: the body is sent in chunks */
  length?: number
  /** Gives up once the body is sent. */
  abort?: boolean
}

/** The status and the code or the text of the answer; `'broken'` where none came. */
function upload(url: string, { body, length, abort = false }: Upload): Promise<string> {
  const headers: Record<string, string | number> = { 'content-type': 'application/zip' }
  if (length === undefined) headers['transfer-encoding'] = 'chunked'
  else headers['content-length'] = length
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'PUT', headers }, (response) => {
      describeAnswer(response).then(resolve, reject)
    })
    sent.on('error', () => resolve('broken'))
    sent.write(body, () => {
      if (abort) setTimeout(() => sent.destroy(), 20)
      else sent.end()
    })
  })
}

async function describeAnswer(response: IncomingMessage): Promise<string> {
  const answer = await text(response)
  const code = /<Code>(\w+)/.exec(answer)?.[1]
  return `${response.statusCode} ${code ?? answer}`
}

it('keeps the job as it was when an upload breaks off or comes in chunks', async () => {
  const { emulator, prepare, status } = service({ clock: 'real', jobDurationMs: 0 })
  const server = await createEmulatorServer(emulator)
  try {
    const { upload_url } = (await prepare(params(4), {}, server.url)).body
    expect(upload_url.startsWith(`${server.url}/smile-uploads-test/videos/085/085-0000000001-`)).toBe(true)
    const zip = zipOf(params(4))
    expect(await upload(upload_url, { body: zip.slice(0, 200), length: zip.length, abort: true })).toBe(
      'broken',
    )
    while (emulator.calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(emulator.calls[1]).toEqual({
      operation: 'upload_zip',
      job: { user_id: 'u1', job_id: 'j1' },
      status: 'reset',
      committed: false,
    })
    expect((await status()).code).toBe('2314')
    expect(await upload(upload_url, { body: zip })).toBe('411 MissingContentLength')
    expect((await status()).code).toBe('2314')
    expect(await upload(upload_url, { body: zip, length: zip.length })).toBe('200 ')
    expect(await status()).toMatchObject({ job_success: true, result: { ResultCode: '0840' } })
  } finally {
    await server.close()
  }
})
