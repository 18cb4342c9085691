/** `POST /v1/backfill_users`: registers an existing user's photo, at once. */
import { refuseUser, usersNow } from './enrolment.ts'
import { fromBase64, isUsable } from './photo-check.ts'
import { uuid } from './random.ts'
import { type Answer, refuse, type Service } from './model.ts'
import { sha256Hex } from './signature.ts'

/** 5 MB, read as generously as it can be. */
const MAX_BYTES = 5 * 1024 * 1024
const DATE = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}:\d{2}(\.\d+)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/

const NOT_APPLICABLE = [
  'Human_Review_Compare',
  'Human_Review_Liveness_Check',
  'Human_Review_Selfie_Check',
  'Human_Review_Update_Selfie',
  'Liveness_Check',
  'Return_Personal_Info',
  'Selfie_To_ID_Authority_Compare',
  'Selfie_To_ID_Card_Compare',
  'Selfie_To_Registered_Selfie_Compare',
  'Update_Registered_Selfie_On_File',
  'Verify_ID_Number',
]

export async function backfillUsers(
  service: Service,
  partnerId: string,
  body: Record<string, unknown>,
): Promise<Answer> {
  for (const field of ['user_id', 'user_created_at', 'photo']) {
    if (body[field] === undefined || body[field] === '') return refuse('2213', `"${field}" is required`)
    if (typeof body[field] !== 'string') return refuse('2204', `"${field}" must be a string`)
  }
  const { user_id, user_created_at, photo } = body as Record<string, string>
  if (!DATE.test(user_created_at!) || Number.isNaN(Date.parse(user_created_at!.slice(0, 10))))
    return refuse('2204', '"user_created_at" must be a date')
  const bytes = fromBase64(photo!)
  if (!bytes) return refuse('2204', '"photo" must be base64 without a data URI')
  if (bytes.length > MAX_BYTES) return refuse('2204', '"photo" is larger than 5 MB')
  // Before the look at the user: between that and his enrolment nobody else may come.
  const photoSha256 = await sha256Hex(bytes)
  const refused = refuseUser(service, partnerId, user_id!, 'new')
  if (refused) return refused

  const { minFaceSide, badPhoto, refusalUsesUserId } = service.choices
  const usable = isUsable(bytes, minFaceSide)
  if (!usable && badPhoto === 'error') return refuse('2204', '"photo" is no usable image')
  const smileJobId = service.nextJob()
  if (usable || refusalUsesUserId) {
    usersNow(service).set(`${partnerId}:${user_id}`, {
      partner_id: partnerId,
      user_id: user_id!,
      user_created_at: user_created_at!,
      photoSha256,
      smileJobId,
    })
  }
  return {
    status: 200,
    committed: usable,
    signed: true,
    body: {
      Actions: {
        Register_Selfie: usable ? 'Approved' : 'Rejected',
        Selfie_Check: usable ? 'Passed' : 'Failed',
        Selfie_Provided: 'Passed',
        ...Object.fromEntries(NOT_APPLICABLE.map((action) => [action, 'Not Applicable'])),
      },
      ConfidenceValue: usable ? '99' : '0',
      PartnerParams: { job_type: 4, user_id, job_id: uuid(service.random), user_created_at },
      ...(usable
        ? { ResultCode: '0840', ResultText: 'Enroll User' }
        : { ResultCode: '0001', ResultText: 'Selfie image unusable' }),
      Source: 'Rest API',
      SmileJobID: smileJobId,
    },
  }
}
