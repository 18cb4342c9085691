/** A zip that arrived: opened, compared with what was announced, and its job set going. */
import type { Bytes } from '../platform/bytes.ts'
import { parseObject } from '../input/json.ts'
import { isUsable } from './photo-check.ts'
import {
  type Image,
  infoFile,
  infoProblems,
  isCard,
  isSelfie,
  isYes,
  readImages,
  withoutValues,
} from './info-json.ts'
import { type Run, runJob } from './jobs.ts'
import { badZip, type Ending, unusable } from './results.ts'
import type { Service, Announced } from './model.ts'
import { sha256Hex } from './signature.ts'
import { openZip } from './zip.ts'

/** Once the zip is stored, the job runs, again if it had run before; a bad one ends it at once. */
export async function takeZip(service: Service, announced: Announced, bytes: Bytes): Promise<void> {
  const { job } = announced
  const { info, images, problems, ending } = await examine(service, announced, bytes)
  const files = await Promise.all(
    images.map(async ({ name, image_type_id, bytes }) => ({
      name,
      image_type_id,
      sha256: await sha256Hex(bytes),
      bytes: bytes.length,
    })),
  )
  service.zips.push({
    job: { user_id: job.job.user_id, job_id: job.job.job_id },
    smileJobId: job.smileJobId,
    problems,
    info: withoutValues(info),
    files,
  })

  const { entered, country, id_type } = (info.id_info ?? {}) as Record<string, unknown>
  if (!ending)
    job.job = {
      ...job.job,
      idLookup: isYes(entered),
      document: { ...text('Country', country), ...text('IDType', id_type) },
    }
  const selfie = files.find((_, i) => isSelfie(images[i]!))
  const run: Run = { ending, replaces: announced.allowNewEnroll, photoSha256: selfie?.sha256 }
  runJob(service, job, run)
}

async function examine(
  service: Service,
  announced: Announced,
  bytes: Bytes,
): Promise<{ info: Record<string, unknown>; images: Image[]; problems: string[]; ending?: Ending }> {
  const refused = (problems: string[], ending: Ending, info = {}, images: Image[] = []) => ({
    info,
    images,
    problems,
    ending,
  })
  const files = openZip(bytes)
  if (typeof files === 'string') return refused([files], badZip('0903'))
  const file = infoFile(files)
  const info = file && parseObject(new TextDecoder().decode(file))
  if (!info) return refused([file ? 'info.json is no JSON' : 'there is no info.json'], badZip('0903'))

  const { images, problems } = readImages(info.images, files)
  problems.push(...(await infoProblems(service, announced, info, problems.length ? undefined : images)))
  if (problems.length) return refused(problems, badZip(service.choices.badInfoCode), info, images)
  const bad = images.find((image) => !isUsable(image.bytes, service.choices.minFaceSide))
  if (bad)
    return refused(
      [`${isCard(bad) ? 'an ID card' : 'a selfie'} is no usable image`],
      unusable(isCard(bad) ? 'ID Card' : 'Selfie'),
      info,
      images,
    )
  return { info, images, problems }
}

const text = <N extends string>(name: N, value: unknown): { [name in N]?: string } =>
  typeof value === 'string' && value ? ({ [name]: value } as { [name in N]: string }) : {}
