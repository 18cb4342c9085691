/**
 * Who signs: a client, or bare credentials. The one place where credentials are read and browsers guarded.
 */
import type { InputIssue } from '../errors/codes.ts'
import { issue, throwIfAny, wrongType } from '../errors/issues.ts'
import { attempt, isArray } from '../platform/realms.ts'
import { isBrowserWindow } from '../platform/runtime.ts'
import type { Environment } from '../wire/endpoints.ts'
import { hmacSigner, type Signer } from './hmac.ts'

export interface Credentials {
  /** Text, since leading zeros count: `'085'`. */
  partnerId: string
  /** While rotating, several: the first signs, all verify callbacks. */
  apiKey: string | readonly [current: string, ...previous: string[]]
}

/**
 * Frozen. The key sits in a non-enumerable member, so a spread copy is refused (with a hint). Cheap enough to
 * make per request.
 */
export interface Client {
  readonly partnerId: string
  readonly environment: Environment
  /** The API's root, without version. */
  readonly baseUrl: string
  readonly '~smileid': 'client'
}

export interface Identity extends Signer {
  /** How many of the keys verify callbacks now. */
  readonly usable: number
  now(): number
}

/**
 * What a client carries out of sight. Registered, so that the ESM and CJS copies understand each other's
 * clients.
 */
export const INTERNALS = /* @__PURE__ */ Symbol.for('smileid')

interface KnownCredentials {
  partnerId: unknown
  apiKey: unknown
  identity: Identity
}

// The last ones, so that their keys are imported once, also where a new literal is passed each time. A list
// of keys is read once: change it by a new list.
let last: KnownCredentials | undefined

/**
 * A client's identity, or that of bare credentials.
 *
 * @throws {SmileIdInputError} `invalid_input`: partner id or key are missing or not trimmed, or this is a
 * browser.
 */
export function identityOf(credentials: any): Identity {
  const known = hiddenIn(credentials)
  if (known) return known
  const { partnerId, apiKey } = readCredentials(credentials)
  if (last && last.apiKey === apiKey && last.partnerId === partnerId) return last.identity
  const keys = keysIn(apiKey)
  throwIfAny(credentialIssues({ partnerId, keys, isBrowser: isBrowserWindow() }))
  const identity = { ...hmacSigner({ partnerId, keys }), usable: keys.length, now: Date.now }
  last = { partnerId, apiKey, identity }
  return identity
}

/** What a client carries out of sight; `undefined` for what is none. */
export function hiddenIn(client: any): Identity | undefined {
  const identity = attempt(() => client?.[INTERNALS]?.())
  return attempt(() => typeof identity.sign === 'function') ? identity : undefined
}

/** Bare credentials as they are now; without those that cannot be read. */
export function readCredentials(credentials: any): { partnerId?: any; apiKey?: any } {
  return attempt(() => ({ partnerId: credentials.partnerId, apiKey: credentials.apiKey })) ?? {}
}

/** More are no rotation, and a list may be as long as it says. */
const MAX_KEYS = 100

/** Read once; what cannot be read is no key. */
export function keysIn(apiKey: any): string[] {
  const count = isArray(apiKey) ? (attempt(() => apiKey.length) ?? 0) : 0
  if (count === 0 || count > MAX_KEYS) return [apiKey]
  return Array.from({ length: count }, (_, index) => attempt(() => apiKey[index]))
}

/** A spread copy of a client has no key, so it is refused here, too. */
export function credentialIssues(given: {
  partnerId: unknown
  keys: readonly unknown[]
  isBrowser: boolean
}): InputIssue[] {
  const issues: InputIssue[] = []
  if (!isTrimmedText(given.partnerId)) issues.push(wrongType('partnerId', 'must be trimmed text'))
  for (const key of given.keys) {
    if (!isKeyText(key)) issues.push(wrongType('apiKey', 'must be trimmed text'))
  }
  if (given.isBrowser) issues.push(issue('apiKey', 'not_allowed', 'is public in a browser'))
  return issues
}

/** White space at an end is a slip that changes what is signed; a PEM ends with a line break by nature. */
function isKeyText(value: unknown): boolean {
  return isTrimmedText(value) || (typeof value === 'string' && value.includes('-----BEGIN '))
}

function isTrimmedText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.trim() === value
}
