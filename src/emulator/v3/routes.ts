/** Which address of v3 does what. */
import { answer } from './answers.ts'
import { ENHANCED_KYC, enhancedKycSync } from './enhanced-kyc.ts'
import type { V3Endpoint } from './model.ts'
import type { V3Operation } from './operations.ts'
import { status } from './status.ts'
import { submit } from './submit.ts'
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
  { operation: 'v3/status', method: 'GET', path: '/v3/status/{jobId}', endpoint: status },
]

/** Where nothing is; answered after the token was looked at, as everywhere. */
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
