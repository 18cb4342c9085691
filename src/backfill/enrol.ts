/** The call that enrols one user, which `backfillUser` and bulk runs share. */
import type { ClientInternals, RequestOptions } from '../client/internals.ts'
import { jsonBody } from '../http/body.ts'
import { isResultOf } from '../http/post.ts'
import { send } from '../http/send.ts'
import { verifyReply } from '../http/signed-reply.ts'
import { signedFields } from '../http/signed-request.ts'
import type { Photo } from '../photo/read.ts'
import type { BackfillResult } from '../wire/replies.ts'

/** What is sent: checked, and not to be changed by the caller any more. */
export interface CheckedInput {
  user_id: string
  /** As on the wire. */
  user_created_at: string
  photo: Photo
}

/** Where a reply has some 1.5 kB. */
const MAX_REPLY_BYTES = 1_048_576

/** The service's reply, its signature checked. `onSend` hears when a request goes out. */
export function enrol(
  internals: ClientInternals,
  { user_id, user_created_at, photo }: CheckedInput,
  options: RequestOptions & { onSend?: () => void },
): Promise<BackfillResult> {
  const { onSend, ...requestOptions } = options
  const { partnerId } = internals.client
  const reply: Promise<object> = send(
    internals,
    {
      operation: 'backfill_users',
      maxReplyBytes: MAX_REPLY_BYTES,
      async body(attempt) {
        const fields = {
          partner_id: partnerId,
          ...(await signedFields(internals, attempt)),
          user_id,
          user_created_at,
        }
        return jsonBody(fields, { name: 'photo', bytes: photo.bytes }, attempt)
      },
      verify: (received, facts) => verifyReply(internals, received, facts),
      isValid: (received) => isResultOf({ user_id }, received),
      ...(onSend && { onSend }),
    },
    requestOptions,
  )
  return reply as Promise<BackfillResult>
}
