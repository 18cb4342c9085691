/** What verifications of documents are made of. */
import { countryCode, filledText } from '../../input/rules.ts'
import { elsewhere, type Entries, objectOf, once, optional } from '../../input/schema.ts'
import type { PhotoSource } from '../../photo/source.ts'
import { type ImageRules, JPEG_OR_PNG, SELFIE_IMAGES } from '../http/images.ts'
import { selfieEntries, verificationEntries } from '../input/shared.ts'
import type { Selfie, Verification } from '../wire/shared.ts'

/** JPEG or PNG. */
export interface DocumentImages {
  document: PhotoSource
  /** Where `has_back` of the supported documents says so. */
  document_back?: PhotoSource | undefined
}

export interface DocumentVerification extends Verification, Selfie, DocumentImages {
  /** ISO 3166-1 alpha-2. */
  country: string
  /** @default found out by the service */
  id_type?: string | undefined
}

export interface EnhancedDocumentVerification extends DocumentVerification {
  id_type: string
}

export interface ResidencyDocumentVerification extends Omit<DocumentVerification, 'id_type'> {
  id_type: 'PASSPORT'
  /** The page with the visa; JPEG or PNG. */
  visa: PhotoSource
}

/** What all three share. */
export function documentEntries(): Entries<Omit<DocumentVerification, 'id_type'>> {
  return {
    ...verificationEntries(),
    ...selfieEntries(),
    document: elsewhere(),
    document_back: elsewhere(),
    country: countryCode(),
  }
}

export const documentVerification = /* @__PURE__ */ once(() =>
  objectOf<DocumentVerification>({ ...documentEntries(), id_type: optional(filledText()) }),
)

export const enhancedDocumentVerification = /* @__PURE__ */ once(() =>
  objectOf<EnhancedDocumentVerification>({ ...documentEntries(), id_type: filledText() }),
)

export const DOCUMENT_IMAGES: ImageRules = {
  ...SELFIE_IMAGES,
  document: { types: JPEG_OR_PNG },
  document_back: { types: JPEG_OR_PNG, isOptional: true },
}

export const RESIDENCY_IMAGES: ImageRules = { ...DOCUMENT_IMAGES, visa: { types: JPEG_OR_PNG } }
