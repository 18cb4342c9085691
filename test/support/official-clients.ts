/**
 * What Smile ID's own v1 clients for other languages put on the wire for an image job, written after their
 * public sources: neither those languages nor these packages can be installed wherever the tests run.
 */
import { createHmac } from 'node:crypto'
import { basename } from 'node:path'
import { rawZip, type RawEntry } from './raw-zip'

export type Fields = Record<string, unknown>

/** A file of a folder, or base64. */
export type ClientImage =
  { image_type_id: number; path: string; bytes: Uint8Array } | { image_type_id: number; base64: string }

interface ClientJob {
  partnerParams: Fields
  images: readonly ClientImage[]
  idInfo: Fields
  useEnrolledImage: boolean
}

interface Signer {
  partnerId: string
  apiKey: string
}

export interface OfficialClient {
  /** Repository, and the version that was read. */
  source: string
  announcement(job: ClientJob, signer: Signer): Fields
  zip(job: ClientJob, signer: Signer, upload: Fields): Uint8Array<ArrayBuffer>
  /** The question for a job's status. */
  statusQuery(job: ClientJob, signer: Signer): Fields
}

function sign({ partnerId, apiKey }: Signer, timestamp: string): Fields {
  const hmac = createHmac('sha256', apiKey).update(`${timestamp}${partnerId}sid_request`)
  return { signature: hmac.digest('base64'), timestamp }
}

/** The three ways in which their standard libraries write now. */
const now = {
  /** `datetime.now(timezone.utc).isoformat()` */
  python: () => new Date().toISOString().replace('Z', '123+00:00'),
  /** `DateTimeInterface::ATOM` */
  php: () => new Date().toISOString().replace(/\.\d+Z$/, '+00:00'),
  /** `Time.now.to_s` */
  ruby: () =>
    new Date()
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d+Z$/, ' +0000'),
  /** `Instant.now().toString()` */
  java: () => new Date().toISOString().replace('Z', '456Z'),
}

const USER_DATA = {
  isVerifiedProcess: false,
  name: '',
  fbUserID: '',
  firstName: '',
  lastName: '',
  gender: '',
  email: '',
  phone: '',
  countryCode: '+',
  countryName: '',
}

function packageInformation(language: string): Fields {
  return { apiVersion: { buildNumber: 0, majorVersion: 2, minorVersion: 0 }, language }
}

function miscInformation({ partnerParams }: ClientJob, { partnerId }: Signer, proof: Fields): Fields {
  return {
    ...proof,
    retry: 'false',
    partner_params: partnerParams,
    file_name: 'selfie.zip',
    smile_client_id: partnerId,
    callback_url: '',
    userData: USER_DATA,
  }
}

function imageList(images: readonly ClientImage[]): Fields[] {
  return images.map((image) => {
    const { image_type_id } = image
    return 'path' in image
      ? { image_type_id, image: '', file_name: basename(image.path) }
      : { image_type_id, image: image.base64, file_name: '' }
  })
}

function text(name: string, content: string): RawEntry {
  return { name, data: Buffer.from(content) }
}

function imageFiles(images: readonly ClientImage[]): RawEntry[] {
  return images.flatMap((image) => ('path' in image ? fileOf(image) : []))
}

function fileOf({ path, bytes }: Extract<ClientImage, { path: string }>): RawEntry {
  return { name: basename(path), data: bytes }
}

function announcement(job: ClientJob, { partnerId }: Signer, proof: Fields): Fields {
  return {
    callback_url: '',
    file_name: 'selfie.zip',
    model_parameters: {},
    partner_params: job.partnerParams,
    smile_client_id: partnerId,
    ...proof,
  }
}

function statusQuery({ partnerParams }: ClientJob, { partnerId }: Signer, proof: Fields): Fields {
  const { user_id, job_id } = partnerParams
  return { user_id, job_id, partner_id: partnerId, image_links: false, history: false, ...proof }
}

