/** What is known of the operations, beside what the API reference says of them. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as operations from '../../../src/v3/wire/operations'
import { refusalOf } from '../../../src/v3/http/refusal'
import type { V3Endpoint } from '../../../src/v3/wire/operations'

interface Documented {
  method: string
  path: string
  auth: string
  errors: number[]
}

const vectors = new URL('../../vectors/v3/operations.json', import.meta.url)
const documented = (JSON.parse(readFileSync(vectors, 'utf8')) as { operations: Documented[] }).operations
const endpoints = Object.values(operations) as V3Endpoint[]

/** Names of parameters differ in spelling. */
const nameless = (method: string, path: string) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`
function nameOf({ operation, path, method }: V3Endpoint): string {
  return nameless(method ?? 'POST', path ?? `/${operation}`)
}

it('are the 24 that are documented, with their methods, paths and need of a token', () => {
  expect(documented).toHaveLength(24)
  expect(endpoints.map(nameOf).sort()).toEqual(
    documented.map(({ method, path }) => nameless(method, path)).sort(),
  )
  const open = documented
    .filter(({ auth }) => auth === 'none')
    .map(({ method, path }) => nameless(method, path))
  expect(
    endpoints
      .filter(({ isPublic }) => isPublic)
      .map(nameOf)
      .sort(),
  ).toEqual(open.sort())
})

it('are repeatable where they read, make a token, or screen under a key', () => {
  const repeatable = endpoints.filter(({ isRepeatable }) => isRepeatable)
  expect(
    repeatable
      .filter(({ method }) => method !== 'GET')
      .map(({ operation }) => operation)
      .sort(),
  ).toEqual(['v3/aml/sync', 'v3/token'])
  expect(endpoints.filter(({ method, isRepeatable }) => method === 'GET' && !isRepeatable)).toEqual([])
})

/** As the contract has them; the rest goes by the status alone. */
const OWN: Record<string, Record<number, string>> = {
  'v3/enhanced_kyc': { 429: 'id_number_blocked' },
  'v3/enhanced_kyc/sync': { 408: 'provider_timeout', 424: 'authority_unavailable', 429: 'id_number_blocked' },
  'v3/biometric_kyc': { 429: 'id_number_blocked' },
  'v3/aml': { 404: 'user_not_found' },
  'v3/aml/sync': { 404: 'user_not_found', 408: 'provider_timeout' },
  'v3/aml/monitoring': { 404: 'user_not_found' },
  'v3/aml/monitoring/news': { 404: 'news_not_found' },
  'v3/status': { 404: 'job_not_found' },
  'v3/replay': { 404: 'job_not_found', 409: 'job_running' },
  'v3/users/report_fraud': { 404: 'user_not_found' },
  'v3/smile_links': { 404: 'link_not_found', 409: 'link_user_taken' },
}
const COMMON: Record<number, string> = {
  400: 'invalid_request',
  401: 'unauthorized',
  402: 'payment_required',
  403: 'forbidden',
  413: 'too_large',
  415: 'invalid_request',
  429: 'rate_limited',
  500: 'server_error',
  502: 'server_error',
  503: 'server_error',
  504: 'server_error',
}

it.each(
  documented.flatMap(({ method, path, errors }) => errors.map((status) => [nameless(method, path), status])),
)('%s %i has its code', (name, status) => {
  const endpoint = endpoints.find((one) => nameOf(one) === name)!
  const { operation } = endpoint
  const response = new Response('{}', { status: Number(status) })
  const { facts } = refusalOf(endpoint, {
    response,
    facts: { operation, attempts: 1 },
    repeatable: false,
    now: 0,
  })
  expect(facts.code).toBe(OWN[operation]?.[Number(status)] ?? COMMON[Number(status)])
  const mayHaveActed =
    Number(status) >= 500 || status === 424 || (status === 408 && operation !== 'v3/aml/sync')
  expect(facts.outcome).toBe(mayHaveActed ? 'unknown' : 'rejected')
})
