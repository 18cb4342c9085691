/** A zip's info.json: whether it fits the files beside it, what was announced, and the job type. */
import type { Bytes } from '../platform/bytes.ts'
import { fromBase64 } from './photo-check.ts'
import type { Service, Announced } from './model.ts'
type Body = Record<string, unknown>

export interface Image {
  image_type_id: number
  /** Of its file; empty for one that came inline. */
  name: string
  bytes: Bytes
}

const FILES = [0, 1, 4, 5]
const SELFIES = [0, 2]
const CARDS = [1, 3]
/** Which kinds show a document. */
export const isCard = ({ image_type_id }: Image): boolean => image_type_id % 2 === 1
export const isSelfie = ({ image_type_id }: Image): boolean => SELFIES.includes(image_type_id)
export const isYes = (value: unknown): boolean => value === true || value === 'true'

const INFO = 'info.json'
/** Apps add it. */
const SECURITY_INFO = 'security_info.json'

export const infoFile = (files: Map<string, Bytes>): Bytes | undefined => files.get(INFO)

/** The images that `images` lists, and what is wrong with the list. No text quotes a value. */
export function readImages(
  list: unknown,
  files: Map<string, Bytes>,
): { images: Image[]; problems: string[] } {
  if (!Array.isArray(list) || list.length === 0) return { images: [], problems: ['images: must be a list'] }
  const images: Image[] = []
  const problems: string[] = []
  for (const [i, item] of (list as unknown[]).entries()) {
    const {
      image_type_id: id,
      file_name = '',
      image = '',
    } = (typeof item === 'object' && item ? item : {}) as Body
    if (!/^[0-7]$/.test(`${id as string}`) || (typeof id !== 'number' && typeof id !== 'string'))
      problems.push(`images[${i}].image_type_id: must be 0 to 7`)
    else if (FILES.includes(Number(id))) {
      const bytes = files.get(file_name as string)
      if (image !== '' && image !== null)
        problems.push(`images[${i}].image: must be empty where a file is meant`)
      if (!bytes || file_name === INFO) problems.push(`images[${i}].file_name: no such file`)
      else images.push({ image_type_id: Number(id), name: file_name as string, bytes })
    } else {
      const bytes = typeof image === 'string' && image ? fromBase64(image) : undefined
      if (file_name !== '' && file_name !== null)
        problems.push(`images[${i}].file_name: must be empty where base64 is meant`)
      if (!bytes) problems.push(`images[${i}].image: must be base64`)
      else images.push({ image_type_id: Number(id), name: '', bytes })
    }
  }
  const named = new Set([INFO, SECURITY_INFO, ...images.map(({ name }) => name)])
  if (!problems.length && [...files.keys()].some((name) => !named.has(name)))
    problems.push('images: a file is not listed')
  return { images, problems }
}

/** What is wrong besides the list of images, and, where that is right, which ones are missing in it. */
export async function infoProblems(
  service: Service,
  announced: Announced,
  info: Body,
  images: Image[] | undefined,
): Promise<string[]> {
  return [
    ...(await miscProblems(service, announced, info.misc_information)),
    ...idProblems(announced, info.id_info),
    ...(images ? missingImages(announced, info, images) : []),
  ]
}

async function miscProblems(
  service: Service,
  { job, partnerParams }: Announced,
  given: unknown,
): Promise<string[]> {
  // Apps leave it out.
  if (given === undefined) return []
  if (typeof given !== 'object' || !given) return ['misc_information: must be an object']
  const { partner_params, smile_client_id, signature, sec_key, timestamp } = given as Body
  const isProven =
    [signature, sec_key, timestamp].every((member) => member === undefined) ||
    (await service.provenBy(job.partnerId, given as Body))
  return [
    ...(partner_params !== undefined && canonical(partner_params) !== canonical(partnerParams)
      ? ['misc_information.partner_params: not as announced']
      : []),
    ...(smile_client_id !== undefined && smile_client_id !== job.partnerId
      ? ['misc_information.smile_client_id: not as announced']
      : []),
    ...(isProven
      ? []
      : [
          `misc_information.${signature === undefined && sec_key !== undefined ? 'sec_key' : 'signature'}: wrong`,
        ]),
  ]
}

function idProblems({ jobType }: Announced, given: unknown): string[] {
  if (typeof (given ?? {}) !== 'object' || Array.isArray(given)) return ['id_info: must be an object']
  const id = (given ?? {}) as Body
  const needed =
    jobType === 1 && isYes(id.entered)
      ? ['country', 'id_type', 'id_number']
      : jobType === 6
        ? ['country']
        : jobType === 11
          ? ['country', 'id_type']
          : []
  return [
    ...Object.entries(id)
      .filter(
        ([name, value]) =>
          name !== 'entered' && name !== 'consent_information' && typeof (value ?? '') !== 'string',
      )
      .map(([name]) => `id_info.${name}: must be text`),
    ...([true, false, 'true', 'false', '', null, undefined].includes(id.entered as string)
      ? []
      : ['id_info.entered: must be true or false']),
    ...needed.filter((name) => !id[name]).map((name) => `id_info.${name}: is required`),
    ...(typeof id.country === 'string' && id.country && !/^[A-Z]{2}$/.test(id.country)
      ? ['id_info.country: must be two capital letters']
      : []),
  ]
}

function missingImages(
  { jobType, useEnrolledImage }: Announced,
  { id_info }: Body,
  images: Image[],
): string[] {
  const has = (kinds: number[]) => images.some(({ image_type_id }) => kinds.includes(image_type_id))
  const entered = isYes((id_info as Body | null | undefined)?.entered)
  return [
    ...(!has(SELFIES) && !useEnrolledImage ? ['images: a selfie is required'] : []),
    ...(!has(CARDS) && (jobType === 6 || jobType === 11 || (jobType === 1 && !entered))
      ? ['images: the front of an ID card is required']
      : []),
  ]
}

/** The same text for the same members in whatever order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )

/** info.json for tests to look at: of what may be personal or secret, only the types are left. */
export function withoutValues({ package_information, misc_information, images, ...others }: Body): Body {
  const { retry, file_name, partner_params, smile_client_id, ...misc } = (
    typeof misc_information === 'object' && misc_information ? misc_information : {}
  ) as Body
  return {
    ...(package_information !== undefined && { package_information }),
    ...(misc_information !== undefined && {
      misc_information: {
        ...defined({ retry, file_name, partner_params, smile_client_id }),
        ...(typesIn(misc) as Body),
      },
    }),
    ...(typesIn(others) as Body),
    ...(Array.isArray(images) && {
      images: images.map((item: unknown) =>
        typeof item === 'object' && item && (item as Body).image
          ? { ...item, image: typeof (item as Body).image }
          : item,
      ),
    }),
  }
}

const defined = (members: Body): Body =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

function typesIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typesIn)
  if (typeof value === 'object' && value)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, typesIn(item)]))
  return value === null ? 'null' : typeof value
}
