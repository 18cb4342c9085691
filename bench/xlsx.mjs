/** What it takes to read an .xlsx of a hundred thousand rows. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTurn } from './inside/rounds.mjs'
import { at, inside, line, output, print } from './lib.mjs'

const ROWS = 100_000
const SCRIPT = 'make-or-read-xlsx.mjs'

export async function xlsx() {
  const dir = await mkdtemp(join(tmpdir(), 'xlsx-'))
  try {
    const files = { shared: join(dir, 'shared.xlsx'), inline: join(dir, 'inline.xlsx') }
    for (const [kind, file] of Object.entries(files))
      await output(process.execPath, [at(`bench/inside/${SCRIPT}`), kind, file, `${ROWS}`])
    const taken = await inTurn(3, {
      shared: () => inside(SCRIPT, 'read', files.shared),
      inline: () => inside(SCRIPT, 'read', files.inline),
    })
    const isWhole = Object.values(taken).every((rounds) => rounds.every(({ rows }) => rows === ROWS))
    if (!isWhole) throw new Error('rows are missing')
    const seconds = (kind) => taken[kind].map(({ ms }) => ms / 1000)
    const peak = (kind) => taken[kind].map(({ mb }) => mb)
    print(
      'an .xlsx of 100,000 rows in seven columns, read row by row, Node, a fresh process each',
      ['ours', ''],
      [
        line('texts in a table of their own: peak RSS, all of it', 'MB', peak('shared'), undefined, {
          max: 400,
        }),
        line('texts in the cells: peak RSS, all of it', 'MB', peak('inline'), undefined, { max: 400 }),
        line('texts in a table of their own: time', 's', seconds('shared')),
        line('texts in the cells: time', 's', seconds('inline')),
      ],
    )
  } finally {
    await rm(dir, { recursive: true })
  }
}
