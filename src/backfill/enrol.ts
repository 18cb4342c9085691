/**
 * The enrolment of one user: the checks of its input and the call, which `backfillUser` and bulk runs share.
 */
import { jsonBody } from '../http/body.ts'
import { isResultOf } from '../http/post.ts'
import type { ClientInternals, RequestOptions } from '../client/internals.ts'
import { send } from '../http/send.ts'
import { issue, missing, wrongType } from '../errors/issues.ts'
import { type Rule, unknownMember } from '../input/rules.ts'
import type { Photo, PhotoSource } from '../photo/read.ts'
import type { BackfillResult } from '../wire/replies.ts'
import { signedFields } from '../http/signed-request.ts'
import { confirmReply } from '../http/signed-reply.ts'
import type { InputIssue } from '../errors/codes.ts'

export interface BackfillInput {
  /** Used once, for ever: the same id cannot be enrolled again. */
  user_id: string
  /**
   * When the photo was taken or the account made. A Date goes out as `yyyy-mm-dd hh:mm:ss+0000`; text must be
   * a date (`2021-08-12`) or a date with time and zone (`2021-05-18 15:14:43-0700`, ISO 8601) and travels
   * unchanged.
   */
  user_created_at: Date | string
  photo: PhotoSource
}

/** What is sent: checked, and not to be changed by the caller any more. */
export interface CheckedInput {
  user_id: string
  /** As on the wire. */
  user_created_at: string
  photo: Photo
}

const RULES: Readonly<Record<string, Rule>> = {
  user_id: [
    (id) => typeof id === 'string' && id && id === id.trim() && !/[\x00-\x1f\x7f]/.test(id),
    'must be trimmed text without control characters',
  ],
  user_created_at: [
    (date) => (date instanceof Date ? date.getTime() < Infinity : typeof date === 'string' && isDate(date)),
    'must be a Date or text such as 2021-08-12 or 2021-05-18 15:14:43-0700',
  ],
}

/**
 * What is wrong with the input but for its photo, which is read apart from the rest, since it may be large,
 * lazy or a stream.
 */
export function inputIssues(input: BackfillInput): InputIssue[] {
  return [
    ...rowIssues(input),
    ...(typeof input === 'object'
      ? Object.keys(input ?? {})
          .filter((path) => path !== 'photo' && !Object.hasOwn(RULES, path))
          .map(unknownMember)
      : []),
  ]
}

/** The same for rows, which may have further columns. */
export function rowIssues(row: BackfillInput): InputIssue[] {
  if (typeof row !== 'object' || row === null) return [wrongType('input', 'must be an object')]
  const issues: InputIssue[] = []
  for (const path in RULES) {
    const value: unknown = row[path as 'user_id']
    const [test, message] = RULES[path]!
    if (value === undefined) issues.push(missing(path))
    else if (!test(value))
      issues.push(issue(path, typeof value === 'string' ? 'wrong_format' : 'wrong_type', message))
  }
  return issues
}

// 2021-08-12, 2021-05-18 15:14:43-0700, 2021-05-18T15:14:43.000Z
function isDate(text: string): boolean {
  const [, day] =
    /^(\d{4}-\d\d-\d\d)([T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)? ?(Z|[+-]\d\d:?[0-5]\d))?$/.exec(text) ??
    []
  // Date rolls the 31st of February over: what does not come back as it went in is no day.
  return day !== undefined && new Date(day).getUTCDate() === +day.slice(8)
}

/** A date that passed, as it travels. */
export function wireDate(date: Date | string): string {
  return date instanceof Date
    ? date
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, '+0000')
    : date
}

/** A reply is some 1.5 kB. */
const MAX_REPLY_BYTES = 1_048_576

/** The service's reply, its signature checked. `onSend` hears when a request goes out. */
export async function enrol(
  internals: ClientInternals,
  { user_id, user_created_at, photo }: CheckedInput,
  options: RequestOptions,
  onSend = () => {},
): Promise<BackfillResult> {
  return (await send(
    internals,
    {
      operation: 'backfill_users',
      onSend,
      maxReplyBytes: MAX_REPLY_BYTES,
      async body(life) {
        return jsonBody(
          {
            partner_id: internals.client.partnerId,
            ...(await signedFields(internals)),
            user_id,
            user_created_at,
          },
          'photo',
          photo.bytes,
          life,
        )
      },
      async check(reply, facts) {
        await confirmReply(internals, reply, facts)
        return isResultOf({ user_id }, reply)
      },
    },
    options,
  )) as unknown as BackfillResult
}
