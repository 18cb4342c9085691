/** What a client can be told for v3; the half of v3 checks it at its first call. */

/** A token in a store. */
export interface KeptToken {
  /** A credential until it expires. */
  token: string
  /** Milliseconds since 1970, by the clock of who kept it. */
  expiresAt: number
}

/**
 * Where the tokens of server calls are kept. The default is memory, per isolate, shared by all clients of one
 * partner, key and host; so clients may be made per request.
 *
 * One fetch serves all callers, but in Workers, where requests cannot wait for each other: there each asks
 * until one has the answer. A store that fails, or has not answered within three seconds, is done without.
 */
export interface TokenStore {
  /** `key` is a digest: it holds neither the API key nor ids. */
  get(key: string): Promise<KeptToken | undefined>
  set(key: string, token: KeptToken): Promise<void>
  /** Called with the token that was refused, so that a newer one survives. */
  drop(key: string, token: string): Promise<void>
}

export interface V3ClientOptions {
  /** @default memory */
  tokenStore?: TokenStore | undefined
  /**
   * `'product'`: each product has a token of its own, as the vendor's SDK 13 does; `'unscoped'`: one serves
   * all. @default 'unscoped'
   */
  tokenScope?: 'unscoped' | 'product' | undefined
}
