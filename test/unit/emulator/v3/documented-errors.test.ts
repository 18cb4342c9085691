/** All errors that the specification shows, produced by requests that deserve them, or by faults. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { changed, GOOD, jpeg, multipart, type Parts, png, type Reply, SANDBOX, startV3 } from './requests.ts'

interface DocumentedError {
  operation: string
  status: number
  name: string
  schema: string
  body: Record<string, unknown>
}

const { errors } = JSON.parse(
  readFileSync(new URL('../../../vectors/v3-errors.json', import.meta.url), 'utf8'),
) as { errors: DocumentedError[] }

type World = ReturnType<typeof startV3>
type Produce = (world: World, path: string) => Promise<Reply>

const JOB_ID = 'job_01h2xcejqtf2nbrexx3vqjhp41'
const LINK_ID = '65983864-e8c6-4d09-890a-2e5f88fc50f6'
/** Paths with what their members stand for. */
const fill = (path: string): string =>
  path
    .replace(/\{job_?id\}/i, JOB_ID)
    .replace('{reference}', 'ref')
    .replace('{user_id}', 'user-1')
    .replace('{refId}', LINK_ID)

const FRAUD: Parts = [
  ['is_fraud', 'true'],
  ['reason', 'ACCOUNT_TAKEOVER'],
  ['reported_by', 'team@partner.example'],
]
const bodyOf = (path: string): Parts => GOOD[path] ?? (path.includes('report_fraud') ? FRAUD : [])

/** A good request with other parts. */
const withParts =
  (changes: Parameters<typeof changed>[1]): Produce =>
  (world, path) =>
    world.submit(path, changed(path, changes))
const without = (...names: string[]): Produce =>
  withParts(Object.fromEntries(names.map((name) => [name, undefined])))
const withDetails = (user_details: object): Produce => withParts({ user_details })
const withConsent = (consent: object): Produce => withParts({ consent })

const NAMES = { given_names: 'Amina Fatou', last_name: 'Clearwater' }
const EMAIL = 'amina.clearwater@example.com'
const CONSENT = {
  granted: true,
  granted_at: '2025-12-31T08:00:00.000Z',
  notice_language: 'EN',
  notice_privacy_policy_url: 'https://partner.example/privacy',
}
const fraud =
  (changes: Readonly<Record<string, string | undefined>>): Produce =>
  (world, path) => {
    world.emulator.setUser('user-1', 'enrolled')
    const kept = FRAUD.filter(([name]) => !Object.hasOwn(changes, name))
    const added = Object.entries(changes).filter(([, value]) => value !== undefined) as Parts
    return world.submit(fill(path), [...kept, ...added])
  }
const get =
  (query: string): Produce =>
  (world, path) =>
    world.get(`${fill(path)}${query}`)
const at =
  (path: string): Produce =>
  (world) =>
    world.get(path)

/** No token at all. */
const unauthorized: Produce = (world, path) =>
  bodyOf(path).length > 0 ? world.post(fill(path), bodyOf(path)) : world.send(fill(path), methodOf(path))
const methodOf = (path: string): RequestInit => ({ method: path.includes('replay') ? 'POST' : 'GET' })

const asJson: Produce = async (world, path) =>
  world.send(fill(path), {
    method: 'POST',
    body: '{}',
    headers: {
      'content-type': 'application/json',
      ...(await world.token()),
      ...(path === '/v3/token' ? world.keyHeaders : {}),
    },
  })
/** More bytes than the service takes, in a part that it would not look at. */
const tooLarge =
  (bytes: number): Produce =>
  (world, path) =>
    world.submit(path, [...bodyOf(path), ['padding', 'x'.repeat(bytes)]])
const limited: Produce = async (world, path) => {
  for (let count = 0; count < 2; count++) await world.submit(path)
  return world.submit(path)
}

