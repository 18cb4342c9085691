/** What a workbook says about its sheets: where they are, their texts and their formats. */
import { fileError } from '../../rows/errors.ts'
import { listNames } from '../../rows/header.ts'
import { builtInFormat } from './formats.ts'
import { type OpenParts, type Part, readWholeXml } from './parts.ts'
import { pathOfKind, readRelations } from './relations.ts'

export interface Workbook {
  sheet: Part
  /** The texts that cells point to. */
  texts: string[]
  /** The number format of each style. */
  formats: string[]
  /** Whether days are counted from 1904, as on old Macs. */
  isFrom1904: boolean
  /** Whether the values of formulas are not final, as in what programs write that cannot calculate. */
  isUncalculated: boolean
}

interface SheetEntry {
  name: string
  id: string
  isHidden: boolean
}

/** Charts and old macros stand among the sheets, too. */
const IS_NO_TABLE = /^(chart|dialog|.*macro)sheet$/i

/** @throws {SmileIdInputError} `invalid_input`: there is no such sheet, or no workbook at all. */
export function readWorkbook(openParts: OpenParts, sheetName: string | undefined): Workbook {
  const path = pathOfKind(readRelations(openParts), 'officeDocument') ?? 'xl/workbook.xml'
  const workbook = openParts([path]).get(path)
  if (!workbook || /\.bin$/i.test(path)) throw noWorkbook(openParts)

  const { sheets, isFrom1904, isUncalculated } = readSheets(workbook)
  const relations = readRelations(openParts, path)
  const tables = sheets.filter(({ id }) => !IS_NO_TABLE.test(relations.get(id)?.kind ?? ''))
  const sheetPath = relations.get(chooseSheet(tables, sheetName).id)?.path ?? ''
  const sheet = openParts([sheetPath]).get(sheetPath)
  if (!sheet) throw fileError('is a damaged .xlsx: its sheet is not there')
  const textsPath = pathOfKind(relations, 'sharedStrings') ?? 'xl/sharedStrings.xml'
  const stylesPath = pathOfKind(relations, 'styles') ?? 'xl/styles.xml'
  const parts = openParts([textsPath, stylesPath])
  return {
    sheet,
    isFrom1904,
    isUncalculated,
    texts: readTexts(parts.get(textsPath)),
    formats: readFormats(parts.get(stylesPath)),
  }
}

/** What other programs keep in a zip, too. */
function noWorkbook(openParts: OpenParts): Error {
  const found = openParts(['xl/_rels/workbook.bin.rels', 'mimetype'])
  const isOpenDocument = new TextDecoder().decode(found.get('mimetype')).includes('opendocument')
  if (isOpenDocument) return fileError('is an OpenDocument sheet (.ods): save it as .xlsx')
  if (found.has('xl/_rels/workbook.bin.rels')) return fileError('is an .xlsb: save it as .xlsx')
  return fileError('is no .xlsx: it has no workbook')
}

function readSheets(
  workbook: Part,
): { sheets: SheetEntry[] } & Pick<Workbook, 'isFrom1904' | 'isUncalculated'> {
  const sheets: SheetEntry[] = []
  let isFrom1904 = false
  let isUncalculated = false
  readWholeXml(workbook, {
    open(name, attributes) {
      if (name === 'workbookPr') isFrom1904 = isTrue(attributes.date1904)
      if (name === 'calcPr') isUncalculated = isTrue(attributes.fullCalcOnLoad)
      if (name !== 'sheet') return
      const id = Object.entries(attributes).find(([key]) => /(^|:)id$/.test(key) && key !== 'sheetId')?.[1]
      const isHidden = /hidden/i.test(attributes.state ?? '')
      sheets.push({ name: attributes.name ?? '', id: id ?? '', isHidden })
    },
  })
  return { sheets, isFrom1904, isUncalculated }
}

function isTrue(attribute = ''): boolean {
  return /^(1|true)$/.test(attribute)
}

function chooseSheet(sheets: SheetEntry[], wanted: string | undefined): SheetEntry {
  const names = listNames(sheets.map(({ name }) => name))
  if (wanted === undefined) {
    const first = sheets.find(({ isHidden }) => !isHidden) ?? sheets[0]
    if (!first) throw fileError('has no sheet', 'missing')
    return first
  }
  const isLike = ({ name }: SheetEntry) => name.trim().toLowerCase() === wanted.trim().toLowerCase()
  const chosen = sheets.find(({ name }) => name === wanted) ?? sheets.find(isLike)
  if (!chosen) throw fileError(`has no sheet of this name; there are ${names}`, 'missing')
  return chosen
}

/** Texts with formats are in several pieces; how they are spoken (`rPh`) is no part of them. */
function readTexts(part: Part | undefined): string[] {
  const texts: string[] = []
  let pieces: string[] = []
  let isText = false
  let isSpoken = false
  readWholeXml(part, {
    open(name) {
      if (name === 'si') pieces = []
      if (name === 'rPh') isSpoken = true
      isText = name === 't' && !isSpoken
    },
    text(text) {
      if (isText) pieces.push(text)
    },
    close(name) {
      if (name === 'rPh') isSpoken = false
      if (name === 't') isText = false
      if (name === 'si') texts.push(plainText(pieces.join('')))
    },
  })
  return texts
}

/** Control characters, which XML cannot have, are written as `_x000D_`. */
export function plainText(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([\da-f]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

function readFormats(styles: Part | undefined): string[] {
  const own = new Map<string, string>()
  const formats: string[] = []
  let isCellFormats = false
  readWholeXml(styles, {
    open(name, { numFmtId = '0', formatCode = '' }) {
      if (name === 'numFmt') own.set(numFmtId, formatCode)
      if (name === 'cellXfs') isCellFormats = true
      if (name === 'xf' && isCellFormats) formats.push(own.get(numFmtId) ?? builtInFormat(Number(numFmtId)))
    },
    close(name) {
      if (name === 'cellXfs') isCellFormats = false
    },
  })
  return formats
}
