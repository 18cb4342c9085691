/**
 * Jobs with images: biometric KYC, SmartSelfie, document verification.
 *
 * @module
 */
export type { ConsentInformation, IdInfo } from './id-verification/input.ts'
export type { Country, IdType } from './wire/id-types.ts'
export { type ImagesByKind, imagesByKind, type ListedImage } from './image-jobs/list.ts'
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
export { submitImageJob } from './image-jobs/submit.ts'
export type { SubmittedImageJob } from './image-jobs/send.ts'
export type { PhotoSource } from './photo/read.ts'
export {
  JOB_TYPE,
  type PartnerParams,
  type WithCallback,
  type SubmittedJob,
  type Enrolment,
} from './wire/jobs.ts'
