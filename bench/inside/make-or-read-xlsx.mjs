/**
 * node make-or-read-xlsx.mjs <shared|inline> <file> <rows>: a sheet of seven columns whose texts stand in a
 * table of their own, as Excel writes them, or in the cells.
 * node make-or-read-xlsx.mjs read <file>: reads it; prints the rows, the time and the peak of RSS, all of it.
 */
import { writeFileSync } from 'node:fs'
import { strToU8, zipSync } from 'fflate'
import { xlsxRows } from '../../dist/node.js'

const [what, file, count] = process.argv.slice(2)

if (what === 'read') await read()
else make(what === 'shared')

async function read() {
  const started = performance.now()
  let rows = 0
  for await (const row of xlsxRows(file)) rows += row.error ? 0 : 1
  const ms = performance.now() - started
  console.log(JSON.stringify({ rows, ms, mb: (process.resourceUsage().maxRSS * 1024) / 1e6 }))
}

function make(isShared) {
  const texts = new Map()
  const cell = (text) => {
    if (typeof text === 'number') return `<c s="1"><v>${text}</v></c>`
    if (!isShared) return `<c t="inlineStr"><is><t>${text}</t></is></c>`
    if (!texts.has(text)) texts.set(text, texts.size)
    return `<c t="s"><v>${texts.get(text)}</v></c>`
  }
  const row = (cells) => `<row>${cells.map(cell).join('')}</row>`
  const rows = [row(['user_id', 'user_created_at', 'photo', 'note', 'name', 'branch', 'email'])]
  for (let i = 0; i < Number(count); i++) {
    const id = `${i}`.padStart(8, '0')
    const note = `What somebody wrote about the user in row ${i}`
    rows.push(
      row([id, 44_000 + i / 1000, `${id}.jpg`, note, `Name ${i}`, `Branch ${i % 50}`, `u${i}@example.com`]),
    )
  }
  const sheet = '<sheets><sheet name="Users" sheetId="1" r:id="r1"/></sheets>'
  const formats = '<xf numFmtId="0"/><xf numFmtId="22"/>'
  const table = [...texts.keys()].map((text) => `<si><t>${text}</t></si>`).join('')
  const office = 'http://schemas.openxmlformats.org'
  const relations = `<Relationships xmlns="${office}/package/2006/relationships">`
  const parts = {
    'xl/workbook.xml': `<workbook xmlns:r="${office}/officeDocument/2006/relationships">${sheet}</workbook>`,
    'xl/_rels/workbook.xml.rels': `${relations}<Relationship Id="r1" Target="sheet1.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet><cellXfs>${formats}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst>${table}</sst>`,
    'xl/sheet1.xml': `<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>`,
  }
  const bytes = Object.entries(parts).map(([name, text]) => [name, strToU8(text)])
  writeFileSync(file, zipSync(Object.fromEntries(bytes)))
}
