/**
 * Enrolment of an existing user's photo: `POST /v1/backfill_users`.
 *
 * @module
 */
import { jsonBody } from './internal/body.ts'
import { confirmResult } from './internal/call.ts'
import { type Client, coreOf, type RequestOptions } from './internal/core.ts'
import { send } from './internal/http.ts'
import type { InputIssue } from './internal/errors.ts'
import { inputError } from './internal/input-error.ts'
import { optionIssues, type Rule, UNKNOWN } from './internal/options.ts'
import type { BackfillResult } from './internal/replies.ts'
import { confirmReply } from './internal/signed-reply.ts'
import { BACKFILL_USERS } from './internal/tables.ts'
import { photoOrIssues, type PhotoSource } from './internal/photo.ts'

export type { BackfillResult } from './internal/replies.ts'

export interface BackfillInput {
  /** Used once, for ever: the same id cannot be enrolled again. */
  user_id: string
  /**
   * When the photo was taken or the account made. A Date goes out as `yyyy-mm-dd hh:mm:ss+0000`; text must be a date
   * (`2021-08-12`) or a date with time and zone (`2021-05-18 15:14:43-0700`, ISO 8601) and travels unchanged.
   */
  user_created_at: Date | string
  photo: PhotoSource
}

// 2021-08-12, 2021-05-18 15:14:43-0700, 2021-05-18T15:14:43.000Z
const DATE = /^(\d{4}-\d\d-\d\d)([T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)? ?(Z|[+-]\d\d:?[0-5]\d))?$/

const RULES: Readonly<Record<string, Rule>> = {
  user_id: [(id) => typeof id === 'string' && id && id === id.trim() && !/[\x00-\x1f\x7f]/.test(id), 'must be trimmed text without control characters'],
  user_created_at: [
    (date) => date instanceof Date ? date.getTime() < Infinity : typeof date === 'string' && isDay(DATE.exec(date)?.[1]),
    'must be a Date or text such as 2021-08-12 or 2021-05-18 15:14:43-0700',
  ],
}

function inputIssues(input: BackfillInput): InputIssue[] {
  if (typeof input !== 'object' || input === null) return [{ path: 'input', code: 'wrong_type', message: 'must be an object' }]
  return [
    ...Object.entries(RULES).flatMap(([path, [test, message]]): InputIssue[] => {
      const value: unknown = input[path as 'user_id']
      if (value === undefined) return [{ path, code: 'missing', message: 'is missing' }]
      return test(value) ? [] : [{ path, code: typeof value === 'string' ? 'wrong_format' : 'wrong_type', message }]
    }),
    // The photo is read apart from the rest, since it may be large, lazy or a stream.
    ...Object.keys(input).filter((path) => path !== 'photo' && !Object.hasOwn(RULES, path)).map((path): InputIssue => ({ path, ...UNKNOWN })),
  ]
}

// Date rolls the 31st of February over: what does not come back as it went in is no day.
const isDay = (day: string | undefined): boolean => day !== undefined && new Date(day).toJSON()?.slice(0, 10) === day

/** A reply is some 1.5 kB. */
const MAX_REPLY_BYTES = 1_048_576

/**
 * Enrols one existing user's photo, and checks the reply's signature.
 *
 * Resolves for every signed reply, also for a processed refusal: `interpretResult` of smileid-edge/result tells them apart, and why. The server makes the job id: `reply.PartnerParams.job_id`. A call can burn a `user_id`, so it is repeated only when it is
 * certain that the server did nothing.
 *
 * Rejects with `invalid_input` (every problem listed, nothing sent), `user_exists` (2209), other codes of the API, `network_error`,
 * `request_timeout`, `signature_missing` or `signature_mismatch`; where `outcome` is `'unknown'`, the user may be enrolled.
 *
 * @see https://github.com/smileidentity/Image-enroll
 *
 * @example
 * ```ts
 * import { backfillUser } from 'smileid-edge/backfill'
 * import { createClient } from 'smileid-edge/client'
 * import { isSmileIdError } from 'smileid-edge/errors'
 * import { interpretResult } from 'smileid-edge/result'
 *
 * const client = createClient({ partnerId: '085', apiKey: 'your key', environment: 'sandbox' })
 *
 * export async function enrol(user_id: string, photo: Blob): Promise<string> {
 *   try {
 *     const reply = await backfillUser(client, { user_id, user_created_at: new Date(), photo })
 *     return interpretResult(reply).decision === 'approved' ? 'enrolled' : reply.ResultText
 *   } catch (error) {
 *     if (isSmileIdError(error, 'user_exists')) return 'enrolled before'
 *     throw error
 *   }
 * }
 * ```
 */
export async function backfillUser(client: Client, input: BackfillInput, options: RequestOptions = {}): Promise<BackfillResult> {
  const core = coreOf(client)
  const issues = [...inputIssues(input), ...optionIssues(options)]
  options?.signal?.throwIfAborted?.()
  // Taken now: while the photo is read, and between attempts, the caller's object may change.
  const { user_id, user_created_at } = input ?? {}
  const created = user_created_at instanceof Date ? user_created_at.getTime() : user_created_at
  const photo = await photoOrIssues('photo', input?.photo, options?.signal)
  if ('length' in photo) issues.push(...photo)
  if (issues.length || 'length' in photo) throw inputError(issues)

  return (await send(core, {
    ...BACKFILL_USERS,
    maxReplyBytes: MAX_REPLY_BYTES,
    async body(life) {
      const timestamp = new Date(core.now()).toISOString()
      const date = typeof created === 'number' ? new Date(created).toISOString().replace('T', ' ').replace(/\.\d+Z$/, '+0000') : created
      return jsonBody({ partner_id: core.client.partnerId, timestamp, signature: await core.sign(timestamp), user_id, user_created_at: date }, 'photo', photo.bytes, life)
    },
    async check(reply, facts) {
      await confirmReply(core, reply, facts)
      confirmResult(reply, facts, { user_id })
    },
  }, options)) as unknown as BackfillResult
}
