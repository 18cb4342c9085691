/** Sheets of Excel, made by hand. */
import { zipSync } from 'fflate'

/** The parts of an .xlsx file with one sheet. */
export function xlsx({
  cells,
  texts = [],
  formats = [],
  date1904 = false,
  prefix = '',
  isUncalculated = false,
}: {
  cells: string
  texts?: string[]
  formats?: string[]
  date1904?: boolean
  prefix?: string
  isUncalculated?: boolean
}): Uint8Array {
  const main = `xmlns${prefix ? ':x' : ''}="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
  const p = prefix
  const sheetData = `<${p}sheetData>${cells}</${p}sheetData>`
  const parts = {
    'xl/workbook.xml':
      `<${p}workbook ${main} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
      `<${p}workbookPr date1904="${date1904 ? 1 : 0}"/><${p}sheets>` +
      `<${p}sheet name="old" sheetId="1" state="hidden" r:id="rId1"/>` +
      `<${p}sheet name="Users" sheetId="2" r:id="rId2"/></${p}sheets>` +
      `<${p}calcPr fullCalcOnLoad="${isUncalculated ? 1 : 0}"/></${p}workbook>`,
    'xl/_rels/workbook.xml.rels':
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
      '<Relationship Id="rId1" Type="t" Target="worksheets/sheet1.xml"/>' +
      '<Relationship Id="rId2" Type="t" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
    'xl/styles.xml':
      `<styleSheet xmlns="m"><numFmts>${formats.map(numFmt).join('')}` +
      `</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>` +
      `${formats.map((_, at) => `<xf numFmtId="${164 + at}"/>`).join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst xmlns="m">${texts.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml': '<worksheet xmlns="m"><sheetData/></worksheet>',
    'xl/worksheets/sheet2.xml': `<${p}worksheet ${main}>${sheetData}</${p}worksheet>`,
  }
  const encoder = new TextEncoder()
  return zipSync(
    Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, encoder.encode(text)])),
  )
}

const numFmt = (code: string, at: number) => `<numFmt numFmtId="${164 + at}" formatCode="${code}"/>`
