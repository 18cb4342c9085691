/**
 * Pictures as decoders see them: some six hundred, made here, are shown to three decoders. What all of them
 * decode is taken, what is cut off is refused; where they differ, CHOICES says what is done and why.
 */
import { isSmileIdError } from 'smileid-edge/errors'
import { readPhoto } from 'smileid-edge/photo'
import { beforeAll, describe, expect, it } from 'vitest'
import { inspectPhoto, isUsable } from '../../../src/emulator/photo-check.ts'
import { encodePictures } from '../../support/photo-encoders'
import { judges, missingJudges, type Picture, type Verdict } from '../../support/photo-judges'
import {
  cutsOf,
  damagesOf,
  flipsOf,
  odditiesOf,
  pngDamagesOf,
  pngOdditiesOf,
  restartDamagesOf,
} from '../../support/photo-surgery'

if (missingJudges.length > 0) {
  const text = `PHOTOS ARE NOT JUDGED BY ${missingJudges.join('; ')}`
  if (process.env.CI) throw new Error(text)
  console.log(`\n!!! ${text}\n`)
}

type Ours = 'taken' | 'photo_truncated' | 'photo_format'
type Kind = 'encoded' | 'odd' | 'cut' | 'damaged' | 'flipped'
interface Judged extends Picture {
  kind: Kind
  ours: Ours
  size: string
  verdicts: Verdict[]
}

/** Where decoders differ, or a choice is not theirs: what is done, and why. */
const CHOICES: readonly { name: RegExp; ours: Ours; because: string }[] = [
  {
    name: /restart (where none|is missing|has another)|a stretch is missing/,
    ours: 'photo_truncated',
    because: 'libjpeg says that pixels are missing; Pillow and Chromium paint something in their place',
  },
  {
    name: /half, and zeros/,
    ours: 'photo_truncated',
    because: 'there is no end; Pillow does not look for it where zeros were read as pixels',
  },
  {
    name: /PNG.*: no end|png: no end|P: no end|: the first \d+ bytes/,
    ours: 'photo_truncated',
    because: 'the file was cut, if behind the pixels: Pillow does not read so far',
  },
  {
    name: /: half an end/,
    ours: 'photo_truncated',
    because: 'so was this, within the last four bytes of a PNG, which none of the decoders reads',
  },
  {
    name: /checksum of IDAT|a byte of its pixels/,
    ours: 'photo_format',
    because: 'libpng and Chromium refuse it; Pillow looks at no checksum of this chunk',
  },
  {
    name: /a comment whose checksum is wrong/,
    ours: 'taken',
    because: 'all pixels are right: libpng and Chromium drop the comment; Pillow refuses the picture',
  },
  {
    name: /: bit \d+ of byte/,
    ours: 'taken',
    because: 'a changed size or table looks like one that was meant; libjpeg counts, when it decodes',
  },
]

const all: Judged[] = []

beforeAll(async () => {
  const encoded = await encodePictures()
  const begins = (start: string) => encoded.filter(({ name }) => name.startsWith(start))
  const bases = [
    ...begins('cjpeg 33 × 47 -quality 50'),
    ...begins('cjpeg 96 × 120 -quality 90 -progressive'),
    ...begins('Pillow 61 × 45 75 False'),
    ...begins('canvas JPEG 33 × 47 0.7'),
  ]
  const pngs = [...begins('demo user-009'), ...begins('canvas PNG 33'), ...begins('Pillow 61 × 45 P')]
  const kinds: [Kind, Picture[]][] = [
    ['encoded', encoded],
    ['odd', [...bases.flatMap(odditiesOf), ...pngs.flatMap(pngOdditiesOf)]],
    ['cut', [...begins('demo user-001'), ...bases, ...pngs].flatMap((base) => cutsOf(base, 20))],
    ['damaged', [...bases.flatMap(damagesOf), ...pngs.flatMap(pngDamagesOf)]],
    ['damaged', begins('cjpeg 33 × 47 -restart').slice(0, 1).flatMap(restartDamagesOf)],
    ['flipped', bases.slice(0, 1).flatMap(flipsOf)],
  ]
  const pictures = kinds.flatMap(([kind, made]) => made.map((picture) => ({ ...picture, kind })))
  const verdicts = await Promise.all(Object.values(judges).map((judge) => judge(pictures)))
  for (const picture of pictures) {
    const given = verdicts.flatMap((byName) => byName.get(picture.name) ?? [])
    all.push({ ...picture, ...(await ask(picture.bytes)), verdicts: given })
  }
})

