/** Calls per second, CPU and memory of whole calls, by the latency of the server. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { largePhoto } from './inside/photo.mjs'
import { inTurn } from './inside/rounds.mjs'
import { inside, line, print, withServer } from './lib.mjs'

const ROUNDS = 5
const LATENCIES = [0, 50]
const CELLS = LATENCIES.flatMap((ms) => [1, 8, 32].map((atOnce) => `${ms} ms, ${atOnce} at once`))

const OPERATIONS = [
  {
    operation: 'lookup',
    title: 'ID lookup',
    ours: 'ours',
    others: { core: 'smile-identity-core', bare: 'bare fetch' },
  },
  {
    operation: 'image',
    title: 'Image job with a zip of 1 MB, images from disk',
    ours: 'files',
    others: { core: 'smile-identity-core', streamedFiles: 'bare fetch' },
  },
  {
    operation: 'backfill',
    title: 'Backfill with a photo of 500 kB',
    ours: 'ours',
    others: { streamed: 'bare fetch, streamed', stringified: 'JSON.stringify and fetch' },
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
        for (const { operation, title, ours, others } of OPERATIONS) {
          const names = [ours, ...Object.keys(others)]
          const taken = await inTurn(
            ROUNDS,
            Object.fromEntries(
              names.map((name) => [name, () => inside('keep-calling.mjs', operation, name, folder, ...urls)]),
            ),
          )
          const cell = (name, index, figure) => taken[name].map(({ cells }) => cells[index][figure])
          const each = (unit, figure) =>
            CELLS.flatMap((what, index) =>
              Object.entries(others).map(([name, other]) =>
                line(`${what}, beside ${other}`, unit, cell(ours, index, figure), cell(name, index, figure)),
              ),
            )
          const peak = (what, figure) =>
            Object.entries(others).map(([name, other]) =>
              line(
                `${what}, beside ${other}`,
                'MB',
                taken[ours].map((round) => round[figure]),
                taken[name].map((round) => round[figure]),
              ),
            )
          print(
            `${title}, Node, by the server's latency: calls per second`,
            ['ours', 'alternative'],
            each('/s', 'perSecond'),
          )
          print(
            `${title}: CPU of the process per call, and its memory`,
            ['ours', 'alternative'],
            [
              ...each('ms', 'cpuMs'),
              ...peak('peak RSS, all of it', 'peakMb'),
              ...peak('peak RSS over start', 'mb'),
            ],
          )
        }
      },
      'server.mjs',
      ...LATENCIES,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}
