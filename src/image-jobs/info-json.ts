/** `info.json`, which tells the service what the other files of the zip are. */
import type { ClientInternals } from '../client/internals.ts'
import { utf8 } from '../platform/bytes.ts'
import type { ImageKind } from '../wire/jobs.ts'
import { looksUpNumber } from './needs.ts'
import type { ZipFile } from './zip.ts'

export interface Info {
  job: Record<string, any>
  files: readonly ImageFile[]
  /** The fields by which the call that opened the job was signed. */
  signedFields: Readonly<Record<string, unknown>>
  /** Whether that call opened a job that had existed before. */
  retry: boolean
  /** What that call was answered, whole. */
  reply: Record<string, unknown>
}

export interface ImageFile extends ZipFile {
  image_type_id: number
}

export const ZIP_NAME = 'selfie.zip'

/**
 * How files of the zip begin: names are made here, since those that images come with may be unsafe, or the
 * same.
 */
export const FILE_NAMES: Readonly<Record<ImageKind, string>> = {
  selfie: 'selfie',
  liveness: 'liveness',
  front: 'id_card_front',
  back: 'id_card_back',
}

/** Empty, where the official SDKs write the first name of somebody else. */
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

/** As the official SDKs write it. */
export function infoJson(internals: ClientInternals, info: Info): Uint8Array {
  const { job, files, signedFields, retry, reply } = info
  const { partner_params, callback_url = '', id_info = {}, consent_information } = job
  const content = {
    package_information: {
      apiVersion: { buildNumber: 0, majorVersion: 2, minorVersion: 0 },
      language: 'javascript',
    },
    misc_information: {
      ...signedFields,
      retry: `${retry}`,
      partner_params,
      file_name: ZIP_NAME,
      smile_client_id: internals.client.partnerId,
      callback_url,
      userData: USER_DATA,
    },
    id_info: { ...id_info, entered: `${looksUpNumber(job)}` },
    consent_information,
    images: files.map(({ name, image_type_id }) => ({ image_type_id, image: '', file_name: name })),
    server_information: reply,
  }
  return utf8(JSON.stringify(content))
}
