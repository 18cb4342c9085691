/** A zip that arrived: opened, compared with what was announced, and its job set going. */
import { parseObject } from '../input/json.ts'
import { membersOf } from '../input/objects.ts'
import type { Bytes } from '../platform/bytes.ts'
import { asksAuthority, infoProblems, missingImageProblems } from './info-json.ts'
import { redactInfo } from './info-redaction.ts'
import type { EmulatedJob } from './job-model.ts'
import { runJob } from './jobs.ts'
import type { AnnouncedUpload, JsonObject, ReceivedZip, Service } from './model.ts'
import { isUsable } from './photo-check.ts'
import { badZipResult, type ResultFields, unusableImageResult } from './results.ts'
import { sha256Hex } from './signature.ts'
import { type Image, INFO_FILE, isCard, isSelfie, readImages } from './zip-images.ts'
import { openZip } from './zip.ts'

/** Once the zip is stored, the job runs, again if it had run before; a bad zip ends it at once. */
export async function takeZip(service: Service, announced: AnnouncedUpload, bytes: Bytes): Promise<void> {
  const { job } = announced
  const { info, images, problems, failure } = await examine(service, announced, bytes)
  const files = await Promise.all(images.map(describeFile))
  service.receivedZips.push({
    job: { user_id: job.job.user_id, job_id: job.job.job_id },
    smileJobId: job.smileJobId,
    problems,
    info: redactInfo(info),
    files,
  })
  if (!failure) job.job = { ...withDocument(job.job, info), idLookup: asksAuthority(service, info) }
  const selfieIndex = images.findIndex(isSelfie)
  runJob(service, job, {
    failure,
    replaces: announced.allowNewEnroll,
    photoSha256: files[selfieIndex]?.sha256,
  })
}

async function describeFile({ name, image_type_id, bytes }: Image): Promise<ReceivedZip['files'][number]> {
  return { name, image_type_id, sha256: await sha256Hex(bytes), bytes: bytes.length }
}

/** What a zip holds, as far as it could be read, and the result that ends the job of a bad one. */
interface Examination {
  info: JsonObject
  images: Image[]
  problems: string[]
  failure?: ResultFields
}

async function examine(service: Service, announced: AnnouncedUpload, bytes: Bytes): Promise<Examination> {
  const opened = openZip(bytes, service.choices)
  if (!opened.ok) return brokenZip(opened.problem)
  const infoFile = opened.files.get(INFO_FILE)
  if (!infoFile) return brokenZip('there is no info.json')
  const info = parseObject(new TextDecoder().decode(infoFile))
  if (!info) return brokenZip('info.json is no JSON')

  const { images, problems } = readImages(info.images, opened.files)
  const isListRight = problems.length === 0
  problems.push(...(await infoProblems(service, announced, info)))
  if (isListRight) problems.push(...missingImageProblems(service, announced, { info, images }))
  if (problems.length > 0) {
    return { info, images, problems, failure: badZipResult(service.choices.badInfoCode) }
  }

  const unusable = images.find((image) => !isUsable(image.bytes, service.choices.minFaceSide))
  if (unusable) return { info, images, ...unusableImage(unusable) }
  return { info, images, problems: [] }
}

function brokenZip(problem: string): Examination {
  return { info: {}, images: [], problems: [problem], failure: badZipResult('0903') }
}

function unusableImage(image: Image): Pick<Examination, 'problems' | 'failure'> {
  return isCard(image)
    ? { problems: ['an ID card is no usable image'], failure: unusableImageResult('ID Card') }
    : { problems: ['a selfie is no usable image'], failure: unusableImageResult('Selfie') }
}

/** The job with what its zip says about the document. */
function withDocument(job: EmulatedJob, info: JsonObject): EmulatedJob {
  const { country, id_type } = membersOf(info.id_info)
  const document: NonNullable<EmulatedJob['document']> = {}
  if (isFilledText(country)) document.Country = country
  if (isFilledText(id_type)) document.IDType = id_type
  return { ...job, document }
}

function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
