/** How long a journal of a million rows takes to open and to read. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTurn } from './inside/rounds.mjs'
import { at, inside, line, output, print } from './lib.mjs'

const ROWS = '1000000'

export async function journal() {
  const dir = await mkdtemp(join(tmpdir(), 'journal-'))
  try {
    const file = join(dir, 'run.ndjson')
    await output(process.execPath, [at('bench/inside/write-or-read-journal.mjs'), 'make', file, ROWS])
    const taken = await inTurn(
      5,
      Object.fromEntries(
        ['read', 'shuffled', 'iterate'].map((what) => [
          what,
          () => inside('write-or-read-journal.mjs', what, file, ROWS),
        ]),
      ),
    )
    const seconds = (what) => taken[what].map(({ ms }) => ms / 1000)
    const peak = (what) => taken[what].map(({ mb }) => mb)
    print(
      'a journal of a million rows, each sent and enrolled, opened and asked for every row, Node, ' +
        'a fresh process each',
      ['ours', ''],
      [
        line('in the order of the journal', 's', seconds('read'), undefined, { max: 8 }),
        line('in another order', 's', seconds('shuffled'), undefined, { max: 8 }),
        line('iterated', 's', seconds('iterate'), undefined, { max: 8 }),
        line('peak RSS, in the order of the journal', 'MB', peak('read'), undefined, { max: 300 }),
        line('peak RSS, in another order', 'MB', peak('shuffled'), undefined, { max: 300 }),
        line('peak RSS, iterated', 'MB', peak('iterate'), undefined, { max: 300 }),
      ],
    )
  } finally {
    await rm(dir, { recursive: true })
  }
}
