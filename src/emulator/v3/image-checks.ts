/** Images, looked at by their bytes as well as by what is declared of them. */
import { isUsable } from '../photo-check.ts'
import { badRequest, missing } from './answers.ts'
import type { Outcome } from './identities.ts'
import type { Part } from './multipart.ts'
import { booleanOf } from './shapes.ts'
import type { Check, Submission } from './submission.ts'

const JPEG = 'image/jpeg'
const PNG = 'image/png'

function typeOf({ bytes }: Part): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 8))
  if (start.startsWith('\xff\xd8\xff')) return JPEG
  return start === '\x89PNG\r\n\x1a\n' ? PNG : undefined
}

/** Whether it is declared to be one of these types, and is one of them. */
function isOneOf(part: Part, types: readonly string[]): boolean {
  const type = typeOf(part)
  return types.includes(part.type) && type !== undefined && types.includes(type)
}

/** One JPEG, no more. */
export function jpegImage(name: string): Check {
  return ({ call }) => {
    const files = call.form.files(name)
    const isOne = files.length === 1 && call.form.count(name) === 1
    return isOne && isOneOf(files[0]!, [JPEG]) ? undefined : missing(call.operation, name)
  }
}

/** One JPEG or PNG, or none where it may be left out. */
export function documentImage(name: string, { isOptional = false } = {}): Check {
  return ({ call }) => {
    const count = call.form.count(name)
    if (count === 0 && isOptional) return undefined
    const files = call.form.files(name)
    if (count !== 1 || files.length !== 1) return missing(call.operation, name)
    const isRight = isOneOf(files[0]!, [JPEG, PNG])
    return isRight ? undefined : badRequest(call.operation, 'Document image must be JPEG or PNG.')
  }
}

/** Several JPEGs of one name. */
export function livenessImages({ isOptional = false } = {}): Check {
  return ({ state, call }) => {
    const name = 'liveness_images'
    const files = call.form.files(name)
    if (call.form.count(name) === 0 && isOptional) return undefined
    if (files.length === 0 || files.length !== call.form.count(name)) return missing(call.operation, name)
    const [least, most] = state.choices.livenessCount
    if (files.length < least) {
      return badRequest(call.operation, `${name} must contain at least ${least} images.`)
    }
    if (files.length > most) {
      return badRequest(call.operation, `${name} must contain at most ${most} images.`)
    }
    return files.every((file) => isOneOf(file, [JPEG])) ? undefined : missing(call.operation, name)
  }
}

export const SELFIE_IMAGES: readonly Check[] = [jpegImage('selfie_image'), livenessImages()]

/** Those of a selfie, unless the one on file is to be taken. */
export const selfieUnlessEnrolled: Check = (submission) => {
  if (usesEnrolledImage(submission)) return undefined
  const [selfie, liveness] = SELFIE_IMAGES
  return selfie!(submission) ?? liveness!(submission)
}

function usesEnrolledImage({ call }: Submission): boolean {
  return booleanOf(call.form.text('use_enrolled_image')) === true
}

/** How a job ends over an image that no decoder reads, or a face that is too small. */
export function judgeImages({ state, call }: Submission): Outcome | undefined {
  const { minFaceSide } = state.service.choices
  const faces = call.form.files('selfie_image')
  const others = call.form.parts.filter(
    ({ name, filename }) => filename !== undefined && name !== 'selfie_image',
  )
  const areUsable =
    faces.every(({ bytes }) => isUsable(bytes, minFaceSide)) &&
    others.every(({ bytes }) => isUsable(bytes, 1))
  return areUsable ? undefined : { status: 'error', reason: 'image_unavailable_or_invalid' }
}

/** Where the pictures can be looked at for a quarter of an hour. */
export function imageLinks({ call }: Submission): Record<string, string> {
  const names = {
    selfie_image: 'selfie_image',
    document: 'id_card_image',
    document_back: 'id_card_back_image',
  }
  const given = Object.entries(names).filter(([part]) => call.form.has(part))
  return Object.fromEntries(given.map(([part, name]) => [name, `https://images.example/${part}`]))
}
