/**
 * The least of a v3 service: it hands out tokens, and answers as it is told. What it gets,
 * it keeps. Web APIs alone; the real rules are the emulator's.
 */
import { createClient, type ClientOptions } from 'smileid-edge/client'

export interface Got {
  method: string
  url: URL
  headers: Headers
  /** Parts by name; texts, or the type and size of a file. */
  form: [name: string, value: string][]
}

export interface Script {
  /** Claims of a token beside those that all have. */
  claims?: Record<string, unknown>
  /** Milliseconds that a token lives. @default 900_000 */
  lifeMs?: number
  /** What is answered to all but requests for tokens. @default accepted */
  answer?: (got: Got, count: number) => Response | Promise<Response>
  /** What is answered to requests for tokens instead. */
  answerToken?: (got: Got, count: number) => Response | undefined | Promise<Response | undefined>
}

export const JOB_ID = 'job_01k7m2q4r6s8t0v1w3x5y7z9ab'

let partners = 0

export function startV3Service(script: Script = {}, options: Partial<ClientOptions> = {}) {
  const got: Got[] = []
  const tokensMade: string[] = []
  const now = options.now ?? Date.now
  async function fetch(url: string, init: RequestInit): Promise<Response> {
    const request = new Request(url, init)
    const { headers } = request
    const isForm = headers.get('content-type')?.startsWith('multipart/')
    // Chromium reads no form without parts, which it writes itself.
    const hasParts = isForm && (await request.clone().text()).includes('form-data; name=')
    const parts = hasParts ? [...(await request.formData())] : []
    const form = parts.map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : `${value.name} ${value.type} ${value.size}`,
    ])
    const one: Got = { method: request.method, url: new URL(url), headers, form }
    got.push(one)
    if (one.url.pathname !== '/v3/token') return (script.answer ?? accept)(one, callsOf().length)
    const answered = await script.answerToken?.(one, tokenCalls())
    if (answered) return answered
    const iat = Math.floor(now() / 1000)
    const exp = iat + (script.lifeMs ?? 900_000) / 1000
    const token = jwt({
      partner_id: headers.get('smileid-partner-id'),
      iat,
      exp,
      jti: got.length,
      ...script.claims,
    })
    tokensMade.push(token)
    return Response.json({ token })
  }
  const callsOf = () => got.filter(({ url }) => url.pathname !== '/v3/token')
  const tokenCalls = () => got.length - callsOf().length
  // Tokens are kept by partner and key: each service has a partner of its own.
  const partnerId = String(7_000 + partners++)
  const client = createClient({
    partnerId,
    apiKey: 'v3-demo-key-alpha',
    environment: 'sandbox',
    fetch,
    sleep: async () => {},
    dangerouslyAllowBrowser: true,
    ...options,
  })
  return { client, got, callsOf, tokenCalls, tokensMade, fetch, partnerId }
}

export function accept(): Response {
  const created_at = '2026-05-04T08:00:00.000Z'
  const body = { status: 'accepted', message: 'queued', job_id: JOB_ID, user_id: 'user_1', created_at }
  return Response.json(body, { status: 202 })
}

export function refuse(status: number, body: object = {}, headers: Record<string, string> = {}): Response {
  return Response.json({ status: 'text', message: 'text', ...body }, { status, headers })
}

/** A token as the service writes it, with a signature that nobody checks. */
export function jwt(claims: object): string {
  const encode = (text: string) =>
    btoa(String.fromCharCode(...new TextEncoder().encode(text)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
  return [JSON.stringify({ alg: 'HS256', typ: 'JWT' }), JSON.stringify(claims), 'signature']
    .map(encode)
    .join('.')
}

/** What `submitEnhancedKyc` takes. */
export const KYC = {
  country: 'NG',
  id_type: 'NIN_V2',
  id_number: '00000000000',
  user_details: { given_names: 'Ada', last_name: 'Sample', email: 'ada@example.com' },
  consent: {
    granted: true,
    granted_at: '2026-05-04T08:00:00.000Z',
    notice_language: 'EN',
    notice_privacy_policy_url: 'https://shop.example/privacy',
  },
} as const
