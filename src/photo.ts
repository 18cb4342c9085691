/**
 * Photos from any source, checked from the outside: JPEG or PNG, whole, and not too large.
 *
 * @module
 */
export type { Bytes } from './platform/bytes.ts'
export { type Photo, type PhotoInput, type PhotoLimits, type PhotoSource, readPhoto } from './photo/read.ts'
