/**
 * How requests look on the wire: beside those of the vendor's SDK, with every difference named, and beside
 * what the specification documents.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Client } from 'smileid-edge/client'
import { submitAddressVerification } from 'smileid-edge/v3/address'
import { submitAmlMonitoring, submitOneTimeAml, submitOneTimeAmlSync } from 'smileid-edge/v3/aml'
import { submitEnhancedKyc, submitEnhancedKycSync } from 'smileid-edge/v3/enhanced-kyc'
import {
  getBankCodes,
  getIdStatus,
  getSupportedDocuments,
  getSupportedIdTypes,
} from 'smileid-edge/v3/services'
import { createSmileLink } from 'smileid-edge/v3/smile-links'
import { reportUserFraud } from 'smileid-edge/v3/users'
import { type OfficialRequest, officialV3 } from '../../support/official-v3'
import { type RawPart, readRawForm } from '../../support/raw-form'
import { startV3Service } from '../../support/v3-service'

interface Sent extends OfficialRequest {
  parts?: RawPart[]
}

const DROPPED = ['content-type', 'content-length']

/** What a call sends, the request for its token first; its reply is of no interest. */
async function sentBy(call: (client: Client) => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = []
  const service = startV3Service()
  const { client } = startV3Service(
    {},
    {
      maxRetries: 0,
      async fetch(url, init) {
        const request = new Request(url, init)
        const bytes = new Uint8Array(await request.clone().arrayBuffer())
        const { pathname, search } = new URL(url)
        const contentType = request.headers.get('content-type')
        sent.push({
          method: request.method as 'GET',
          path: pathname + search,
          headers: Object.fromEntries([...request.headers].filter(([name]) => !DROPPED.includes(name))),
          ...(contentType !== null && { parts: readRawForm(bytes, contentType) }),
        })
        return service.fetch(url, init)
      },
    },
  )
  await call(client).catch(() => {})
  return sent
}

async function lastSentBy(call: (client: Client) => Promise<unknown>): Promise<Sent> {
  return (await sentBy(call)).at(-1)!
}

/** Every member that differs, as `what: theirs -> ours`. */
function differences(theirs: OfficialRequest, ours: Sent): string[] {
  const found: string[] = []
  const compare = (what: string, their: unknown, our: unknown) => {
    const [one, other] = [their, our].map((value) => (value === undefined ? 'none' : JSON.stringify(value)))
    if (one !== other) found.push(`${what}: ${one} -> ${other}`)
  }
  compare('method', theirs.method, ours.method)
  compare('path', theirs.path, ours.path)
  for (const name of namesOf(Object.keys(theirs.headers), Object.keys(ours.headers))) {
    compare(`header ${name}`, theirs.headers[name], ours.headers[name])
  }
  const [their = [], our = []] = [theirs.parts, ours.parts]
  compare('a body', theirs.parts !== undefined, ours.parts !== undefined)
  for (const name of namesOf(
    their.map((part) => part.name),
    our.map((part) => part.name),
  )) {
    const of = (parts: RawPart[]) => parts.filter((part) => part.name === name)
    compare(`part ${name}, how often`, of(their).length, of(our).length)
    compare(`part ${name}, its type`, of(their)[0]?.type, of(our)[0]?.type)
    compare(`part ${name}, its file name`, of(their)[0]?.fileName, of(our)[0]?.fileName)
    compare(`part ${name}`, textsOf(of(their)), textsOf(of(our)))
  }
  return found
}

const namesOf = (...lists: string[][]) => [...new Set(lists.flat())].sort()
/** Of JSON, what it says: in which order members stand, nobody reads. */
const textsOf = (parts: RawPart[]) =>
  parts.map(({ type, text }) => (type === 'application/json' ? sorted(JSON.parse(text)) : text))

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** What differs everywhere, on purpose. */
const NAMED = [
  // What can be read.
  'header accept: none -> "application/json"',
  // We are none of the vendor's SDKs, and say of ourselves what others do who use the API by hand.
  'header smileid-source-sdk: "node" -> "rest_api"',
  'header smileid-source-sdk-version: "12.0.0" -> "1.0.0"',
  // The runtime's own: browsers, and some edge runtimes, let nobody set it.
  'header user-agent: "smileid-sdk-node/12.0.0 (node/20.19.0)" -> none',
]

const KYC = {
  user_id: 'shop-42 "ü"',
  country: 'NG',
  id_type: 'BANK_ACCOUNT',
  id_number: '0000000000',
  bank_code: '044',
  operator: 'MTN',
  callback_url: 'https://shop.example/smile-id?a=1&b=ü',
  user_details: {
    given_names: 'Zoë',
    last_name: 'Sample',
    email: 'zoe@example.com',
    phone_number: '+2348000000001',
  },
  consent: {
    granted: true,
    granted_at: '2026-05-04T08:00:00.000Z',
    notice_language: 'EN',
    notice_privacy_policy_url: 'https://shop.example/privacy',
  },
  partner_params: { order: 'A-1', note: '日本\r\n--x' },
  metadata: [{ name: 'a', value: 'b' }],
} as const
const { id_type: _type, id_number: _number, bank_code: _bank, operator: _operator, ...COMMON } = KYC

