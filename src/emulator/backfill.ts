/** `POST /v1/backfill_users`: registers an existing user's photo, at once. */
import { refuse, refuseNonText } from './answers.ts'
import { fromBase64 } from './base64.ts'
import { refuseUser, usersNow } from './enrolment.ts'
import { type Answer, type Call, type JsonObject, type Service, userKey } from './model.ts'
import { isUsable } from './photo-check.ts'
import { uuid } from './random.ts'
import { sha256Hex } from './signature.ts'

/** 5 MB, read as generously as it can be. */
const MAX_PHOTO_BYTES = 5 * 1024 * 1024
const DATE = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}:\d{2}(\.\d+)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/

const NOT_APPLICABLE_ACTIONS = [
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

interface BackfillBody {
  user_id: string
  user_created_at: string
  photo: string
}

export async function backfillUsers(service: Service, { partnerId, body }: Call): Promise<Answer> {
  const wrongMember = refuseNonText(body, ['user_id', 'user_created_at', 'photo'])
  if (wrongMember) return wrongMember
  const { user_id, user_created_at, photo } = body as JsonObject & BackfillBody
  if (!isDate(user_created_at)) return refuse('2204', '"user_created_at" must be a date')
  const bytes = fromBase64(photo)
  if (!bytes) return refuse('2204', '"photo" must be base64 without a data URI')
  if (bytes.length > MAX_PHOTO_BYTES) return refuse('2204', '"photo" is larger than 5 MB')
  // Before the look at the user: between that and the enrolment no other call may come.
  const photoSha256 = await sha256Hex(bytes)
  const wrongUser = refuseUser(service, partnerId, { user_id, wanted: 'new' })
  if (wrongUser) return wrongUser

  const { minFaceSide, badPhoto, refusalUsesUserId } = service.choices
  const approved = isUsable(bytes, minFaceSide)
  if (!approved && badPhoto === 'error') return refuse('2204', '"photo" is no usable image')
  const smileJobId = service.nextSmileJobId()
  if (approved || refusalUsesUserId) {
    usersNow(service).set(userKey(partnerId, user_id), {
      partner_id: partnerId,
      user_id,
      user_created_at,
      photoSha256,
      smileJobId,
    })
  }
  const partnerParams = { job_type: 4, user_id, job_id: uuid(service.random), user_created_at }
  return {
    status: 200,
    committed: approved,
    signing: 'standard',
    body: resultOf({ approved, partnerParams, smileJobId }),
  }
}

function isDate(text: string): boolean {
  return DATE.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)))
}

function resultOf(outcome: { approved: boolean; partnerParams: JsonObject; smileJobId: string }): JsonObject {
  const { approved, partnerParams, smileJobId } = outcome
  const notApplicable = NOT_APPLICABLE_ACTIONS.map((action) => [action, 'Not Applicable'])
  return {
    Actions: {
      Register_Selfie: approved ? 'Approved' : 'Rejected',
      Selfie_Check: approved ? 'Passed' : 'Failed',
      Selfie_Provided: 'Passed',
      ...Object.fromEntries(notApplicable),
    },
    ConfidenceValue: approved ? '99' : '0',
    PartnerParams: partnerParams,
    ResultCode: approved ? '0840' : '0001',
    ResultText: approved ? 'Enroll User' : 'Selfie image unusable',
    Source: 'Rest API',
    SmileJobID: smileJobId,
  }
}
