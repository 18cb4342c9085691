/** No text of a caller becomes a header, a line of a request, or a part of a form. */
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { isSmileIdError, signedRequest, submitAddress, submitImageJob, verifyId } from 'smileid-edge'
import { enrollSmartSelfie } from 'smileid-edge/smart-selfie'
import { samplePhoto } from 'smileid-edge/emulator'
import { listen } from '../support/server'
import { calls, clientAt } from './calls'

const INJECTED = [
  '\r\nx-injected: 1',
  '\nx-injected: 1',
  '\rx-injected: 1',
  '\0x-injected: 1',
  '\r\n\r\nGET /injected HTTP/1.1\r\nx-injected: 1',
  '\u010a\u010dx-injected: 1',
  '\u2028x-injected: 1',
  '"; x-injected="1',
  '\r\n--form\r\ncontent-disposition: form-data; name="injected"',
]
/** The headers that requests may have. */
const KNOWN = new Set([
  '',
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'content-type',
  'host',
  'sec-fetch-mode',
  'smileid-partner-id',
  'smileid-request-signature',
  'smileid-source-sdk',
  'smileid-source-sdk-version',
  'smileid-timestamp',
  'user-agent',
])

/** What arrives at a socket, byte for byte, until the request's body is whole; answered by 400. */
async function received(
  act: (baseUrl: string) => Promise<unknown>,
): Promise<{ error: unknown; requests: string[] }> {
  const requests: string[] = []
  const server = await listen(
    createServer((socket) => {
      let text = ''
      socket.setEncoding('latin1').on('data', (piece: string) => {
        text += piece
        const [head = '', ...body] = text.split('\r\n\r\n')
        if (
          !text.includes('\r\n\r\n') ||
          body.join('\r\n\r\n').length < Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
        )
          return
        requests.push(text)
        socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}')
      })
    }),
  )
  const error: unknown = await act(server.url).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  await server.close()
  return { error, requests }
}

/**
 * Either refused before anything was sent, or in a request that has the headers and parts that it should
 * have.
 */
async function harmless(act: (baseUrl: string) => Promise<unknown>): Promise<'refused' | 'sent'> {
  const { error, requests } = await received(act)
  expect(isSmileIdError(error)).toBe(true)
  if (isSmileIdError(error, 'invalid_input')) {
    expect(requests).toEqual([])
    return 'refused'
  }
  expect(requests).toHaveLength(1)
  const [head = ''] = requests[0]!.split('\r\n\r\n')
  const [line = '', ...headers] = head.split('\r\n')
  expect(line).toMatch(/^(GET|POST) \/v[12]\/[\w/-]+ HTTP\/1\.1$/)
  expect(
    headers.map((header) => header.split(':')[0]!.toLowerCase()).filter((name) => !KNOWN.has(name)),
  ).toEqual([])
  const boundary = /boundary=(\S+)/.exec(head)?.[1]
  if (boundary) {
    const names = requests[0]!
      .slice(head.length)
      .split(`--${boundary}`)
      .flatMap((part) => /^\r\ncontent-disposition: form-data; name="(\w+)"/.exec(part)?.[1] ?? [])
    expect(
      names.filter(
        (name) => !/^(user_id|callback_url|partner_params|selfie_image|liveness_images)$/.test(name),
      ),
    ).toEqual([])
  }
  return 'sent'
}

const callback_url = 'https://app.example/c'

describe.each(INJECTED)('%j', (text) => {
  it.each(Object.keys(calls))('in the partner id and the key, %s', async (name) => {
    await harmless(async (baseUrl) => calls[name]!(clientAt(baseUrl, { partnerId: `08${text}5` })))
    await harmless(async (baseUrl) => calls[name]!(clientAt(baseUrl, { apiKey: `k${text}k` })))
  })

  it('in ids, numbers, names and addresses of a lookup', async () => {
    const job = {
      partner_params: { user_id: 'u', job_id: 'j', [`extra${text}`]: text },
      id_info: { country: 'NG', id_type: 'BVN', id_number: `1${text}`, first_name: `a${text}b` },
    }
    expect(await harmless((baseUrl) => verifyId(clientAt(baseUrl), job))).toBe('sent')
    for (const member of ['user_id', 'job_id']) {
      const partner_params = { ...job.partner_params, [member]: `u${text}` }
      await harmless((baseUrl) => verifyId(clientAt(baseUrl), { ...job, partner_params }))
    }
    await harmless((baseUrl) =>
      verifyId(clientAt(baseUrl), { ...job, id_info: { ...job.id_info, country: `NG${text}` } }),
    )
  })

  it('in a form', async () => {
    const selfies = {
      selfie_image: samplePhoto(),
      liveness_images: [new File([samplePhoto()], `a${text}.jpg`, { type: `image/jpeg${text}` })],
    }
    expect(
      await harmless((baseUrl) =>
        enrollSmartSelfie(clientAt(baseUrl), { ...selfies, partner_params: { [text]: text } }),
      ),
    ).toBe('sent')
    await harmless((baseUrl) => enrollSmartSelfie(clientAt(baseUrl), { ...selfies, user_id: `u${text}` }))
    await harmless((baseUrl) =>
      enrollSmartSelfie(clientAt(baseUrl), { ...selfies, callback_url: `https://app.example/c${text}` }),
    )
  })

  it('in callback URLs', async () => {
    await harmless(async (baseUrl) =>
      submitAddress(clientAt(baseUrl, { callbackUrl: `https://app.example/c${text}` }), {
        country: 'NG',
        address: `a${text}`,
        utility_number: `1${text}`,
        utility_provider: `Ikeja${text}`,
      }),
    )
    await harmless((baseUrl) =>
      submitImageJob(clientAt(baseUrl), {
        partner_params: { user_id: 'u', job_id: 'j', job_type: 4 },
        images: { selfie: samplePhoto() },
        callback_url: `https://app.example/c${text}`,
      }),
    )
  })

  it('in addresses and paths', async () => {
    expect(await harmless((baseUrl) => signedRequest(clientAt(baseUrl), `/v1/x${text}` as never, {}))).toBe(
      'refused',
    )
    const loose = await harmless(async (baseUrl) =>
      verifyId(clientAt(`${baseUrl}/${text}`), {
        partner_params: { user_id: 'u', job_id: 'j' },
        id_info: { country: 'NG', id_type: 'BVN', id_number: '1' },
      }),
    )
    expect(loose).toBe('refused')
  })
})

it.each([
  '/v1/../v2/x',
  '/v1//x',
  '/v1/x?y=1',
  '/v1/x#y',
  '/v1/%2e%2e/x',
  'https://evil.example/v1/x',
  '//evil.example/v1/x',
  '/v1/x@evil.example',
  '/v1/x\\y',
  '/v1/',
  '/x',
  '',
])('a path such as %j', async (path) => {
  expect(await harmless((baseUrl) => signedRequest(clientAt(baseUrl), path as never, {}))).toBe('refused')
})

it('a partner id that fits in no header is refused before anything is sent, wherever it would go', () => {
  for (const partnerId of ['08\r\n5', '08\u00005', '0\u2028\u20298', '\ud800'])
    expect(() => clientAt('http://127.0.0.1:9', { partnerId })).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        issues: [expect.objectContaining({ path: 'partnerId' })],
      }),
    )
  expect(clientAt('http://127.0.0.1:9', { callbackUrl: callback_url }).partnerId).toBe('085')
})
