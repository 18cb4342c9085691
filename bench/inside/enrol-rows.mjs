/**
 * node --expose-gc enrol-rows.mjs <url> <file | memory | bare> <rows> <prefix> <folder>: enrols so many users
 * with photos of 2 kB, 8 at once; prints rows per second and how RSS grew after the first 10,000 rows.
 */
import { join } from 'node:path'
import { backfillUsers, createMemoryJournal } from '../../dist/bulk.js'
import { createClient } from '../../dist/client.js'
import { openFileJournal } from '../../dist/node.js'
import { bareEnrolments } from './bare-enrolments.mjs'
import { credentials, largePhoto } from './photo.mjs'

const AT_ONCE = 8
const WARM = 500
const SETTLED = 10_000

const [url, name, count, prefix, folder] = process.argv.slice(2)
const photo = largePhoto(2_000)
const client = createClient({ ...credentials, environment: 'sandbox', baseUrl: url })

function* rowsOf(run, length) {
  for (let i = 0; i < length; i++)
    yield { user_id: `${prefix}-${run}-${i}`, user_created_at: '2021-08-12', photo: () => photo.slice() }
}

/** Each enrols all rows, and calls `each` after every one of them. */
const candidates = {
  async file(rows, each) {
    const journal = await openFileJournal(join(folder, `${prefix}.ndjson`))
    await enrol(rows, each, journal)
    await journal.close()
  },
  memory: (rows, each) => enrol(rows, each, createMemoryJournal()),
  bare: (rows, each) => bareEnrolments(url, rows, AT_ONCE, each),
}

async function enrol(rows, each, journal) {
  for await (const { state, code } of backfillUsers(client, rows, { journal, concurrency: AT_ONCE })) {
    if (state !== 'enrolled') throw new Error(`${state} ${code}`)
    each()
  }
}

const rss = () => process.memoryUsage.rss()
const mark = () => process.resourceUsage().maxRSS * 1024
/** RSS of what is reachable. */
function swept() {
  gc()
  gc()
  return rss()
}

await candidates[name](rowsOf('warm', WARM), () => {})
const settled = {}
let [ended, paused] = [0, 0]
const started = performance.now()
await candidates[name](rowsOf('run', Number(count)), () => {
  if (++ended !== SETTLED) return
  const before = performance.now()
  settled.mark = mark()
  settled.swept = swept()
  paused = performance.now() - before
})
const ms = performance.now() - started - paused
const marked = mark()
console.log(
  JSON.stringify({
    sent: WARM + Number(count),
    perSecond: (Number(count) / ms) * 1000,
    peakMb: marked / 1e6,
    ...(settled.mark && {
      peakGrewMb: (marked - settled.mark) / 1e6,
      sweptGrewMb: (swept() - settled.swept) / 1e6,
    }),
  }),
)