async function ask(bytes: Uint8Array): Promise<{ ours: Ours; size: string }> {
  try {
    const { width, height } = await readPhoto(bytes)
    return { ours: 'taken', size: `${width} × ${height}` }
  } catch (error) {
    if (!isSmileIdError(error, 'invalid_input')) throw error
    return { ours: error.issues[0]!.code as Ours, size: '' }
  }
}

const of = (...kinds: Kind[]) => all.filter(({ kind }) => kinds.includes(kind))
const names = (pictures: Judged[]) => pictures.map(({ name, ours }) => `${name}: ${ours}`)
const choiceFor = ({ name }: Judged) => CHOICES.find((choice) => choice.name.test(name))
const isChosen = (picture: Judged) => choiceFor(picture)?.ours === picture.ours
const allSay = ({ verdicts }: Judged, verdict: Verdict) => verdicts.every((one) => one === verdict)
const differ = (picture: Judged) => !allSay(picture, 'whole') && !allSay(picture, 'not whole')

describe('the pictures', () => {
  it('have names of their own, and are three hundred at least where all encoders are', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    expect(all.length).toBeGreaterThanOrEqual(missingJudges.length === 0 ? 300 : 50)
  })

  it('are taken as encoders write them, and with what cameras and programs add', () => {
    const refused = of('encoded', 'odd').filter(({ ours }) => ours !== 'taken')
    expect(names(refused)).toEqual([])
  })

  it('are cut off where they were cut, wherever that is', () => {
    const missed = of('cut').filter(({ ours }) => ours !== 'photo_truncated')
    expect(names(missed)).toEqual([])
  })

  it('are cut off where another picture or a video begins within them', () => {
    const missed = all.filter(({ name, ours }) => /half, and/.test(name) && ours !== 'photo_truncated')
    expect(names(missed)).toEqual([])
  })

  it('are refused where they were damaged', () => {
    const missed = of('damaged').filter(({ ours }) => ours === 'taken')
    expect(names(missed)).toEqual([])
  })

  it("are to the emulator's own reader what they are to the SDK's", () => {
    const other = all.filter(({ bytes, ours, size }) => {
      const { width, height } = inspectPhoto(bytes)
      const isTaken = isUsable(bytes, 0)
      return isTaken !== (ours === 'taken') || (isTaken && `${width} × ${height}` !== size)
    })
    expect(names(other)).toEqual([])
  })
})

// Not skipped where one is missing, which would count as failed: it was said above.
if (missingJudges.length === 0)
  describe('three decoders', () => {
    it('decode what encoders write, and what cameras and programs add', () => {
      const notWhole = of('encoded', 'odd').filter((picture) => !allSay(picture, 'whole'))
      expect(names(notWhole.filter((picture) => !isChosen(picture)))).toEqual([])
    })

    it('decode together nothing that is refused', () => {
      const refused = all.filter((picture) => allSay(picture, 'whole') && picture.ours !== 'taken')
      expect(names(refused.filter((picture) => !isChosen(picture)))).toEqual([])
    })

    it('refuse together nothing that is taken, but where a bit of a table is another', () => {
      const refused = all.filter((picture) => allSay(picture, 'not whole'))
      const taken = refused.filter(({ ours }) => ours === 'taken')
      expect(names(taken.filter(({ kind }) => kind !== 'flipped'))).toEqual([])
      // Found by decoding alone; most others are found.
      expect(taken.length).toBeLessThan(of('flipped').length / 6)
    })

    it('differ where a choice is written down, and all choices are met with', () => {
      const open = all.filter((picture) => differ(picture) && !isChosen(picture))
      expect(names(open)).toEqual([])
      const unmet = CHOICES.filter((choice) => !all.some((picture) => choiceFor(picture) === choice))
      expect(unmet).toEqual([])
    })
  })
