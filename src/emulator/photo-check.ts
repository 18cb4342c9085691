/** The emulator's own check of a photo, as rough as a first look is: what is it, is it whole, how large. */

/** What the first look at a photo tells. */
export interface PhotoFacts {
  kind: 'jpeg' | 'png' | 'other'
  /** Whether its end is there. */
  whole: boolean
  /** In pixels, as its header says. */
  width: number
  height: number
}

/** Whether a photo is whole, of a kind that is taken, and large enough for a face. */
export function isUsable(bytes: Uint8Array, minSide: number): boolean {
  const { kind, whole, width, height } = inspectPhoto(bytes)
  return kind !== 'other' && whole && Math.min(width, height) >= minSide
}

export function inspectPhoto(bytes: Uint8Array): PhotoFacts {
  if (wordAt(bytes, 0) === 0x8950 && wordAt(bytes, 2) === 0x4e47) return inspectPng(bytes)
  if (wordAt(bytes, 0) === 0xffd8) return inspectJpeg(bytes)
  return { kind: 'other', whole: false, width: 0, height: 0 }
}

function inspectPng(bytes: Uint8Array): PhotoFacts {
  const lastChunk = String.fromCharCode(...bytes.slice(-8, -4))
  return {
    kind: 'png',
    whole: lastChunk === 'IEND',
    width: wordAt(bytes, 18),
    height: wordAt(bytes, 22),
  }
}

function inspectJpeg(bytes: Uint8Array): PhotoFacts {
  const frame = frameHeader(bytes)
  return {
    kind: 'jpeg',
    whole: hasEnd(bytes),
    width: wordAt(bytes, frame + 7),
    height: wordAt(bytes, frame + 5),
  }
}

/** Where the markers SOF0 to SOF2 begin; beyond the end where there is none. */
function frameHeader(bytes: Uint8Array): number {
  let at = 2
  while (at < bytes.length) {
    const marker = wordAt(bytes, at)
    if (marker >= 0xffc0 && marker <= 0xffc2) break
    at += 2 + wordAt(bytes, at + 2)
  }
  return at
}

/** Cameras add previews behind the picture, so the marker EOI may stand anywhere in the second half. */
function hasEnd(bytes: Uint8Array): boolean {
  let at = bytes.length - 2
  while (at > bytes.length / 2 && wordAt(bytes, at) !== 0xffd9) at--
  return wordAt(bytes, at) === 0xffd9
}

/** Two bytes as one number; bytes beyond the end count as zero. */
function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
}