/** WebApi.py, image_upload.py: an entry of one name for each image that is base64. */
const python: OfficialClient = {
  source: 'smileidentity/smile-identity-core-python, 3.0.1',
  announcement: (job, signer) => ({
    ...announcement(job, signer, sign(signer, now.python())),
    use_enrolled_image: job.useEnrolledImage,
    source_sdk: 'Python',
    source_sdk_version: '3.0.1',
  }),
  zip(job, signer, { upload_url }) {
    const info = {
      package_information: packageInformation('python'),
      misc_information: miscInformation(job, signer, sign(signer, now.python())),
      id_info: job.idInfo,
      images: imageList(job.images),
      server_information: upload_url,
    }
    const images = job.images.map((image) =>
      'path' in image ? fileOf(image) : text('base64imgString', basename(image.base64)),
    )
    return rawZip([text('info.json', JSON.stringify(info)), ...images])
  },
  statusQuery: (job, signer) => statusQuery(job, signer, sign(signer, now.python())),
}

/** SmileIdentityCore.php: one signature for all, and `use_enrolled_image` for type 6 alone. */
const php: OfficialClient = {
  source: 'smileidentity/smile-identity-core-php, 4a8e687',
  announcement: (job, signer) => ({
    ...announcement(job, signer, sign(signer, now.php())),
    model_parameters: '',
    source_sdk: 'php',
    ...(job.partnerParams.job_type === 6 && { use_enrolled_image: job.useEnrolledImage }),
  }),
  zip(job, signer, upload) {
    const info = {
      package_information: packageInformation('php'),
      misc_information: miscInformation(job, signer, sign(signer, now.php())),
      id_info: job.idInfo,
      images: imageList(job.images),
      server_information: upload,
    }
    // ZipArchive replaces an entry of the same name.
    const byName = new Map(imageFiles(job.images).map((entry) => [entry.name, entry]))
    return rawZip([text('info.json', JSON.stringify(info, null, 4)), ...byName.values()])
  },
  statusQuery: (job, signer) => statusQuery(job, signer, sign(signer, now.php())),
}

/** web_api.rb: a line break behind info.json, and a name that is always Bill. */
const ruby: OfficialClient = {
  source: 'smileidentity/smile-identity-core-ruby, 10ebe53',
  announcement: (job, signer) => ({
    ...announcement(job, signer, sign(signer, now.ruby())),
    source_sdk: 'ruby',
  }),
  zip(job, signer, upload) {
    const misc = miscInformation(job, signer, sign(signer, now.ruby()))
    const info = {
      package_information: packageInformation('ruby'),
      misc_information: { ...misc, userData: { ...USER_DATA, firstName: 'Bill' } },
      id_info: { entered: 'false', ...job.idInfo },
      images: imageList(job.images),
      server_information: upload,
    }
    return rawZip([text('info.json', `${JSON.stringify(info, null, 2)}\n`), ...imageFiles(job.images)])
  },
  statusQuery: (job, signer) => ({
    ...statusQuery(job, signer, sign(signer, now.ruby())),
    source_sdk: 'ruby',
  }),
}

/** WebApi.java, models/IdInfo.java: `entered` of every job, empty texts for what is not known. */
const java: OfficialClient = {
  source: 'smileidentity/smile-identity-core-java, adff4f2',
  announcement: (job, signer) => ({
    ...announcement(job, signer, sign(signer, now.java())),
    source_sdk: 'java',
  }),
  zip(job, signer, upload) {
    const { country = '', id_type = '', id_number = '' } = job.idInfo
    const info = {
      package_information: packageInformation('java'),
      misc_information: miscInformation(job, signer, sign(signer, now.java())),
      id_info: {
        first_name: '',
        middle_name: '',
        last_name: '',
        country,
        id_type,
        id_number,
        dob: '',
        phone_number: '',
        business_type: '',
        postal_address: '',
        postal_code: '',
        entered: true,
      },
      images: imageList(job.images),
      server_information: upload,
    }
    return rawZip([text('info.json', JSON.stringify(info)), ...imageFiles(job.images)], { descriptors: true })
  },
  statusQuery: (job, signer) => statusQuery(job, signer, sign(signer, now.java())),
}

export const officialClients: Readonly<Record<string, OfficialClient>> = { python, php, ruby, java }
