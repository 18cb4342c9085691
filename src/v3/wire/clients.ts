/** Who calls v3: a client with a key, or one with a token; and what a token brings to a call. */
import type { Client } from '../../signature/credentials.ts'
import type { Environment } from '../../wire/endpoints.ts'
import type { TokenProduct } from './shared.ts'

/** Members that a token can carry. AML's `full_name` and `countries`, and all images, are not among them. */
export type TokenMember =
  'user_id' | 'country' | 'id_type' | 'id_number' | 'user_details' | 'callback_url' | 'consent'

/**
 * What a token says of itself, with all other claims. Values of what it carries are opaque references.
 */
export interface TokenClaims {
  partner_id?: string
  user_id?: string
  product?: TokenProduct
  /** Milliseconds since 1970. Compared with the local clock only to fail early. */
  expiresAt?: number
  /**
   * What calls do without, since the token carries it whole: consent with its four members, names with a
   * contact. The service ignores what is sent beside it.
   */
  provides: readonly TokenMember[]
  [claim: string]: unknown
}

/**
 * Holds a token instead of a key: for browsers and apps, where `dangerouslyAllowBrowser` is not needed.
 * Cannot renew its token, make others, or verify callbacks.
 */
export interface TokenClient {
  readonly environment: Environment
  /** The API's root, without version. */
  readonly baseUrl: string
  /** Read from the token, not verified. */
  readonly claims: TokenClaims
  readonly '~smileid': 'token-client'
}

export type V3Client = Client | TokenClient

/**
 * The input of a call: with a token client, what a token can carry is optional; at run time, what neither has
 * is `invalid_input`.
 */
export type InputFor<C extends V3Client, I> = C extends TokenClient ? Loose<I> : I

type Loose<I> = I extends unknown
  ? Omit<I, TokenMember> & { [name in Extract<keyof I, TokenMember>]?: I[name] | undefined }
  : never
