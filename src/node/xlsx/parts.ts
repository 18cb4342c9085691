/**
 * The parts of an .xlsx file, which is a zip of XML.
 *
 * A whole reader of sheets would be less code here: read-excel-file 9 is kept well, but gives the number 42
 * where the cell shows 00042, and an id is used once; exceljs 4, which tells formats, has had no release
 * since 2023.
 */
import { readFile } from 'node:fs/promises'
import { unzipSync } from 'fflate'
import sax from 'sax'
import { createDecoder, encodingOf, type PieceDecoder } from '../../rows/encoding.ts'
import { fileError, MAX_LINE } from '../../rows/errors.ts'
import { readError } from '../text-file.ts'

export type Part = Uint8Array

/** Of one part, unpacked. A million rows of ten cells have some 400 MB. */
const MOST_BYTES = 512_000_000

/** Opens parts by their names, which differ in case between programs. */
export type OpenParts = (names: readonly string[]) => Map<string, Part>

/** @throws {SmileIdInputError} `invalid_input`: the file cannot be read, or is no .xlsx. */
export async function openPackage(path: string): Promise<OpenParts> {
  const file = await readFile(path).catch((error: unknown) => {
    throw readError(error)
  })
  checkKind(file)
  return (names) => {
    const wanted = new Map(names.map((name) => [name.toLowerCase(), name]))
    const found = new Map<string, Part>()
    try {
      const parts = unzipSync(file, {
        filter({ name, originalSize }) {
          const isWanted = wanted.has(name.toLowerCase())
          if (isWanted && originalSize > MOST_BYTES) throw tooLargeError()
          return isWanted
        },
      })
      for (const [name, part] of Object.entries(parts)) found.set(wanted.get(name.toLowerCase())!, part)
    } catch (error) {
      if ((error as Error).name.startsWith('SmileId')) throw error
      throw damagedError()
    }
    return found
  }
}

function damagedError(): Error {
  return fileError('is a damaged .xlsx: open it in a spreadsheet, and save it again')
}

function tooLargeError(): Error {
  return fileError('has a sheet of more than 512 MB: save it as CSV (UTF-8)')
}

function checkKind(file: Uint8Array): void {
  if (file.length === 0) throw fileError('is empty', 'missing')
  const [a, b, c, d] = file
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4) return
  // The container of old .xls files, and of those with a password.
  const isOld = a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0
  if (isOld) throw fileError('is an old .xls, or has a password: save it as .xlsx without one')
  // HTML and XML, which many programs name .xls.
  const isMarkup = /^\s*<[!?a-z]/i.test(new TextDecoder().decode(file.subarray(0, 100)))
  if (isMarkup) throw fileError('is HTML or XML and no .xlsx: open it in a spreadsheet, and save it as .xlsx')
  throw fileError('is no .xlsx: name it after what it is, such as .csv')
}

export interface XmlHandlers {
  /** With the name of the element without its prefix. */
  open?(name: string, attributes: Record<string, string>): void
  text?(text: string): void
  close?(name: string): void
}

const PIECE = 65_536

/** Reads XML, and stops after each piece, so that what was found so far can be taken. */
export function* readXml(part: Part, handlers: XmlHandlers): Generator<void> {
  const parser = sax.parser(true)
  let textLength = 0
  const handleText = (text: string) => {
    textLength += text.length
    if (textLength > MAX_LINE) throw fileError(`has a text of more than ${MAX_LINE} characters`)
    handlers.text?.(text)
  }
  Object.assign(parser, {
    onerror() {
      throw damagedError()
    },
    onopentag({ name, attributes }: sax.Tag) {
      textLength = 0
      handlers.open?.(localName(name), attributes)
    },
    onclosetag: (name: string) => handlers.close?.(localName(name)),
    ontext: handleText,
    oncdata: handleText,
  })

  const decoder = createDecoder(encodingOf(part))
  for (let at = 0; at < part.length; at += PIECE) {
    parser.write(decodeOrThrow(decoder, part.subarray(at, at + PIECE)))
    yield
  }
  parser.close()
  yield
}

function decodeOrThrow(decoder: PieceDecoder, piece: Uint8Array): string {
  try {
    return decoder.decode(piece)
  } catch {
    throw damagedError()
  }
}

/** Reads all of it. */
export function readWholeXml(part: Part | undefined, handlers: XmlHandlers): void {
  if (!part) return
  for (const _ of readXml(part, handlers)) continue
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
