/** Calls per second, CPU and memory of whole calls; and the first call of a process. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { largePhoto } from './inside/photo.mjs'
import { inTurn } from './inside/rounds.mjs'
import { inside, line, print, withServer } from './lib.mjs'

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const LATENCIES = [0, 50]
const AT_ONCE = [1, 8, 32]

const BACKFILL = {
  ours: { ours: 'ours', byNode: 'nodeFetch' },
  others: { streamed: 'bare fetch, streamed', stringified: 'JSON.stringify and fetch' },
}
const OPERATIONS = [
  {
    operation: 'lookup',
    title: 'ID lookup',
    latencies: LATENCIES,
    ours: { ours: 'ours', byNode: 'nodeFetch' },
    others: { core: 'smile-identity-core', bare: 'bare fetch' },
  },
  {
    operation: 'image',
    title: 'Image job with a zip of 1 MB, images from disk',
    latencies: LATENCIES,
    ours: { files: 'ours', filesByNode: 'nodeFetch' },
    others: { core: 'smile-identity-core', streamedFiles: 'bare fetch' },
  },
  {
    operation: 'backfill',
    title: 'Backfill with a photo of 500 kB',
    latencies: LATENCIES,
    ...BACKFILL,
  },
  {
    operation: 'smallBackfill',
    title: 'Backfill with a photo of 20 kB',
    latencies: [0],
    ...BACKFILL,
  },
  {
    operation: 'largeBackfill',
    title: 'Backfill with a photo of 5 MB',
    latencies: [0],
    ...BACKFILL,
  },
]

/** A fresh process of Node for each candidate and round, and one server for all. */
export async function endToEnd() {
  const folder = await mkdtemp(join(tmpdir(), 'end-to-end-'))
  try {
    await writeFile(join(folder, 'selfie.jpg'), largePhoto(500_000))
    await writeFile(join(folder, 'card.jpg'), largePhoto(498_000))
    await withServer(
      async (...urls) => {
        await firstCalls(urls[0])
        for (const operation of OPERATIONS) await measure(operation, folder, urls)
      },
      'server.mjs',
      ...LATENCIES,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function measure({ operation, title, latencies, ours, others }, folder, urls) {
  const names = [...Object.keys(ours), ...Object.keys(others)]
  const used = urls.slice(0, latencies.length)
  const taken = await inTurn(
    ROUNDS,
    Object.fromEntries(
      names.map((name) => [name, () => inside('keep-calling.mjs', operation, name, folder, ...used)]),
    ),
  )
  const pairs = Object.entries(ours).flatMap(([mine, own]) =>
    Object.entries(others).map(([name, other]) => ({ mine, name, label: `${own} beside ${other}` })),
  )
  const cellNames = latencies.flatMap((ms) => AT_ONCE.map((atOnce) => `${ms} ms, ${atOnce} at once`))
  const cell = (name, index, figure) => taken[name].map(({ cells }) => cells[index][figure])
  const each = (unit, figure) =>
    cellNames.flatMap((what, index) =>
      pairs.map(({ mine, name, label }) =>
        line(`${what}, ${label}`, unit, cell(mine, index, figure), cell(name, index, figure)),
      ),
    )
  const whole = (name, figure) => taken[name].map((round) => round[figure])
  const peak = (what, figure) =>
    pairs.map(({ mine, name, label }) =>
      line(`${what}, ${label}`, 'MB', whole(mine, figure), whole(name, figure)),
    )
  print(
    `${title}, Node, by the server's latency: calls per second`,
    ['ours', 'alternative'],
    each('/s', 'perSecond'),
  )
  print(
    `${title}: CPU of the process per call, and its memory`,
    ['ours', 'alternative'],
    [...each('ms', 'cpuMs'), ...peak('peak RSS, all of it', 'peakMb'), ...peak('peak RSS over start', 'mb')],
  )
}

/** Of new processes, with what it takes to load what makes the call. */
async function firstCalls(url) {
  const names = ['ours', 'byNode', 'core', 'bare']
  const taken = await inTurn(
    2 * ROUNDS,
    Object.fromEntries(names.map((name) => [name, () => inside('first-lookup.mjs', name, url)])),
  )
  const ms = (name) => taken[name].map((round) => round.ms)
  print(
    'The first ID lookup of a process, Node, what it loads included',
    ['ours', 'alternative'],
    [
      line('ours beside smile-identity-core', 'ms', ms('ours'), ms('core')),
      line('nodeFetch beside smile-identity-core', 'ms', ms('byNode'), ms('core'), { maxRatio: 0.6 }),
      line('nodeFetch beside bare fetch', 'ms', ms('byNode'), ms('bare')),
    ],
  )
}
