/** What SmartSelfie is made of. */
import type { InputIssue } from '../../errors/codes.ts'
import { issue } from '../../errors/issues.ts'
import { idText } from '../../input/ids.ts'
import { type Members, membersOf } from '../../input/objects.ts'
import { flag, oneOf } from '../../input/rules.ts'
import { type Checked, elsewhere, objectOf, once, optional } from '../../input/schema.ts'
import type { PhotoSource } from '../../photo/source.ts'
import type { Caller } from '../client/caller.ts'
import { type ImageRules, JPEG, SELFIE_IMAGES } from '../http/images.ts'
import { checkVerification } from '../input/check.ts'
import { type SortedMembers, withMore } from '../input/more-issues.ts'
import { sandboxEntries, selfieEntries, verificationEntries } from '../input/shared.ts'
import type { Selfie, Verification, WithSandboxResult } from '../wire/shared.ts'

export interface Registration extends Verification, Selfie, WithSandboxResult {
  /** Replaces the face of a user that is enrolled. @default false */
  allow_new_enroll?: boolean | undefined
}

/** A fresh selfie, or the one on file. */
export type Authentication = Verification &
  WithSandboxResult & { user_id: string } & (
    | (Selfie & { use_enrolled_image?: false | undefined })
    | { use_enrolled_image: true; selfie_image?: undefined; liveness_images?: undefined }
  )

export interface Compare extends Verification, WithSandboxResult {
  /** JPEG alone, as is the other. */
  selfie_image: PhotoSource
  comparison_image: PhotoSource
  comparison_image_type: 'DOCUMENT' | 'ID_PHOTO' | 'PORTRAIT'
  /** Six to eight, or none: then active liveness is not checked. */
  liveness_images?: readonly PhotoSource[] | undefined
  /** Replaces the face of a user that is enrolled. @default false */
  allow_new_enroll?: boolean | undefined
}

export const registration = /* @__PURE__ */ once(() =>
  objectOf<Registration>({
    ...verificationEntries(),
    ...selfieEntries(),
    ...sandboxEntries(),
    allow_new_enroll: optional(flag()),
  }),
)

/** In both forms at once; which of them it is, is checked apart. */
type AnyAuthentication = Verification &
  WithSandboxResult & { user_id: string; use_enrolled_image?: boolean | undefined } & Partial<Selfie>

const authentication = /* @__PURE__ */ once(() =>
  objectOf<AnyAuthentication>({
    ...verificationEntries(),
    user_id: idText(),
    ...selfieEntries(),
    ...sandboxEntries(),
    use_enrolled_image: optional(flag()),
  }),
)

export const compare = /* @__PURE__ */ once(() =>
  objectOf<Compare>({
    ...verificationEntries(),
    ...selfieEntries(),
    comparison_image: elsewhere(),
    comparison_image_type: oneOf('DOCUMENT', 'ID_PHOTO', 'PORTRAIT'),
    ...sandboxEntries(),
    allow_new_enroll: optional(flag()),
  }),
)

export const COMPARE_IMAGES: ImageRules = {
  selfie_image: { types: JPEG },
  comparison_image: { types: JPEG },
  liveness_images: { types: JPEG, isOptional: true },
}

/** All but the images that are given. */
export function checkAuthentication(caller: Caller, input: unknown): Checked<AnyAuthentication> {
  const checked = checkVerification(caller, authentication(), input)
  return withMore(checked, imageIssues(membersOf(checked.value)))
}

function imageIssues(given: Members): InputIssue[] {
  if (given.use_enrolled_image !== true) return []
  const names = Object.keys(SELFIE_IMAGES).filter((name) => given[name] !== undefined)
  const message = 'must not be given with use_enrolled_image: either is compared'
  return names.map((name) => issue(name, 'not_allowed', message))
}

/** None where the one on file is compared; where nobody can tell, those that are given. */
export function authenticationImages({ right, wrong }: SortedMembers): ImageRules {
  if (wrong.has('use_enrolled_image')) return SELFIE_IF_GIVEN
  return right.use_enrolled_image === true ? {} : SELFIE_IMAGES
}

const SELFIE_IF_GIVEN: ImageRules = {
  selfie_image: { types: JPEG, isOptional: true },
  liveness_images: { types: JPEG, isOptional: true },
}
