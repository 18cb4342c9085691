/** Which address of v3 does what. */
import { addressRules } from './address.ts'
import { amlNews } from './aml-news.ts'
import { amlMonitoring, amlSync, ONE_TIME_AML } from './aml.ts'
import { answer } from './answers.ts'
import {
  BIOMETRIC_KYC,
  DOCUMENT_VERIFICATION,
  ENHANCED_DOCUMENT_VERIFICATION,
  RESIDENCY_DOCUMENT_VERIFICATION,
} from './documents.ts'
import { ENHANCED_KYC, enhancedKycSync } from './enhanced-kyc.ts'
import type { V3Endpoint } from './model.ts'
import type { V3Operation } from '../../wire/v3-operations.ts'
import { replay } from './replay.ts'
import { reportFraud } from './report-fraud.ts'
import { bankCodes, config, idStatus, supportedDocuments, supportedIdTypes } from './services.ts'
import { createSmileLink, getSmileLink } from './smile-links.ts'
import { AUTHENTICATION, COMPARE, REGISTRATION } from './smart-selfie.ts'
import { status } from './status.ts'
import type { SubmissionRules } from './submission.ts'
import { submit, submitImages } from './submit.ts'
import { token } from './token-endpoint.ts'

export interface V3Route {
  operation: V3Operation
  method: 'GET' | 'POST'
  /** With its members in braces. */
  path: string
  endpoint: V3Endpoint
  /** Who may call it. @default 'token' */
  access?: 'token' | 'key' | 'anybody'
  /** The products that a token for it can have; absent for what belongs to none. */
  products?: readonly string[]
  /** Whether its body may be left out. @default false */
  isBodyOptional?: boolean
}

const ROUTES: readonly V3Route[] = [
  {
    operation: 'v3/token',
    method: 'POST',
    path: '/v3/token',
    endpoint: token,
    access: 'key',
    isBodyOptional: true,
  },
  {
    operation: 'v3/enhanced_kyc',
    method: 'POST',
    path: '/v3/enhanced_kyc',
    endpoint: (state, call) => submit(state, call, ENHANCED_KYC),
    products: ['enhanced_kyc'],
  },
  {
    operation: 'v3/enhanced_kyc/sync',
    method: 'POST',
    path: '/v3/enhanced_kyc/sync',
    endpoint: enhancedKycSync,
    products: ['enhanced_kyc'],
  },
  withImages('v3/biometric_kyc', BIOMETRIC_KYC),
  withImages('v3/document_verification', DOCUMENT_VERIFICATION),
  withImages('v3/enhanced_document_verification', ENHANCED_DOCUMENT_VERIFICATION),
  withImages('v3/residency_document_verification', RESIDENCY_DOCUMENT_VERIFICATION),
  withImages('v3/registration', REGISTRATION),
  withImages('v3/authentication', AUTHENTICATION),
  withImages('v3/compare', COMPARE),
  {
    operation: 'v3/aml',
    method: 'POST',
    path: '/v3/aml',
    endpoint: (state, call) => submit(state, call, ONE_TIME_AML),
    products: ['one_time_aml', 'aml'],
  },
  {
    operation: 'v3/aml/sync',
    method: 'POST',
    path: '/v3/aml/sync',
    endpoint: amlSync,
    products: ['one_time_aml', 'aml'],
  },
  {
    operation: 'v3/aml/monitoring',
    method: 'POST',
    path: '/v3/aml/monitoring',
    endpoint: amlMonitoring,
    products: ['aml'],
  },
  {
    operation: 'v3/aml/monitoring/news',
    method: 'GET',
    path: '/v3/aml/monitoring/{job_id}/news/{reference}',
    endpoint: amlNews,
    products: ['aml'],
  },
  {
    operation: 'v3/address',
    method: 'POST',
    path: '/v3/address',
    endpoint: (state, call) => submit(state, call, addressRules(state.choices.addressProduct)),
    products: ['address_verification'],
  },
  { operation: 'v3/status', method: 'GET', path: '/v3/status/{jobId}', endpoint: status },
  {
    operation: 'v3/replay',
    method: 'POST',
    path: '/v3/replay/{job_id}',
    endpoint: replay,
    isBodyOptional: true,
  },
  {
    operation: 'v3/users/report_fraud',
    method: 'POST',
    path: '/v3/users/{user_id}/report_fraud',
    endpoint: reportFraud,
  },
  { operation: 'v3/smile_links', method: 'POST', path: '/v3/smile_links', endpoint: createSmileLink },
  { operation: 'v3/smile_links', method: 'GET', path: '/v3/smile_links/{refId}', endpoint: getSmileLink },
  openService('v3/services/bank_codes', bankCodes),
  openService('v3/services/supported_id_types', supportedIdTypes),
  openService('v3/services/supported_documents', supportedDocuments),
  { operation: 'v3/services/id_status', method: 'GET', path: '/v3/services/id_status', endpoint: idStatus },
  { operation: 'v3/other', method: 'GET', path: '/v3/services/config', endpoint: config },
]

/** A product whose path is its operation. */
function withImages(operation: V3Operation, rules: SubmissionRules): V3Route {
  return {
    operation,
    method: 'POST',
    path: `/${operation}`,
    endpoint: (state, call) => submitImages(state, call, rules),
    // Tokens have no product for residency.
    products: rules === RESIDENCY_DOCUMENT_VERIFICATION ? [] : [rules.product],
  }
}

function openService(operation: V3Operation, endpoint: V3Endpoint): V3Route {
  return { operation, method: 'GET', path: `/${operation}`, endpoint, access: 'anybody' }
}

/** Where nothing is, whoever asks. */
const UNKNOWN: V3Endpoint = () =>
  answer(404, { status: 'not_found', message: 'no such endpoint', job_id: null, user_id: null })

export interface FoundRoute {
  route: V3Route
  /** The members of the path, decoded. */
  path: Record<string, string>
}

export function findV3Route(method: string, pathname: string): FoundRoute {
  for (const route of ROUTES) {
    const path = route.method === method ? pathMembers(route.path, pathname) : undefined
    if (path) return { route, path }
  }
  const route: V3Route = {
    operation: 'v3/other',
    method: 'GET',
    path: pathname,
    endpoint: UNKNOWN,
    access: 'anybody',
    isBodyOptional: true,
  }
  return { route, path: {} }
}

/** What stands in the place of the members in braces; `undefined` for another path. */
function pathMembers(pattern: string, pathname: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = pathname.split('/')
  if (wanted.length !== given.length) return undefined
  const members: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? []
    const text = decoded(given[index]!)
    if (text === undefined) return undefined
    if (name === undefined && text !== part) return undefined
    if (name !== undefined) members[name] = text
  }
  return members
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