const MISSING_PART: Readonly<Record<string, Produce>> = {
  missingAddress: without('address'),
  missingComparisonImage: without('comparison_image'),
  missingCountries: withParts({ countries: 'NG' }),
  missingCountry: withParts({ country: 'ng' }),
  missingDocument: without('document'),
  missingFullName: without('full_name'),
  missingIdType: without('id_type'),
  missingName: without('name'),
  missingSelfie: withParts({ selfie_image: png() }),
  missingUserDetails: without('user_details'),
  missingUserId: without('user_id'),
  missingVisa: without('visa'),
  missingCallbackUrl: withParts({ callback_url: 'http://partner.example/cb' }),
  missingContact: withDetails({ ...NAMES, email: null }),
  missingConsent: without('consent'),
}
const WRONG_PART: Readonly<Record<string, Produce>> = {
  unsupportedCountry: withParts({ country: 'KE' }),
  missingIdentifier: without('id_number'),
  invalidConsent: withConsent({ ...CONSENT, granted: false }),
  futureConsent: withConsent({ ...CONSENT, granted_at: '2026-01-01T00:00:00.001Z' }),
  invalidIdFormat: withParts({ id_number: '123' }),
  invalidIdType: withParts({ id_type: 'NIN' }),
  invalidDocumentMime: withParts({ document: { ...jpeg(), bytes: new Uint8Array([1, 2, 3]) } }),
  invalidPhone: withDetails({ ...NAMES, email: EMAIL, phone_number: '08000000001' }),
  invalidComparisonType: withParts({ comparison_image_type: 'SELFIE' }),
  invalidBirthYear: withParts({ birth_year: '90' }),
  invalidStrictMatch: withParts({ strict_match: 'yes' }),
  tooManyAliases: withParts({ aliases: Array.from({ length: 21 }, () => 'A') }),
  aliasTooLong: withParts({ aliases: ['A'.repeat(257)] }),
  searchExistingUserNeedsUserId: withParts({ search_existing_user: 'true' }),
  missingUserIdForSearch: withParts({ search_existing_user: 'true' }),
  noEnrollee: withParts({ search_existing_user: 'true', user_id: 'user-9' }),
  noUsablePriorRecord(world, path) {
    world.emulator.setUser('user-1', 'enrolled')
    return world.submit(path, changed(path, { search_existing_user: 'true', user_id: 'user-1' }))
  },
  idTypeDisabled: withParts({ id_type: 'LIBRARY_CARD' }),
  userIdMismatch: (world, path) => world.submit(path, changed(path, { user_id: 'a' }), { 'User-ID': 'b' }),
  userIdConflict: (world, path) => world.submit(path, changed(path, { user_id: 'a' }), { 'User-ID': 'b' }),
}

/** What only some operations answer, by operation and name. */
const SPECIAL: Readonly<Record<string, Produce>> = {
  'POST /v3/aml missingUserDetails': without('user_details'),
  'POST /v3/enhanced_kyc invalidEmail': withDetails({ ...NAMES, email: 'amina' }),
  'GET /v3/aml/monitoring/{job_id}/news/{reference} missingNewsCategory': get(''),
  'GET /v3/aml/monitoring/{job_id}/news/{reference} invalidNewsCategory': get('?news_category=sports'),
  'GET /v3/aml/monitoring/{job_id}/news/{reference} jobNotFound': get('?news_category=other'),
  async 'GET /v3/aml/monitoring/{job_id}/news/{reference} referenceNotFound'(world) {
    const { body } = await world.submit('/v3/aml/monitoring')
    await world.emulator.advance(10_000)
    return world.get(`/v3/aml/monitoring/${body.job_id}/news/ref?news_category=other`)
  },
  'POST /v3/replay/{job_id} invalidJobId': (world) => world.submit('/v3/replay/123', []),
  'POST /v3/replay/{job_id} jobNotFound': (world, path) => world.submit(fill(path), []),
  async 'POST /v3/replay/{job_id} noCallbackUrl'(world) {
    const path = '/v3/enhanced_kyc/sync'
    const { body } = await world.submit(path, changed(path, { callback_url: undefined }))
    return world.submit(`/v3/replay/${body.job_id}`, [])
  },
  async 'POST /v3/replay/{job_id} 409 example'(world) {
    const { body } = await world.submit('/v3/enhanced_kyc')
    return world.submit(`/v3/replay/${body.job_id}`, [])
  },
  'POST /v3/users/{user_id}/report_fraud missingReason': fraud({ reason: undefined }),
  'POST /v3/users/{user_id}/report_fraud invalidReason': fraud({ reason: 'REVENGE' }),
  'POST /v3/users/{user_id}/report_fraud missingNotesOnUnblock': fraud({
    is_fraud: 'false',
    reason: undefined,
  }),
  'POST /v3/users/{user_id}/report_fraud missingNotesOnOther': fraud({ reason: 'OTHER' }),
  'POST /v3/users/{user_id}/report_fraud notesTooLong': fraud({ notes: 'x'.repeat(501) }),
  'POST /v3/users/{user_id}/report_fraud invalidEmail': fraud({ reported_by: 'team' }),
  'POST /v3/users/{user_id}/report_fraud 404 example': (world, path) => world.submit(fill(path), FRAUD),
  'GET /v3/services/supported_documents 400 example': get('?country_code=Nigeria'),
  'GET /v3/services/id_status missingCountry': get('?id_type=NIN'),
  'GET /v3/services/id_status invalidCountry': get('?country=Atlantis&id_type=NIN'),
  'GET /v3/services/id_status invalidIdType': get('?country=Nigeria&id_type=SSNIT'),
  async 'POST /v3/smile_links 409 example'(world, path) {
    const parts = changed(path, { is_single_use: 'true', user_id: 'user-1' })
    await world.submit(path, parts)
    return world.submit(path, parts)
  },
  'GET /v3/smile_links/{refId} 400 example': at('/v3/smile_links/1'),
  'GET /v3/smile_links/{refId} 404 example': get(''),
  'POST /v3/token missingHeader': (world) =>
    world.send('/v3/token', { method: 'POST', headers: { 'smileid-api-key': 'x' } }),
  'POST /v3/token partialConsent': (world) => world.askToken([['payload', { consent: { granted: true } }]]),
  'POST /v3/token 401 example': (world) =>
    world.send('/v3/token', {
      method: 'POST',
      headers: { 'smileid-partner-id': '85', 'smileid-api-key': 'x' },
    }),
  'GET /v3/status/{jobId} 400 example': at('/v3/status/1'),
  'GET /v3/status/{jobId} 404 example': get(''),
  'POST /v3/enhanced_kyc/sync 413 example': tooLarge(10 * 1024 * 1024),
  'POST /v3/enhanced_kyc 429 example': limited,
  'POST /v3/enhanced_kyc/sync 429 example': limited,
  'POST /v3/biometric_kyc 429 example': limited,
  'POST /v3/enhanced_kyc/sync 424 example': withDetails({
    given_names: 'Ngozi Ifeoma',
    last_name: 'Downsworth',
    email: 'ngozi.downsworth@example.com',
  }),
  'POST /v3/aml/sync 408 example': withDetails({
    given_names: 'Ngozi',
    last_name: 'Ifeoma',
    email: 'ngozi.ifeoma@example.com',
  }),
  'POST /v3/enhanced_kyc/sync endpointFailure'(world, path) {
    world.emulator.v3.endNext({ status: 'error', reason: 'internal_error' })
    return world.submit(path)
  },
}
const BY_STATUS: Readonly<Record<number, Produce>> = {
  401: unauthorized,
  413: tooLarge(4_718_592),
  415: asJson,
}

