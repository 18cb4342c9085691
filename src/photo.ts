/**
 * Photos from any source, checked from the outside: JPEG or PNG, whole, and not too large.
 *
 * @module
 */
export { readPhoto, type Photo, type PhotoInput, type PhotoLimits, type PhotoSource } from './photo/read.ts'
export type { Bytes } from './platform/bytes.ts'
