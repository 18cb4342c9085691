/**
 * Jobs with images: biometric KYC, SmartSelfie, document verification.
 *
 * @module
 */
export type { ConsentInformation, IdInfo, PartnerParams } from './internal/id-input.ts'
export type { SubmittedJob, WithCallback } from './internal/id-jobs.ts'
export type { Country, IdType } from './internal/id-types.ts'
export { type ImagesByKind, imagesByKind, type ListedImage } from './internal/image-list.ts'
export type { DocumentImages, DocumentJob, Enrolment, ImageJob, ImageJobParts, ImageJobType, Reopening, SelfieImages, WithConsent } from './internal/image-input.ts'
export { submitImageJob, type SubmitOptions } from './internal/image-job.ts'
export type { SubmittedImageJob, UploadProgress } from './internal/image-send.ts'
export type { PhotoSource } from './internal/photo.ts'
export { JOB_TYPE } from './internal/tables.ts'
