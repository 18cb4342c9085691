/** Photos of any size, and the credentials that all programs share. */
import { samplePhoto } from '../../dist/emulator.js'

export const credentials = { partnerId: '085', apiKey: '6b1f5e0a-9d6c-4f0e-8a53-0d0b3c1f7e21' }

/** As large as a photo may be: a small one, its scan drawn out before the end marker. */
export function largePhoto(size = 5_000_000) {
  const small = samplePhoto()
  const photo = new Uint8Array(size).fill(0x55)
  photo.set(small.subarray(0, -2))
  photo.set(small.subarray(-2), size - 2)
  return photo
}

/** A JPEG whose pixels take up nearly all of it, with a byte FF in 256, as those of cameras have. */
export function densePhoto(size) {
  const sample = samplePhoto()
  const pixelsFrom = Buffer.from(sample).indexOf('ffda', 'hex') + 14
  const photo = new Uint8Array(size)
  let noise = 1
  for (let at = pixelsFrom; at < size - 2; at++) {
    noise = (noise * 48_271) % 2_147_483_647
    photo[at] = photo[at - 1] === 0xff ? 0 : noise >> 8
  }
  photo.set(sample.subarray(0, pixelsFrom))
  photo.set([0, 0xff, 0xd9], size - 3)
  return photo
}
