import type { Environment } from '../wire/endpoints.ts'
import { hmacSigner, type Signer } from './hmac.ts'
import { inputError } from '../errors/issues.ts'
import type { InputIssue } from '../errors/codes.ts'

export interface Credentials {
  /** Text, since leading zeros count: `'085'`. */
  partnerId: string
  /** While rotating, several: the first signs, all verify callbacks. */
  apiKey: string | readonly [current: string, ...previous: string[]]
}

export interface Identity extends Signer {
  /** How many of the keys verify callbacks now. */
  readonly usable: number
  now(): number
}

interface Known extends Identity {
  partnerId: unknown
  apiKey: unknown
}

/**
 * What a client carries out of sight. Registered, so that the ESM and CJS copies understand each other's
 * clients.
 */
export const CORE = /* @__PURE__ */ Symbol.for('smileid')

// The last one, so that its keys are imported once, also where a new literal is passed each time. A list of
// keys is read once: change it by a new list.
let last: Known | undefined

/** A client's identity, or that of bare credentials. */
export function identityOf(credentials: any): Identity {
  if (credentials?.[CORE]) return credentials[CORE]()
  const { partnerId, apiKey } = credentials || {}
  if (last && last.apiKey === apiKey && last.partnerId === partnerId) return last
  const texts: string[] = [partnerId, apiKey?.[0] && apiKey].flat()
  const issues = credentialIssues(texts)
  if (issues[0]) throw inputError(issues)
  last = { partnerId, apiKey, usable: texts.length - 1, now: Date.now, ...hmacSigner(texts) }
  return last
}

/** A spread copy of a client has no key, so it is refused here, too. */
export function credentialIssues(
  texts: unknown[],
  guarded = !!(globalThis as { document?: unknown }).document,
): InputIssue[] {
  return [
    ...texts.flatMap((value: any, index): InputIssue[] =>
      value && value.trim?.() === value
        ? []
        : [{ path: index ? 'apiKey' : 'partnerId', code: 'wrong_type', message: 'must be trimmed text' }],
    ),
    ...(guarded ? [{ path: 'apiKey', code: 'not_allowed', message: 'is public in a browser' } as const] : []),
  ]
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
