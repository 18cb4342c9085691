/** Whole pictures, as encoders write them: libjpeg-turbo's cjpeg, Pillow, Chromium, and those of the demo. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chromiumPath } from './chromium.mjs'
import { drawInChromium, hasCjpeg, type Picture, python } from './photo-judges'

/** A picture without a file format: soft colours and some noise, always the same. */
function portableMap(width: number, height: number): Buffer {
  const head = Buffer.from(`P6\n${width} ${height}\n255\n`)
  const pixels = Buffer.alloc(width * height * 3)
  let noise = 1
  for (let at = 0; at < pixels.length; at++) {
    noise = (noise * 48_271) % 2_147_483_647
    pixels[at] = ((at * 255) / pixels.length + (noise % 60)) & 255
  }
  return Buffer.concat([head, pixels])
}

const CJPEG_OPTIONS = [
  '-quality 5',
  '-quality 50',
  '-quality 100',
  '-quality 30 -progressive',
  '-quality 90 -progressive',
  '-arithmetic',
  '-arithmetic -progressive',
  '-grayscale',
  '-grayscale -progressive',
  '-optimize',
  '-restart 1B',
  '-restart 3B',
  '-restart 1 -progressive',
  '-sample 1x1',
  '-sample 2x2',
  '-sample 4x1',
  '-rgb',
  '-quality 10 -baseline',
  '-dct float -smooth 50',
]

function byCjpeg(): Picture[] {
  const made: Picture[] = []
  for (const [width, height] of [
    [8, 8],
    [33, 47],
    [96, 120],
  ] as const) {
    // prettier-ignore
    const input = portableMap(width, height)
    for (const options of CJPEG_OPTIONS) {
      const bytes = execFileSync('cjpeg', options.split(' '), { input, stdio: ['pipe', 'pipe', 'ignore'] })
      made.push({ name: `cjpeg ${width} × ${height} ${options}`, bytes: new Uint8Array(bytes) })
    }
  }
  return made
}

/** Prints a line a picture: its name, a tab, and base64. */
const PILLOW = `
import base64, io
from PIL import Image
def give(name, image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    print('Pillow ' + name + '\\t' + base64.b64encode(file.getvalue()).decode())
for size in [(8, 8), (61, 45), (120, 96)]:
    grey = Image.linear_gradient('L').resize(size)
    image = Image.merge('RGB', [grey.rotate(90 * turn) for turn in range(3)])
    says = '%d × %d ' % size
    for quality in [1, 40, 75, 95]:
        for progressive in [False, True]:
            options = { 'quality': quality, 'progressive': progressive }
            give(says + '%d %s' % (quality, progressive), image, 'JPEG', **options)
    give(says + 'grey', image.convert('L'), 'JPEG')
    give(says + 'CMYK', image.convert('CMYK'), 'JPEG')
    give(says + 'optimized', image, 'JPEG', optimize=True, subsampling=0)
    exif = Image.Exif()
    exif[0x0112] = 6
    give(says + 'turned, with a colour profile', image, 'JPEG', exif=exif, icc_profile=bytes(range(256)) * 9)
    give(says + 'with a long profile', image, 'JPEG', icc_profile=bytes(range(256)) * 600)
    give(says + 'of two pictures', image, 'MPO', save_all=True, append_images=[image.rotate(180)])
    for mode in ['RGB', 'RGBA', 'L', 'LA', 'P', '1', 'I;16']:
        deep = Image.new('I;16', size, 700)
        give(says + mode, deep if mode == 'I;16' else image.convert(mode), 'PNG')
    give(says + 'optimized PNG', image, 'PNG', optimize=True, dpi=(300, 300))
`

function byPillow(): Picture[] {
  const output = execFileSync(python!, ['-c', PILLOW], { encoding: 'utf8', maxBuffer: 2 ** 28 })
  const lines = output.trim().split('\n')
  return lines.map((line) => {
    const [name = '', base64 = ''] = line.split('\t')
    return { name, bytes: new Uint8Array(Buffer.from(base64, 'base64')) }
  })
}

function ofDemo(name: string): Picture {
  const path = new URL(`../../playground/demo/photos/${name}`, import.meta.url)
  return { name: `demo ${name}`, bytes: new Uint8Array(readFileSync(path)) }
}

/** As many as this machine can make; those of the demo everywhere. */
export async function encodePictures(): Promise<Picture[]> {
  return [
    ofDemo('user-001.jpg'),
    ofDemo('user-009.png'),
    ...(hasCjpeg ? byCjpeg() : []),
    ...(python ? byPillow() : []),
    ...(chromiumPath ? await drawInChromium() : []),
  ]
}
