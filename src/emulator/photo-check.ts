/** The emulator's own look at a photo, as rough as a first look is: what is it, is it whole, how large. */
export interface Look {
  kind: 'jpeg' | 'png' | 'other'
  whole: boolean
  width: number
  height: number
}

export function lookAt(bytes: Uint8Array): Look {
  const at = (i: number) => bytes[i] ?? 0
  const word = (i: number) => at(i) * 256 + at(i + 1)
  if (word(0) === 0x8950 && word(2) === 0x4e47) {
    const end = String.fromCharCode(...bytes.slice(-8, -4))
    return { kind: 'png', whole: end === 'IEND', width: word(18), height: word(22) }
  }
  if (word(0) !== 0xffd8) return { kind: 'other', whole: false, width: 0, height: 0 }
  let i = 2
  while (i < bytes.length && !(word(i) >= 0xffc0 && word(i) <= 0xffc2)) i += 2 + word(i + 2)
  // Cameras add previews behind the picture, so its end may stand anywhere in the last part.
  let end = bytes.length - 2
  while (end > bytes.length / 2 && word(end) !== 0xffd9) end--
  return { kind: 'jpeg', whole: word(end) === 0xffd9, width: word(i + 7), height: word(i + 5) }
}

/** Whole, of a kind that is taken, and large enough for a face. */
export function isUsable(bytes: Uint8Array, minSide: number): boolean {
  const { kind, whole, width, height } = lookAt(bytes)
  return kind !== 'other' && whole && Math.min(width, height) >= minSide
}

export function fromBase64(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const text = atob(base64)
    const bytes = new Uint8Array(text.length)
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
    return bytes
  } catch {
    return undefined
  }
}
