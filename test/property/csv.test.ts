/** The CSV reader beside a writer of its own and beside another reader. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { csvRows } from 'smileid-edge/node'
import { cellText, csvRecords } from '../../src/rows/csv.ts'
import { all } from '../support/all.ts'
import { checkProperty } from '../support/property.ts'

let path = ''
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'csv-')), 'rows.csv')
})
afterAll(() => rm(join(path, '..'), { recursive: true }))

const cell = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '\r\n', 'a', ' ', '\ufeff', 'é', '𝄞') }),
    fc.constant(''),
    // Longer than what is read at once, with a character of four bytes across the border.
    fc.nat(5).map((more) => 'x'.repeat(65_530 + more) + '𝄞"\n'),
  )
  .filter((text) => !text.includes('\0'))
const write = (text: string, quoted: boolean) =>
  quoted || /[",\r\n]|^\ufeff/.test(text) ? `"${text.split('"').join('""')}"` : text

it('reads back what was written, whichever way, and counts the lines', async () => {
  await checkProperty(
    fc.asyncProperty(
      fc.array(
        fc
          .tuple(cell, cell, cell, cell, fc.boolean())
          // A row without any text is none.
          .filter((cells) => cells.slice(0, 4).some((text) => `${text}`.trim() !== '')),
        { maxLength: 8 },
      ),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.boolean(),
      async (written, end, bom, last) => {
        const names = ['note', 'photo', 'user_id', 'user_created_at']
        const lines = written.map(([a, b, c, d, quoted]) =>
          [a, b, c, d].map((text) => write(text, quoted)).join(','),
        )
        const text = [names.join(','), ...lines].join(end) + (last ? end : '')
        await writeFile(path, (bom ? '\ufeff' : '') + text)
        const rows = await all(csvRows(path))
        expect(rows.map(({ columns }) => names.map((name) => columns[name]))).toEqual(
          written.map((cells) => cells.slice(0, 4)),
        )
        expect(rows.map(({ user_id, user_created_at }) => [user_id, user_created_at])).toEqual(
          written.map((cells) => [cells[2], cells[3]]),
        )
        let line = 2
        for (const [i, row] of rows.entries()) {
          expect(row.line).toBe(line)
          line += lines[i]!.split('\n').length
        }
      },
    ),
    { numRuns: 300 },
  )
})

it('takes and refuses what csv-parse does, wherever the text is cut, and loses no byte', async () => {
  const alphabet = fc.constantFrom('"', '"', ',', ',', '\n', '\r\n', 'a', 'b c')
  const seen = { taken: 0, refused: 0 }
  const { complete } = await checkProperty(
    fc.asyncProperty(
      fc.array(alphabet, { maxLength: 30 }).map((parts) => parts.join('')),
      fc.array(fc.nat(30), { maxLength: 5 }),
      async (text, cuts) => {
        const at = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length]
        async function* pieces() {
          for (let i = 1; i < at.length; i++) yield text.slice(at[i - 1], at[i])
        }
        const theirs = attempt(
          () =>
            parse(text, {
              record_delimiter: ['\r\n', '\n'],
              relax_column_count: true,
              skip_empty_lines: true,
            }) as string[][],
        )
        const batches = await all(csvRecords(pieces(), { delimiter: ',', names: [] })).catch(() => undefined)
        const records = batches?.flat()
        const cells = records?.map(({ raw }) => raw.map(cellText))
        const ours = cells?.flat().includes(undefined) ? undefined : cells
        expect(ours).toEqual(theirs)
        seen[ours ? 'taken' : 'refused']++
        for (const { raw, line } of records ?? [])
          expect(
            text
              .split('\n')
              .slice(line - 1)
              .join('\n')
              .startsWith(raw.join(',')),
          ).toBe(true)
        if (records)
          expect(
            records
              .map(({ raw }) => raw.join(','))
              .join('')
              .replaceAll(/[\r\n]/g, ''),
          ).toBe(text.replaceAll(/[\r\n]/g, ''))
      },
    ),
    { numRuns: 5000 },
  )
  if (complete) expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(500)
})

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
