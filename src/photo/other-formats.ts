/** What phones, browsers and exports save under the name of .jpg: its name, and what to do about it. */

interface OtherFormats {
  cure: string
  /** Their first bytes, as Latin-1. */
  starts: readonly (readonly [name: string, start: RegExp])[]
}

/** The first that fits counts. Videos are what is left of those with the box `ftyp`. */
const OTHER_FORMATS: readonly OtherFormats[] = [
  {
    cure: 'convert it to JPEG',
    starts: [
      ['AVIF', /^.{4}ftyp.{0,40}avi[fs]/s],
      ['HEIC', /^.{4}ftyp(he[iv]|mi[fa]|msf)/s],
      ['WebP', /^RIFF.{4}WEBP/s],
      ['GIF', /^GIF8/],
      ['BMP', /^BM.{4}\0/s],
      ['TIFF or a raw picture', /^(II[*+]|MM\0|.{4}ftypcrx)/s],
      ['JPEG XL', /^(\xff\n|.{4}JXL )/s],
      ['JPEG 2000', /^(\xffO|.{4}jP )/s],
      ['PDF', /^%PDF/],
      ['SVG', /^[^<]{0,9}<(svg|[!?].*<svg)/is],
    ],
  },
  {
    cure: 'take a still picture out of it',
    starts: [['a video', /^(.{4}(ftyp|moov|mdat|wide)|RIFF|\x1aE\xdf\xa3)/s]],
  },
  {
    cure: 'see how it was downloaded',
    starts: [
      ['HTML', /^(\xef\xbb\xbf)?\s*</],
      ['JSON', /^\s*\{/],
    ],
  },
  { cure: 'decode it first', starts: [['base64 as bytes', /^(data:|\/9j\/|iVBORw0K)/]] },
]

/** Enough for an SVG behind its XML declaration, and for the brands of a file of the HEIC family. */
const START_BYTES = 512

export function nameOtherFormat(bytes: Uint8Array): string {
  const first = String.fromCharCode(...bytes.subarray(0, START_BYTES))
  const taken = 'only JPEG and PNG are taken'
  for (const { cure, starts } of OTHER_FORMATS) {
    const found = starts.find(([, start]) => start.test(first))
    if (found) return `is ${found[0]}: ${taken}, ${cure}`
  }
  return `is no picture: ${taken}`
}
