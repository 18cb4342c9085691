/** What a look at the outside of a picture finds. */
import type { IssueCode } from '../errors/codes.ts'

interface ImageFormat {
  type: 'image/jpeg' | 'image/png'
  /** In pixels. */
  width: number
  height: number
}

export type FormatProblem = { ok: false; code: IssueCode; message: string }

export type FormatResult = ({ ok: true } & ImageFormat) | FormatProblem

export function isNotTaken(message: string): FormatProblem {
  return { ok: false, code: 'photo_format', message }
}

export function isBroken(kind: string): FormatProblem {
  return isNotTaken(`is a broken ${kind}: copy it again, or save it anew`)
}

export function isCutOff(message = 'is cut off: copy or download it again'): FormatProblem {
  return { ok: false, code: 'photo_truncated', message }
}
