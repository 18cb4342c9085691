/** What SmartSelfie calls are made of, and what can be wrong with it but for the images themselves. */
import { issue, wrongType } from '../errors/issues.ts'
import { membersOf } from '../input/objects.ts'
import { idText } from '../input/ids.ts'
import { anything, flag, jsonObject, oneOf } from '../input/rules.ts'
import { check, type Checked, elsewhere, listOf, objectOf, once, optional } from '../input/schema.ts'
import type { PhotoSource } from '../photo/read.ts'
import type { Enrolment, WithCallback } from '../wire/jobs.ts'

/** JPEG alone, of at most 10,000,000 bytes each. */
export interface SmartSelfieImages extends WithCallback {
  selfie_image: PhotoSource
  /** At least one. */
  liveness_images: readonly PhotoSource[]
  /** Echoed in the reply. */
  partner_params?: Record<string, any> | undefined
  /** Sandbox only: approved, rejected or provisional. */
  sandbox_result?: 0 | 1 | 2 | undefined
}

export interface SmartSelfieEnrolment extends SmartSelfieImages, Enrolment {
  /** @default one that the service makes: see the reply's */
  user_id?: string | undefined
}

export interface SmartSelfieAuthentication extends SmartSelfieImages {
  user_id: string
}

function imagesEntries() {
  return {
    selfie_image: elsewhere(),
    liveness_images: elsewhere(),
    callback_url: elsewhere(),
    partner_params: optional(jsonObject<Record<string, any>>()),
    sandbox_result: optional(oneOf(0, 1, 2)),
  }
}

const enrolment = /* @__PURE__ */ once(() =>
  objectOf<SmartSelfieEnrolment>({
    user_id: optional(idText()),
    ...imagesEntries(),
    allow_new_enroll: optional(flag()),
  }),
)

const authentication = /* @__PURE__ */ once(() =>
  objectOf<SmartSelfieAuthentication>({ user_id: idText(), ...imagesEntries() }),
)

/** An enrolment, and what is wrong with it, but for callback URL and images. */
export function checkEnrolment(input: unknown): Checked<SmartSelfieEnrolment> {
  return check(enrolment(), membersOf(input))
}

/** An authentication, and what is wrong with it, but for callback URL and images. */
export function checkAuthentication(input: unknown): Checked<SmartSelfieAuthentication> {
  return check(authentication(), membersOf(input))
}

const FRAMES_MESSAGE = 'must be a list of at least one image'

const frames = /* @__PURE__ */ once(() => listOf(anything<PhotoSource>(), FRAMES_MESSAGE))

/** The list of frames, whatever is in it. */
export function checkLiveness(images: unknown): Checked<readonly PhotoSource[]> {
  const path = 'liveness_images'
  if (images === undefined) return { issues: [issue(path, 'missing', FRAMES_MESSAGE)], value: [] }
  const { issues, value } = check(frames(), images, path)
  if (issues.length) return { issues, value: [] }
  return { issues: value.length ? [] : [wrongType(path, FRAMES_MESSAGE)], value }
}
