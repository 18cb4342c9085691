/**
 * HTTP status and Smile ID's four digits read together (the digits stay on `smileCode`).
 *
 * What stands above a code here, and its hints, are the table in playground/docs/errors.md:
 * `npm run docs:errors` writes it.
 */
export type ApiCode = V1ApiCode | V3ApiCode

export type V1ApiCode =
  /** The signature does not fit the partner, the environment or the time, or the account may not do this. */
  | 'unauthorized'
  /** The wallet is empty. */
  | 'payment_required'
  /** The account is not enabled for production. */
  | 'not_enabled'
  /** Too many requests in too short a time. */
  | 'rate_limited'
  /** This ID number was looked up too often; the block ends by itself when nobody asks. */
  | 'id_number_blocked'
  /**
   * The service finds a field missing, of a wrong type or format, or a product or job type that does not
   * exist here.
   */
  | 'invalid_request'
  /** The body is larger than the service, or a gateway before it, takes. */
  | 'too_large'
  /** The `user_id` is enrolled already. */
  | 'user_exists'
  /** No user of this `user_id` is enrolled. */
  | 'user_not_found'
  /** The user was disabled. */
  | 'user_disabled'
  /** The user was deleted, which holds for ever. */
  | 'user_deleted'
  /** The user has to finish a re-enrolment first. */
  | 'user_must_reenroll'
  /** The user is enrolled without a photo on file. */
  | 'user_has_no_photo'
  /** The `job_id` was used before, perhaps by an earlier try of yours. */
  | 'job_exists'
  /** The service knows no such job, or not yet. */
  | 'job_not_found'
  /** The store of uploads took no images: the address lapsed, or does not fit them. */
  | 'upload_refused'
  /** The service, or a gateway before it, failed; it may have acted. */
  | 'server_error'
  /**
   * What came is no reply of the service: no JSON, a redirect, another job's, without its members, or too
   * large.
   */
  | 'invalid_reply'
  /** The service said no with a code that this version does not know. */
  | 'api_error'

/** Of v3 alone. Told apart by status and operation, never by the text of a message. */
export type V3ApiCode =
  /** The account may not do this: product, ID type, production, IP, callback URL, or another user's token. */
  | 'forbidden'
  /** The ID authority said that it is down; the job exists. */
  | 'authority_unavailable'
  /** The ID authority, or the provider of screenings, did not answer in time. */
  | 'provider_timeout'
  /** The job still runs, so there is no callback yet that could be sent again. */
  | 'job_running'
  /** Another Smile Link has this `user_id`. */
  | 'link_user_taken'
  /** The service knows no such Smile Link. */
  | 'link_not_found'
  /** The service knows no such job of AML monitoring, or no such person in it. */
  | 'news_not_found'

export type SignatureCode =
  /** A reply or a callback came without timestamp and signature. */
  | 'signature_missing'
  /** The signature was made with another key. */
  | 'signature_mismatch'
  /** A callback's signature is right, and older or newer than `maxAgeMs` allows. */
  | 'signature_expired'
  /** A callback's body is no JSON object, too large, or no result of a job. */
  | 'callback_malformed'
  /** A callback's body was read before, is locked, or broke off: no fault of the sender. */
  | 'callback_unreadable'
  /** The service does not say, or not yet, what the callback says. */
  | 'callback_unconfirmed'

export type IssueCode =
  /** It is not there, and has to be. */
  | 'missing'
  /** It is of another type than it has to be. */
  | 'wrong_type'
  /** It is of the right type, and not written as it has to be. */
  | 'wrong_format'
  /** It may not stand here, or not beside the rest. */
  | 'not_allowed'
  /** It stands twice, and has to be unique. */
  | 'duplicate'
  /** It can be sent, and looks like damage that an export does: a warning, of `checkRows` alone. */
  | 'suspicious'
  /** The photo has no bytes. */
  | 'photo_empty'
  /** The photo ends before its end marker, or is overwritten from somewhere on: only part of it is there. */
  | 'photo_truncated'
  /** The photo is no JPEG or PNG, or one that decoders refuse; its name and type do not count. */
  | 'photo_format'
  /** The photo has more bytes than the limit. */
  | 'photo_too_large'

export type Outcome = 'not_sent' | 'rejected' | 'unknown'

export type SmileIdErrorCode =
  /** The call itself is wrong: `issues` lists every problem with its path. Nothing was sent. */
  | 'invalid_input'
  | ApiCode
  /** No connection, or one that broke: no reply arrived, or not all of it. */
  | 'network_error'
  /** A request, body included, or reading its photo took longer than `timeoutMs` (or `uploadTimeoutMs`). */
  | 'request_timeout'
  /** A job was not over after `maxWaitMs`. */
  | 'wait_timeout'
  | SignatureCode

/**
 * One thing wrong with an input. `path` is written as in the input: `id_info.id_number`,
 * `images.liveness[2]`.
 */
export interface InputIssue {
  path: string
  code: IssueCode
  /** Says what is wrong, never what was given. */
  message: string
}
