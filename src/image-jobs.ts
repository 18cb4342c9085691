/**
 * Jobs with images: biometric KYC, SmartSelfie, document verification.
 *
 * @module
 */
export type { ConsentInformation, IdInfo } from './id-verification/input.ts'
export type {
  DocumentImages,
  DocumentJob,
  ImageJob,
  ImageJobParts,
  ImageJobType,
  Reopening,
  SelfieImages,
  SubmitOptions,
  UploadProgress,
  WithConsent,
} from './image-jobs/input.ts'
export { imagesByKind, type ImagesByKind, type ListedImage } from './image-jobs/list.ts'
export type { SubmittedImageJob } from './image-jobs/send.ts'
export { submitImageJob } from './image-jobs/submit.ts'
export type { PhotoSource } from './photo/read.ts'
export type { Country, IdType } from './wire/id-types.ts'
export {
  JOB_TYPE,
  type Enrolment,
  type PartnerParams,
  type SubmittedJob,
  type WithCallback,
} from './wire/jobs.ts'
