/** How large a request may be. */
import type { InputIssue } from '../../errors/codes.ts'
import { issue, throwIfAny } from '../../errors/issues.ts'
import type { Form } from '../../http/multipart.ts'

/** 4.5 MB, the documented limit of a whole request; gateways refuse 10 MB. */
export const MAX_REQUEST_BYTES = 4_718_592

/** @throws {SmileIdInputError} `invalid_input`: nothing is sent that will be refused. */
export function checkSize({ pieces }: Form): void {
  throwIfAny(pieces.length > MAX_REQUEST_BYTES ? [tooLarge(`${pieces.length}`)] : [])
}

/** Where images alone are too much, whatever comes with them. */
export function imageSizeIssues(bytes: number): InputIssue[] {
  return bytes > MAX_REQUEST_BYTES ? [tooLarge(`more than ${bytes}`)] : []
}

function tooLarge(size: string): InputIssue {
  const message = `makes a request of ${size} bytes, where ${MAX_REQUEST_BYTES} are allowed in all`
  return issue('input', 'photo_too_large', `${message}: send smaller images`)
}
