/** Decoders that say of pictures whether they are whole: libjpeg-turbo, Pillow (its own reader), Chromium. */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright'
import { CHROMIUM_FLAGS, chromiumPath } from './chromium.mjs'

/** `whole`: decoded, and nothing said that pixels are missing. */
export type Verdict = 'whole' | 'not whole'

export interface Picture {
  name: string
  bytes: Uint8Array
}

type Judge = (pictures: readonly Picture[]) => Promise<Map<string, Verdict>>

/** The Python that has Pillow: Debian's package puts it beside the system's own. */
export const python = ['python3', '/usr/bin/python3'].find((path) => runs(path, ['-c', 'import PIL']))
export const hasCjpeg = runs('cjpeg', ['-version'])
const hasDjpeg = runs('djpeg', ['-version'])

/** What is not on this machine, with how to have it. */
export const missingJudges: readonly string[] = [
  ...(hasCjpeg && hasDjpeg ? [] : ['cjpeg and djpeg: apt-get install libjpeg-turbo-progs']),
  ...(python ? [] : ['Pillow: apt-get install python3-pil']),
  ...(chromiumPath ? [] : ['Chromium: apt-get install chromium']),
]

export const judges: Readonly<Record<string, Judge>> = {
  ...(hasDjpeg ? { djpeg: askDjpeg } : {}),
  ...(python ? { Pillow: askPillow } : {}),
  ...(chromiumPath ? { Chromium: askChromium } : {}),
}

function runs(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

const isPng = ({ bytes }: Picture): boolean => bytes[0] === 0x89

/** Writes the pictures into a folder for as long as the work lasts, under their places in the list. */
async function withFiles<Result>(
  pictures: readonly Picture[],
  work: (paths: string[]) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'judged-'))
  try {
    const paths = pictures.map(({ bytes }, index) => {
      const path = join(folder, `${index}.bin`)
      writeFileSync(path, bytes)
      return path
    })
    return await work(paths)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Says of bytes between segments that they are passed over: then no pixel is missing. */
const HARMLESS = /^Corrupt JPEG data: \d+ extraneous bytes before marker 0x[0-9a-f]{2}$/
/** What libjpeg-turbo 2.1 says where pixels are missing, or do not fit what is said of them. */
const WARNING = /^(Corrupt JPEG data|Premature end|Invalid|Inconsistent|Warning|Unknown|Application)/

/** Three times `-verbose`: else only its first warning is printed. In one shell: Node starts it slowly. */
const DJPEG = `
for path in "$@"; do
  djpeg -verbose -verbose -verbose -outfile /dev/null "$path" 2>&1
  echo "status $?"
done
`

async function askDjpeg(pictures: readonly Picture[]): Promise<Map<string, Verdict>> {
  const jpegs = pictures.filter((picture) => !isPng(picture))
  return withFiles(jpegs, async (paths) => {
    const args = ['-c', DJPEG, 'sh', ...paths]
    const { stdout } = await promisify(execFile)('sh', args, { maxBuffer: 2 ** 28, encoding: 'latin1' })
    const said = stdout.split(/^status (\d+)\n/m)
    return new Map(jpegs.map(({ name }, index) => [name, verdictOf(said[index * 2]!, said[index * 2 + 1]!)]))
  })
}

/** Its status is 2 where it warned. */
function verdictOf(text: string, status: string): Verdict {
  const warnings = text.split('\n').filter((line) => WARNING.test(line) && !HARMLESS.test(line))
  const hasDecoded = status === '0' || status === '2'
  return hasDecoded && warnings.length === 0 ? 'whole' : 'not whole'
}

const PILLOW = `
import io, sys, warnings
from PIL import Image
warnings.simplefilter('error')
warnings.simplefilter('ignore', ResourceWarning)
for path in sys.stdin.read().split('\\n'):
    try:
        Image.open(path).load()
        print('whole')
    except Exception:
        print('not whole')
`

async function askPillow(pictures: readonly Picture[]): Promise<Map<string, Verdict>> {
  return withFiles(pictures, async (paths) => {
    const output = execFileSync(python!, ['-c', PILLOW], { input: paths.join('\n'), encoding: 'utf8' })
    const lines = output.trim().split('\n')
    return new Map(pictures.map(({ name }, index) => [name, lines[index] as Verdict]))
  })
}

/** By `createImageBitmap`, which refuses what an `<img>` shows in part. */
async function askChromium(pictures: readonly Picture[]): Promise<Map<string, Verdict>> {
  const browser = await chromium.launch({ executablePath: chromiumPath!, args: CHROMIUM_FLAGS })
  try {
    const page = await browser.newPage()
    const given = pictures.map((picture) => ({
      type: isPng(picture) ? 'image/png' : 'image/jpeg',
      base64: Buffer.from(picture.bytes).toString('base64'),
    }))
    const decoded = await page.evaluate(decodeAll, given)
    return new Map(pictures.map(({ name }, index) => [name, decoded[index] ? 'whole' : 'not whole']))
  } finally {
    await browser.close()
  }
}

/** Runs in the page. */
async function decodeAll(given: { type: string; base64: string }[]): Promise<boolean[]> {
  const decoded: boolean[] = []
  for (const { type, base64 } of given) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const bitmap = createImageBitmap(new Blob([bytes], { type }))
    decoded.push(
      await bitmap.then(
        () => true,
        () => false,
      ),
    )
  }
  return decoded
}

/** What Chromium's canvas makes, as JPEG and PNG, of several sizes and qualities. */
export async function drawInChromium(): Promise<Picture[]> {
  const browser = await chromium.launch({ executablePath: chromiumPath!, args: CHROMIUM_FLAGS })
  try {
    const page = await browser.newPage()
    const drawn = await page.evaluate(drawAll)
    return drawn.map(({ name, url }) => ({
      name,
      bytes: new Uint8Array(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
    }))
  } finally {
    await browser.close()
  }
}

function drawAll(): { name: string; url: string }[] {
  const drawn: { name: string; url: string }[] = []
  for (const [width, height] of [
    [8, 8],
    [33, 47],
    [160, 200],
  ] as const) {
    // prettier-ignore
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width, height })
    const context = canvas.getContext('2d')!
    for (let x = 0; x < width; x += 4) {
      context.fillStyle = `hsl(${x * 37}, 70%, ${30 + (x % 50)}%)`
      context.fillRect(x, (x * 7) % height, 9, 30)
    }
    const size = `${width} × ${height}`
    drawn.push({ name: `canvas PNG ${size}`, url: canvas.toDataURL('image/png') })
    for (const quality of [0, 0.3, 0.7, 0.92, 1]) {
      drawn.push({ name: `canvas JPEG ${size} ${quality}`, url: canvas.toDataURL('image/jpeg', quality) })
    }
  }
  return drawn
}
