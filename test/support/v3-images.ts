/** Each submission of v3 that has images, with input that is right. Web APIs alone. */
import { samplePhoto } from 'smileid-edge/emulator'
import { submitBiometricKyc } from 'smileid-edge/v3/biometric-kyc'
import type { V3Client } from 'smileid-edge/v3/client'
import {
  submitDocumentVerification,
  submitEnhancedDocumentVerification,
  submitResidencyDocumentVerification,
} from 'smileid-edge/v3/document-verification'
import { submitAuthentication, submitCompare, submitRegistration } from 'smileid-edge/v3/smart-selfie'
import { KYC } from './v3-service'

export interface ImageCall {
  /** Below the root of the API. */
  path: string
  submit(client: V3Client, input: object, options?: object): Promise<{ status: string; job_id: string }>
  input: Readonly<Record<string, unknown>>
  /** Members that are one image each, in the order in which they are sent. */
  images: readonly string[]
}

export const jpeg = (seed: number) => samplePhoto({ seed })
export const png = (seed: number) => samplePhoto({ seed, type: 'image/png' })

/** A valid JPEG of so many bytes. */
export function jpegOf(size: number): Uint8Array {
  const sample = samplePhoto()
  const bytes = new Uint8Array(size).fill(0x55)
  bytes.set(sample.subarray(0, -2))
  bytes.set([0xff, 0xd9], size - 2)
  return bytes
}

const { consent, user_details } = KYC
const person = { consent, user_details }
const selfie = {
  selfie_image: jpeg(1),
  liveness_images: [11, 12, 13, 14, 15, 16].map((seed) => jpeg(seed)),
}
const document = { country: 'GH', id_type: 'PASSPORT', document: jpeg(2) }
const SELFIE = ['selfie_image', 'liveness_images']

/** Input is handed over as it is: what compiles is tested elsewhere. */
const untyped = (submit: (client: any, input: any, options?: any) => Promise<any>) =>
  submit as ImageCall['submit']

export const imageCalls: Readonly<Record<string, ImageCall>> = {
  submitBiometricKyc: {
    path: '/v3/biometric_kyc',
    submit: untyped(submitBiometricKyc),
    input: { ...KYC, ...selfie },
    images: SELFIE,
  },
  submitDocumentVerification: {
    path: '/v3/document_verification',
    submit: untyped(submitDocumentVerification),
    input: { ...person, ...selfie, ...document, document_back: png(3), id_type: undefined },
    images: [...SELFIE, 'document', 'document_back'],
  },
  submitEnhancedDocumentVerification: {
    path: '/v3/enhanced_document_verification',
    submit: untyped(submitEnhancedDocumentVerification),
    input: { ...person, ...selfie, ...document },
    images: [...SELFIE, 'document'],
  },
  submitResidencyDocumentVerification: {
    path: '/v3/residency_document_verification',
    submit: untyped(submitResidencyDocumentVerification),
    input: { ...person, ...selfie, ...document, visa: png(4) },
    images: [...SELFIE, 'document', 'visa'],
  },
  submitRegistration: {
    path: '/v3/registration',
    submit: untyped(submitRegistration),
    input: { ...person, ...selfie },
    images: SELFIE,
  },
  submitAuthentication: {
    path: '/v3/authentication',
    submit: untyped(submitAuthentication),
    input: { ...person, ...selfie, user_id: 'user-1' },
    images: SELFIE,
  },
  submitCompare: {
    path: '/v3/compare',
    submit: untyped(submitCompare),
    input: {
      ...person,
      selfie_image: selfie.selfie_image,
      comparison_image: jpeg(5),
      comparison_image_type: 'ID_PHOTO',
    },
    images: ['selfie_image', 'comparison_image'],
  },
}