const keyOf = ({ operation, status, name }: DocumentedError): string =>
  `${operation} ${name === 'example' ? `${status} ${name}` : name}`

function produceOf(error: DocumentedError): Produce | undefined {
  const special = SPECIAL[keyOf(error)]
  if (special) return special
  if (error.name === 'example') return BY_STATUS[error.status]
  return MISSING_PART[error.name] ?? WRONG_PART[error.name]
}

const deserved = errors.filter((error) => produceOf(error) !== undefined)
const byFault = errors.filter((error) => produceOf(error) === undefined)

test.each(deserved)('$operation deserves $status $name', async (error) => {
  const world = startV3({ v3: { idNumberLimit: 2 } })
  const [, path = ''] = error.operation.split(' ')
  const { status, body, headers } = await produceOf(error)!(world, path)
  const expected = { ...error.body }
  if (expected.status === 'not_found') expected.created_at = '2026-01-01T00:00:00.000Z'
  expect({ status, body }).toEqual({ status: error.status, body: expected })
  expect(headers.get('content-type')).toBe('application/json')
})

test.each(byFault)('$operation answers $status $name where a fault wants it', async (error) => {
  const world = startV3()
  const [, path = ''] = error.operation.split(' ')
  const message = String(error.body.message ?? error.body.error)
  world.emulator.addFault({ times: 1, after: 1, fault: { kind: 'status', status: error.status, message } })
  const { status, body } = error.operation.startsWith('GET')
    ? await world.get(fill(path))
    : await world.submit(fill(path), bodyOf(path))
  expect({ status, body }).toEqual({ status: error.status, body: error.body })
})

/** What no request deserves: what depends on the partner's account, or on what is broken. */
test('faults are needed for accounts, credit and breakdowns alone', () => {
  const kinds = new Set(
    byFault.map(({ status, name }) => (name === 'example' ? `${status}` : `${status} ${name}`)),
  )
  expect([...kinds].sort()).toEqual([
    '400 noData',
    '400 unknownProduct',
    '402',
    '403',
    '403 ipNotAllowed',
    '403 productAccess',
    '403 productNotEnabled',
    '403 productionAccess',
    '403 sdkVersion',
    '404 referenceNotFound',
    '408',
    '429',
    '500',
    '500 integrationFailure',
    '502',
    '503',
  ])
})

test('a boundary that is not there, or a body that breaks off, is no form', async () => {
  const world = startV3()
  const headers = await world.token()
  const { bytes, type } = multipart(GOOD['/v3/enhanced_kyc']!)
  const send = (contentType: string, body: Uint8Array<ArrayBuffer>) =>
    world.emulator.fetch(`${SANDBOX}/v3/enhanced_kyc`, {
      method: 'POST',
      body,
      headers: { ...headers, 'content-type': contentType },
    })
  expect((await send('multipart/form-data', bytes)).status).toBe(415)
  expect((await send(type, bytes.slice(0, -10))).status).toBe(400)
  expect((await send(type.replace('tests', 'others'), bytes)).status).toBe(400)
  expect((await send(type, bytes)).status).toBe(202)
})
