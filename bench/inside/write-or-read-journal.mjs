/**
 * node write-or-read-journal.mjs make <file> <rows>: a journal of so many rows, each sent and enrolled.
 * node write-or-read-journal.mjs <read|shuffled|iterate> <file> <rows>: opens it and asks for every row;
 * prints times and the peak of RSS, all of it.
 */
import { openFileJournal } from '../../dist/node.js'

const [what, file, count] = process.argv.slice(2)
const rows = Number(count)
const key = (row) => `sandbox:085:user-${row}`

if (what === 'make') await make()
else await ask()

async function make() {
  const journal = await openFileJournal(file)
  await journal.bind({ environment: 'sandbox', partnerId: '085' })
  const entry = (row) => ({
    key: key(row),
    at: '2026-01-05T10:00:00.000Z',
    attempts: 1,
    digest: row.toString(16).padStart(64, '0'),
  })
  // As four workers leave it: claims and results of neighbours mixed.
  for (let row = 0; row < rows; row += 4) {
    const four = [0, 1, 2, 3].map((more) => row + more).filter((one) => one < rows)
    for (const one of four) {
      const leaseUntil = '2026-01-05T10:02:00.000Z'
      await journal.write({ rev: 1, state: 'sending', leaseUntil, ...entry(one) })
    }
    for (const one of four) {
      const smileJobId = `${one}`.padStart(10, '0')
      await journal.write({ rev: 2, state: 'enrolled', code: '0840', smileJobId, ...entry(one) })
    }
  }
  await journal.close()
}

async function ask() {
  const started = performance.now()
  const journal = await openFileJournal(file)
  const opened = performance.now()
  let found = 0
  if (what === 'iterate') for await (const { state } of journal.entries()) found += state === 'enrolled'
  else {
    // A step that shares no factor with the count visits all, none after its neighbour.
    const step = what === 'shuffled' ? 617_521 : 1
    for (let i = 0, row = 0; i < rows; i++, row = (row + step) % rows)
      found += (await journal.read(key(row))).state === 'enrolled'
  }
  const done = performance.now()
  await journal.close()
  if (found !== rows) throw new Error(`found ${found} rows`)
  console.log(
    JSON.stringify({
      openMs: opened - started,
      askMs: done - opened,
      ms: done - started,
      mb: (process.resourceUsage().maxRSS * 1024) / 1e6,
    }),
  )
}
