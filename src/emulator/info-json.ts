/** A zip's info.json: whether it fits what was announced, and the job type. */
import { isObject, membersOf } from '../input/objects.ts'
import { isTrue } from './answers.ts'
import type { AnnouncedUpload, JsonObject, Service } from './model.ts'
import { type Image, isCardFront, isSelfie, listsCardFront } from './zip-images.ts'

/** What is wrong besides the list of images, each with its place. No text quotes a value. */
export async function infoProblems(
  service: Service,
  announced: AnnouncedUpload,
  info: JsonObject,
): Promise<string[]> {
  return [
    ...(await miscInformationProblems(service, announced, info.misc_information)),
    ...idInfoProblems(info.id_info, requiredIdInfo(service, announced.jobType, info)),
  ]
}

/**
 * Whether the ID authority is to be asked. Java's client says `entered` of every job, also of one that has
 * but a card.
 */
export function asksAuthority({ choices }: Service, info: JsonObject): boolean {
  const { entered, id_number } = membersOf(info.id_info)
  const hasOnlyCard = !id_number && listsCardFront(info.images)
  return isTrue(entered) && !(hasOnlyCard && choices.enteredWithoutNumber === 'card')
}

/** Which images the job type needs that a list, itself right, does not have. */
export function missingImageProblems(
  service: Service,
  { jobType, useEnrolledImage }: AnnouncedUpload,
  { info, images }: { info: JsonObject; images: readonly Image[] },
): string[] {
  const problems: string[] = []
  if (!images.some(isSelfie) && !useEnrolledImage) problems.push('images: a selfie is required')
  const needsCard = jobType === 6 || jobType === 11 || (jobType === 1 && !asksAuthority(service, info))
  if (!images.some(isCardFront) && needsCard) {
    problems.push('images: the front of an ID card is required')
  }
  return problems
}

async function miscInformationProblems(
  service: Service,
  { job, partnerParams }: AnnouncedUpload,
  given: unknown,
): Promise<string[]> {
  // Apps leave it out.
  if (given === undefined) return []
  if (typeof given !== 'object' || given === null) return ['misc_information: must be an object']
  const { partner_params, smile_client_id, signature, sec_key } = given as JsonObject
  const problems: string[] = []
  if (partner_params !== undefined && canonical(partner_params) !== canonical(partnerParams)) {
    problems.push('misc_information.partner_params: not as announced')
  }
  if (smile_client_id !== undefined && smile_client_id !== job.partnerId) {
    problems.push('misc_information.smile_client_id: not as announced')
  }
  // smile-identity-core writes a timestamp alone: without a proof there is nothing to check.
  const isSigned = signature !== undefined || sec_key !== undefined
  if (isSigned && !(await service.authenticate(job.partnerId, given as JsonObject))) {
    const member = signature === undefined && sec_key !== undefined ? 'sec_key' : 'signature'
    problems.push(`misc_information.${member}: wrong`)
  }
  return problems
}

/** Members of `id_info` that need not be texts. */
const NOT_TEXTS = ['entered', 'consent_information']
const ENTERED = [true, false, 'true', 'false', '', null, undefined]

function idInfoProblems(given: unknown, required: readonly string[]): string[] {
  const id = given ?? {}
  if (!isObject(id)) return ['id_info: must be an object']
  const problems: string[] = []
  for (const [name, value] of Object.entries(id)) {
    const isText = typeof (value ?? '') === 'string'
    if (!isText && !NOT_TEXTS.includes(name)) problems.push(`id_info.${name}: must be text`)
  }
  if (!ENTERED.includes(id.entered as string)) problems.push('id_info.entered: must be true or false')
  for (const name of required) {
    if (!id[name]) problems.push(`id_info.${name}: is required`)
  }
  if (typeof id.country === 'string' && id.country && !/^[A-Z]{2}$/.test(id.country)) {
    problems.push('id_info.country: must be two capital letters')
  }
  return problems
}

function requiredIdInfo(service: Service, jobType: number, info: JsonObject): string[] {
  if (jobType === 1 && asksAuthority(service, info)) return ['country', 'id_type', 'id_number']
  if (jobType === 6) return ['country']
  if (jobType === 11) return ['country', 'id_type']
  return []
}

/** The same text for the same members in whatever order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (isObject(item) ? sorted(item) : item))
}

function sorted(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).sort(([first], [second]) => (first < second ? -1 : 1)))
}
