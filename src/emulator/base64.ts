/** The emulator's own reading of base64. */
import type { Bytes } from '../platform/bytes.ts'

/** `undefined` for what is no base64. */
export function fromBase64(base64: string): Bytes | undefined {
  let text: string
  try {
    text = atob(base64)
  } catch {
    return undefined
  }
  // A photo has millions of characters: `Uint8Array.from` takes ten times as long.
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