describe("beside the vendor's SDK for JavaScript", () => {
  it('enhanced KYC: where the user is named, and how a contact is that is not there', async () => {
    const ours = await lastSentBy((client) => submitEnhancedKyc(client, KYC))
    const token = ours.headers['smileid-token']!
    const { user_id, ...others } = KYC
    const theirs = officialV3.enhancedKyc(token, {
      ...others,
      user_id,
      partner_params: { ...KYC.partner_params },
      metadata: [...KYC.metadata],
    })
    expect(differences(theirs, ours)).toEqual([
      ...NAMED,
      // Their header is documented for addresses and residency documents alone, takes no other letters than
      // those of Latin-1, and no browser can send it (CORS); the part is documented for this operation.
      `header user-id: ${JSON.stringify(user_id)} -> none`,
      'part user_id, how often: 0 -> 1',
      `part user_id: [] -> ${JSON.stringify([user_id])}`,
    ])
    const noPhone = { ...KYC, user_details: { ...KYC.user_details, phone_number: null } }
    const [their, our] = [
      officialV3.enhancedKyc('', { ...noPhone, metadata: undefined! }),
      await lastSentBy((client) => submitEnhancedKyc(client, noPhone)),
    ].map(({ parts }) => JSON.parse(parts!.find(({ name }) => name === 'user_details')!.text))
    // What was said to be null goes out as that: the specification allows it.
    expect([their.phone_number, our.phone_number]).toEqual([undefined, null])
  })

  it.each([
    { user_id: 'shop/42 ü', is_fraud: true, reason: 'MULE_ACCOUNT', reported_by: 'risk@shop.example' },
    { user_id: 'u', is_fraud: false, notes: 'a mistake: "Zoë"', reported_by: 'risk@shop.example' },
  ] as const)('a fraud report, is_fraud $is_fraud: no difference', async (report) => {
    const ours = await lastSentBy((client) => reportUserFraud(client, report))
    const theirs = officialV3.reportFraud(ours.headers['smileid-token']!, report.user_id, report)
    expect(differences(theirs, ours)).toEqual(NAMED)
  })

  it('services: no difference', async () => {
    const NORTH = { continent: 'NORTH AMERICA', country_code: 'US', locale: 'fr-FR' } as const
    for (const [call, theirs] of [
      [(client: Client) => getBankCodes(client), officialV3.service('bank_codes', {})],
      [
        (client: Client) => getBankCodes(client, { country: 'NG' }),
        officialV3.service('bank_codes', { country: 'NG' }),
      ],
      [
        (client: Client) => getSupportedIdTypes(client, { country: 'NG' }),
        officialV3.service('supported_id_types', { country: 'NG' }),
      ],
      [
        (client: Client) => getSupportedDocuments(client, NORTH),
        officialV3.service('supported_documents', NORTH),
      ],
    ] as const) {
      expect(differences(theirs, await lastSentBy(call))).toEqual(NAMED)
    }
    const query = { country: 'Côte d’Ivoire', id_type: 'CNI' }
    const ours = await lastSentBy((client) => getIdStatus(client, query))
    const theirs = officialV3.service('id_status', query, ours.headers['smileid-token'])
    expect(differences(theirs, ours)).toEqual(NAMED)
  })

  it('the request for a token: no body, too, and nothing said of who asks', async () => {
    const [ours] = await sentBy((client) => submitEnhancedKyc(client, KYC))
    const { 'smileid-partner-id': partnerId, 'smileid-api-key': apiKey } = ours!.headers
    const theirs = officialV3.token(partnerId!, apiKey!)
    expect(differences(theirs, ours!)).toEqual(
      NAMED.map((difference) => difference.replace(/-> "(rest_api|1\.0\.0)"/, '-> none')),
    )
  })

  it('is read the same, whatever the boundary is', async () => {
    const bodies = await Promise.all(
      Array.from({ length: 20 }, () => lastSentBy((client) => submitEnhancedKyc(client, KYC))),
    )
    for (const { parts } of bodies) expect(parts).toEqual(bodies[0]!.parts)
  })
})

interface DocumentedPart {
  name: string
  required: boolean
  type: string
}

const { operations } = JSON.parse(
  readFileSync(new URL('../../vectors/v3-operations.json', import.meta.url), 'utf8'),
) as { operations: { id: string; parts?: DocumentedPart[] }[] }

