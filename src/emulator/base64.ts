/** The emulator's own reading of base64. */
import { type Bytes, isomorphicEncode } from '../platform/bytes.ts'

/** `undefined` for what is no base64. */
export function fromBase64(base64: string): Bytes | undefined {
  let text: string
  try {
    text = atob(base64)
  } catch {
    return undefined
  }
  return isomorphicEncode(text)
}
