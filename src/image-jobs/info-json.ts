/** `info.json`, which tells the service what the other files of the zip are. */
import { utf8 } from '../platform/bytes.ts'
import type { ClientInternals } from '../client/internals.ts'
import { looksUp } from './input.ts'
import type { ZipFile } from './zip.ts'
import type { ImageKind } from '../wire/jobs.ts'

export interface Info {
  /** The call that opened the job, as it was sent. */
  sent: { proof: Readonly<Record<string, unknown>>; retry: boolean }
  /** What it was answered, whole. */
  reply: Record<string, unknown>
  job: Record<string, any>
  files: readonly ImageFile[]
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

/** As the official SDKs write it, but without a person who is not there (their "firstName" is somebody's). */
export function infoJson(internals: ClientInternals, { sent, reply, job, files }: Info): Uint8Array {
  const { partner_params, callback_url = '', id_info = {}, consent_information } = job
  return utf8(
    JSON.stringify({
      package_information: {
        apiVersion: { buildNumber: 0, majorVersion: 2, minorVersion: 0 },
        language: 'javascript',
      },
      misc_information: {
        ...sent.proof,
        retry: `${sent.retry}`,
        partner_params,
        file_name: ZIP_NAME,
        smile_client_id: internals.client.partnerId,
        callback_url,
        userData: {
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
        },
      },
      id_info: { ...id_info, entered: `${looksUp(job)}` },
      ...(consent_information && { consent_information }),
      images: files.map(({ name, image_type_id }) => ({ image_type_id, image: '', file_name: name })),
      server_information: reply,
    }),
  )
}