const { country: _country, ...PERSON } = COMMON
const SCREENED = {
  ...PERSON,
  full_name: 'Zoë Sample',
  countries: ['NG', 'KE'],
  birth_year: 1990,
  strict_match: false,
  aliases: ['Z. Sample'],
  search_existing_user: false,
} as const
const NIGERIAN = {
  ...PERSON,
  address: '12 Test Road',
  country: 'NG',
  utility_number: '0123456789',
  utility_provider: 'IKEDC',
  utility_type: 'PostPaid',
} as const
const REPORT = {
  user_id: 'u',
  is_fraud: true,
  reason: 'OTHER',
  notes: 'n',
  reported_by: 'a@b.example',
} as const
const LINK = {
  id_types: [{ country: 'NG', id_type: 'NIN', verification_method: 'enhanced_kyc' }],
  name: 'Onboarding',
  notice_privacy_policy_url: 'https://shop.example/privacy',
  is_single_use: true,
  callback_url: 'https://shop.example/smile-id',
  description: 'for Zoë',
  expires_at: '2030-01-01T00:00:00.000Z',
  logo_url: 'https://shop.example/logo.png',
  redirect_url: 'https://shop.example/done',
  theme_color: '#00ff00',
  partner_params: { order: 'A-1' },
  user_id: 'shop-42',
} as const
const { callback_url: _callback, ...INLINE } = KYC

/** All that each can be told, and the documented parts that it does not have, with the reason. */
const DOCUMENTED: {
  id: string
  call: (client: Client) => Promise<unknown>
  input: object
  without?: string[]
}[] = [
  { id: 'POST /v3/enhanced_kyc', call: (client) => submitEnhancedKyc(client, KYC), input: KYC },
  {
    id: 'POST /v3/enhanced_kyc/sync',
    call: (client) => submitEnhancedKycSync(client, INLINE),
    input: INLINE,
    // It is ignored, since no callback is sent.
    without: ['callback_url'],
  },
  {
    id: 'POST /v3/aml',
    call: (client) => submitOneTimeAml(client, SCREENED),
    input: SCREENED,
    // The headers say it.
    without: ['source_sdk', 'source_sdk_version'],
  },
  {
    id: 'POST /v3/aml/sync',
    call: (client) => submitOneTimeAmlSync(client, SCREENED),
    input: SCREENED,
    without: ['source_sdk', 'source_sdk_version'],
  },
  {
    id: 'POST /v3/aml/monitoring',
    call: (client) => submitAmlMonitoring(client, SCREENED),
    input: SCREENED,
  },
  {
    id: 'POST /v3/address',
    call: (client) => submitAddressVerification(client, NIGERIAN),
    input: NIGERIAN,
    // Of the other country.
    without: ['id_number'],
  },
  {
    id: 'POST /v3/users/{user_id}/report_fraud',
    call: (client) => reportUserFraud(client, REPORT),
    input: REPORT,
  },
  { id: 'POST /v3/smile_links', call: (client) => createSmileLink(client, LINK), input: LINK },
]

describe.each(DOCUMENTED)('beside the specification: $id', ({ id, call, input, without = [] }) => {
  const documented = operations.find((operation) => operation.id === id)!.parts!

  it('has every documented part once, and no other', async () => {
    const { parts = [], path } = await lastSentBy(call)
    expect(path).toBe(id.split(' ')[1]!.replace('{user_id}', 'u'))
    const names = documented.map(({ name }) => name).filter((name) => !without.includes(name))
    expect(parts.map(({ name }) => name).sort()).toEqual(names.sort())
  })

  it('writes objects and lists as JSON, all else as plain text, and says the same as was given', async () => {
    const { parts = [] } = await lastSentBy(call)
    for (const { name, text, type, fileName } of parts) {
      const { type: kind } = documented.find((part) => part.name === name)!
      const isJson = kind === 'object' || kind === 'array'
      const given = (input as Record<string, unknown>)[name]
      expect([name, type, fileName]).toEqual([name, isJson ? 'application/json' : undefined, undefined])
      expect(isJson ? JSON.parse(text) : text).toEqual(isJson ? given : String(given))
    }
  })

  it('has the token, and the key of repeats where there is one, and no more', async () => {
    const { headers } = await lastSentBy(call)
    const own = ['accept', 'smileid-source-sdk', 'smileid-source-sdk-version', 'smileid-token']
    // HMAC of requests (SmileID-Timestamp, SmileID-Request-Signature) is another way of an account, of which
    // nobody tells how to make it; the user stands in the body (User-ID).
    const key = id.endsWith('/aml/sync') ? ['smileid-idempotency-key'] : []
    expect(Object.keys(headers).sort()).toEqual([...key, ...own].sort())
  })
})
