/** What the emulator does where the behaviour of the real service is unknown. */
import { withoutUndefined } from '../input/objects.ts'

/** Where the real behaviour is unknown. */
export interface EmulatorChoices {
  /**
   * Milliseconds by which a request's timestamp may be off, be it signed or in a sec_key. @default no limit
   */
  maxSignatureAgeMs?: number | undefined
  /**
   * A photo to backfill, or of a v2 SmartSelfie call, that is no picture, cut off or too small: processed and
   * refused ('reply'), or an error. @default 'reply'
   */
  badPhoto?: 'reply' | 'error' | undefined
  /** Pixels of the shorter side under which no face is found. @default 48 */
  minFaceSide?: number | undefined
  /** Whether a processed refusal uses the user_id up. @default false */
  refusalUsesUserId?: boolean | undefined
  /** The error code for a user_id that is enrolled. @default '2209' */
  usedUserCode?: string | undefined
  /** The error code for a wrong signature, sec_key or partner. @default '2205' */
  wrongSignatureCode?: '2204' | '2205' | undefined
  /** The HTTP status for the same in the v2 SmartSelfie calls. @default 401 */
  wrongHeadersStatus?: 401 | 403 | undefined
  /**
   * Whether a job_id must be unique for its user or for its partner: the job status asks for both ids.
   * @default 'user'
   */
  jobIdScope?: 'user' | 'partner' | undefined
  /** Milliseconds for which a signed upload URL is good. @default 900_000 */
  uploadUrlLifetimeMs?: number | undefined
  /** Whether the code 2202 of a prepared upload is a text or a number: both were seen. @default 'text' */
  uploadCode?: 'text' | 'number' | undefined
  /**
   * The ResultCode of a job whose info.json does not fit its zip, its announcement or its job type. @default
   * '0903', as for a broken zip
   */
  badInfoCode?: string | undefined
  /**
   * Which of several files of one name in a zip counts, or whether such a zip is broken. Python's client
   * packs two when photos of one name lie in two folders. @default 'last', as an unpacker that overwrites
   */
  duplicateNames?: 'first' | 'last' | 'refuse' | undefined
  /**
   * A job of type 1 with the photo of a card, whose `id_info` says `entered` without a number, as Java's
   * client does: compared with the card ('card'), or refused for the number ('refuse'). @default 'card'
   */
  enteredWithoutNumber?: 'card' | 'refuse' | undefined
  /**
   * The ResultCode of an approved authentication (job type 2), which is not documented: in no table, so the
   * job's own success decides. @default '0820'
   */
  authenticatedCode?: string | undefined
  /**
   * The ResultCode of an approved update of the photo (job type 8), not documented either. @default '0820'
   */
  photoUpdatedCode?: string | undefined
  /**
   * Requests for one ID number, each within three days of the one before, until it is blocked. @default 30
   */
  idNumberLimit?: number | undefined
  /**
   * The ResultCode of a job that a reviewer refused, which is not documented: in no table, so the job's own
   * success decides. @default '1211'
   */
  reviewRejectedCode?: string | undefined
  /** The ResultCode of a screening without a hit, which is not documented. @default '1031' */
  amlClearCode?: string | undefined
  /**
   * How the status of a job without a zip is signed: as all others, or by the bare hash, with milliseconds as
   * timestamp, which was seen in the wild. @default 'hmac'
   */
  noZipSignature?: 'hmac' | 'bare_hash' | undefined
  /**
   * Where the reply to a lookup that was asked for with a sec_key carries its own: both were seen, each with
   * milliseconds; other replies have it as `signature`. @default 'sec_key'
   */
  lookupSecKeyField?: 'sec_key' | 'signature' | undefined
  /** Whether a callback carries the result itself or a job status. @default 'result' */
  callbackShape?: 'result' | 'envelope' | undefined
  /**
   * Milliseconds before each repeat of a callback that was not answered with 2xx. @default [5_000, 30_000]
   */
  callbackRetriesMs?: readonly number[] | undefined
}

/** All choices made. */
export type Choices = { [name in keyof EmulatorChoices]-?: NonNullable<EmulatorChoices[name]> }

const DEFAULTS: Choices = {
  maxSignatureAgeMs: Infinity,
  badPhoto: 'reply',
  minFaceSide: 48,
  refusalUsesUserId: false,
  usedUserCode: '2209',
  wrongSignatureCode: '2205',
  wrongHeadersStatus: 401,
  jobIdScope: 'user',
  uploadUrlLifetimeMs: 900_000,
  uploadCode: 'text',
  badInfoCode: '0903',
  duplicateNames: 'last',
  enteredWithoutNumber: 'card',
  authenticatedCode: '0820',
  photoUpdatedCode: '0820',
  idNumberLimit: 30,
  amlClearCode: '1031',
  reviewRejectedCode: '1211',
  noZipSignature: 'hmac',
  lookupSecKeyField: 'sec_key',
  callbackShape: 'result',
  callbackRetriesMs: [5_000, 30_000],
}

/** What was chosen, and the default where nothing was. */
export function withDefaults(given: EmulatorChoices = {}): Choices {
  return { ...DEFAULTS, ...withoutUndefined(given) } as Choices
}
