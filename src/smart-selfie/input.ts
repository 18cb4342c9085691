/** What SmartSelfie calls are made of, and what can be wrong with it but for the images themselves. */
import type { InputIssue } from '../errors/codes.ts'
import { issue, wrongType } from '../errors/issues.ts'
import { membersOf } from '../input/objects.ts'
import { anyObject, filledText, flag, oneOf } from '../input/rules.ts'
import { elsewhere, issuesOf, objectOf, once, optional } from '../input/schema.ts'
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
    partner_params: optional(anyObject<Record<string, any>>()),
    sandbox_result: optional(oneOf(0, 1, 2)),
  }
}

const enrolment = /* @__PURE__ */ once(() =>
  objectOf<SmartSelfieEnrolment>({
    user_id: optional(filledText()),
    ...imagesEntries(),
    allow_new_enroll: optional(flag()),
  }),
)

const authentication = /* @__PURE__ */ once(() =>
  objectOf<SmartSelfieAuthentication>({ user_id: filledText(), ...imagesEntries() }),
)

/** What is wrong with an enrolment, but for callback URL and images. */
export function enrolmentIssues(input: unknown): InputIssue[] {
  return issuesOf(enrolment(), membersOf(input))
}

/** What is wrong with an authentication, but for callback URL and images. */
export function authenticationIssues(input: unknown): InputIssue[] {
  return issuesOf(authentication(), membersOf(input))
}

/** What is wrong with the list of frames, whatever is in it. */
export function livenessIssues(images: unknown): InputIssue[] {
  const path = 'liveness_images'
  const message = 'must be a list of at least one image'
  if (images === undefined) return [issue(path, 'missing', message)]
  if (!Array.isArray(images) || !images.length) return [wrongType(path, message)]
  return []
}
