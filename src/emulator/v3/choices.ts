/** What the emulator does where the behaviour of v3 is unknown. */
import { withoutUndefined } from '../../input/objects.ts'

/** Where the real behaviour of v3 is unknown. */
export interface V3Choices {
  /** How long a token lives, in milliseconds. @default 900_000 */
  tokenLifetimeMs?: number | undefined
  /** Which endpoints take a token of another product. @default 'any' but smile_links, which take none */
  productTokens?: 'any' | 'own' | undefined
  /** The claims that issued tokens have. @default 'portal' */
  tokenClaims?: 'portal' | 'documented' | undefined
  /** The body of a 401; that of `enhanced_kyc/sync` is the gateway's. @default 'endpoint' */
  unauthorizedShape?: 'endpoint' | 'gateway' | undefined
  /** A sandbox name that is none of the published: 400, or a verdict. @default 'refuse', as seen live */
  unknownIdentity?: 'refuse' | 'block' | 'error' | undefined
  /** Whether an identity that is bound to the token is recognised. @default false, as seen live */
  boundIdentityMatches?: boolean | undefined
  /** The reason for a user whose account is locked. @default 'account_locked_fraud' */
  lockedReason?: 'account_locked' | 'account_locked_fraud' | undefined
  /** How many liveness images there may be; live, one was accepted. @default [6, 8] */
  livenessCount?: readonly [least: number, most: number] | undefined
  /** Bytes of a whole body; above 10 MB the gateway refuses. @default 4_718_592 */
  maxBodyBytes?: number | undefined
  /** How a registration of an enrolled user fails. @default 'callback' */
  enrolledAgain?: 'callback' | 'refuse' | undefined
  /** An authentication of a user that is not enrolled, in the sandbox. @default 'clear', as seen live */
  authenticationOfUnknown?: 'clear' | 'callback' | 'refuse' | undefined
  /** Whether users enrolled by v1 (backfill included) are those of v3. @default true */
  sharedUsers?: boolean | undefined
  /** A key that comes again with another body. @default 'first' */
  reusedKey?: 'first' | 'refuse' | undefined
  /** The same key after a 408. @default 'same_error' */
  keyAfterTimeout?: 'same_error' | 'screen_again' | undefined
  /** Where callbacks carry their ids. @default 'headers_and_params' */
  callbackIds?: 'headers_and_params' | 'headers_and_body' | 'body' | undefined
  /** Which form of the partner id callbacks are signed with. @default 'stripped' */
  signedPartnerId?: 'stripped' | 'padded' | undefined
  /** Milliseconds before each repeat of a callback. @default [60_000, 300_000, 900_000] */
  callbackRetriesMs?: readonly number[] | undefined
  /** Whether a `processing` callback comes first. @default false */
  interimCallback?: boolean | undefined
  /** The product of an address verification's callback. @default 'address_verification' */
  addressProduct?: string | undefined
  /** The member of a person that carries its reference in a monitoring result. @default 'reference' */
  monitoringReference?: string | undefined
  /** What `/v3/status` says of an AML job that timed out, or of one that monitors. @default 'verdict' */
  monitoringStatus?: 'verdict' | 'processing' | undefined
  /** `retry-after` of a 429, in seconds. @default none */
  retryAfterS?: number | undefined
  /** Lookups per ID number before 429. @default Infinity */
  idNumberLimit?: number | undefined
  /** Whether a missing `SmileID-Partner-ID` is refused on residency. @default true */
  residencyNeedsPartnerId?: boolean | undefined
  /** Milliseconds until `/v3/status` knows a job that was just made. @default 0 */
  statusDelayMs?: number | undefined
}

/** All choices made; of what has no default, nothing. */
export type V3Settings = Omit<Required<WithoutUndefinedOf<V3Choices>>, 'retryAfterS'> &
  Pick<V3Choices, 'retryAfterS'>

type WithoutUndefinedOf<T> = { [name in keyof T]: Exclude<T[name], undefined> }

const DEFAULTS: V3Settings = {
  tokenLifetimeMs: 900_000,
  productTokens: 'any',
  tokenClaims: 'portal',
  unauthorizedShape: 'endpoint',
  unknownIdentity: 'refuse',
  boundIdentityMatches: false,
  lockedReason: 'account_locked_fraud',
  livenessCount: [6, 8],
  maxBodyBytes: 4_718_592,
  enrolledAgain: 'callback',
  authenticationOfUnknown: 'clear',
  sharedUsers: true,
  reusedKey: 'first',
  keyAfterTimeout: 'same_error',
  callbackIds: 'headers_and_params',
  signedPartnerId: 'stripped',
  callbackRetriesMs: [60_000, 300_000, 900_000],
  interimCallback: false,
  addressProduct: 'address_verification',
  monitoringReference: 'reference',
  monitoringStatus: 'verdict',
  idNumberLimit: Infinity,
  residencyNeedsPartnerId: true,
  statusDelayMs: 0,
}

/** What was chosen, and the default where nothing was. */
export function withV3Defaults(given: V3Choices = {}): V3Settings {
  return { ...DEFAULTS, ...withoutUndefined(given) } as V3Settings
}
