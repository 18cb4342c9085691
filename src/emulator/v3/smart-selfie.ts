/** `POST /v3/registration`, `/v3/authentication` and `/v3/compare`. */
import { badRequest } from './answers.ts'
import { COMMON, flag } from './checks.ts'
import {
  imageLinks,
  jpegImage,
  judgeImages,
  livenessImages,
  SELFIE_IMAGES,
  selfieUnlessEnrolled,
} from './image-checks.ts'
import { commonDetails } from './results.ts'
import { BINDABLE, type Check, type SubmissionRules } from './submission.ts'
import { canEnrol, judgeKnownUser, judgeNewUser, knownUser, newUser } from './users.ts'

const SELFIE: Pick<
  SubmissionRules,
  'bindable' | 'delivery' | 'rejection' | 'details' | 'takesSandboxResult'
> = {
  bindable: BINDABLE,
  delivery: 'callback',
  rejection: { status: 'block', reason: 'face_verification_failed' },
  takesSandboxResult: true,
  details: (submission, outcome) => ({
    ...commonDetails(submission, outcome),
    image_links: imageLinks(submission),
  }),
}

export const REGISTRATION: SubmissionRules = {
  ...SELFIE,
  product: 'smart_selfie_registration',
  checks: [...SELFIE_IMAGES, flag('allow_new_enroll'), ...COMMON, newUser],
  judge: (submission) => judgeNewUser(submission) ?? judgeImages(submission),
  enrols: () => true,
}

export const AUTHENTICATION: SubmissionRules = {
  ...SELFIE,
  product: 'smart_selfie_authentication',
  checks: [flag('use_enrolled_image'), selfieUnlessEnrolled, ...COMMON, knownUser],
  judge: (submission) => judgeKnownUser(submission) ?? judgeImages(submission),
}

const comparisonType: Check = ({ call }) => {
  const isKnown = ['DOCUMENT', 'ID_PHOTO', 'PORTRAIT'].includes(call.form.text('comparison_image_type') ?? '')
  const message = "Field 'comparison_image_type' must be either DOCUMENT, ID_PHOTO, or PORTRAIT."
  return isKnown ? undefined : badRequest(call.operation, message)
}

/** It enrols a user who is named. */
export const COMPARE: SubmissionRules = {
  ...SELFIE,
  product: 'smart_selfie_compare',
  checks: [
    jpegImage('selfie_image'),
    jpegImage('comparison_image'),
    comparisonType,
    livenessImages({ isOptional: true }),
    flag('allow_new_enroll'),
    ...COMMON,
  ],
  judge: judgeImages,
  enrols: (submission) => submission.userId !== undefined && canEnrol(submission),
}
