/** Rows per second of backfillUsers, and what it keeps of them in memory. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTurn } from './inside/rounds.mjs'
import { at, line, output, print, withServer } from './lib.mjs'

const ROWS = 100_000
const ROUNDS = 3
const NAMES = ['file', 'memory', 'bare']
/** Milliseconds; far less than any service that looks at photos takes. */
const LATENCY = 50

/** Runs each candidate so many times against one emulator, which must have enrolled every row. */
async function enrol(rounds, rows, latencyMs) {
  const folder = await mkdtemp(join(tmpdir(), 'bulk-'))
  try {
    return await withServer(
      async (url, counters) => {
        let runs = 0
        const taken = await inTurn(
          rounds,
          Object.fromEntries(
            NAMES.map((name) => [
              name,
              async () =>
                JSON.parse(
                  await output(process.execPath, [
                    '--expose-gc',
                    at('bench/inside/enrol-rows.mjs'),
                    url,
                    name,
                    `${rows}`,
                    `${name}-${runs++}`,
                    folder,
                  ]),
                ),
            ]),
          ),
        )
        const { calls, committed, users } = await (await fetch(counters)).json()
        const sent = NAMES.reduce(
          (sum, name) => sum + taken[name].reduce((more, round) => more + round.sent, 0),
          0,
        )
        if (calls !== sent || committed !== sent || users !== sent)
          throw new Error(
            `of ${sent} rows, ${calls} came and ${committed} were enrolled, ${users} users in all`,
          )
        return (name, what) => taken[name].map((round) => round[what])
      },
      'emulator.mjs',
      `${latencyMs}`,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

export async function bulk() {
  const throughput = async (title, rounds, rows, latencyMs) => {
    const of = await enrol(rounds, rows, latencyMs)
    const beside = (what, name) =>
      line(what, '/s', of(name, 'perSecond'), of('bare', 'perSecond'), { minRatio: 0.85 })
    print(title, ['ours', 'bare fetch'], [beside('file journal', 'file'), beside('memory journal', 'memory')])
  }
  await throughput(
    '5,000 rows with photos of 2 kB, 8 at once, the emulator as fast as it can, ' +
      'a fresh process each: rows per second',
    5,
    5_000,
    0,
  )
  await throughput(`1,000 such rows, the emulator taking ${LATENCY} ms over each`, 3, 1_000, LATENCY)

  const of = await enrol(ROUNDS, ROWS, 0)
  const beside = (what, unit, name, figure, limit) =>
    line(what, unit, of(name, figure), of('bare', figure), limit)
  const alone = (what, unit, name, figure, limit) => line(what, unit, of(name, figure), undefined, limit)
  print(
    `${ROWS.toLocaleString('en')} such rows, ${ROUNDS} runs each`,
    ['ours', 'bare fetch'],
    [
      ['file journal', 'file'],
      ['memory journal, which keeps every row', 'memory'],
    ].flatMap(([what, name]) => [
      beside(`${what}: rows per second`, '/s', name, 'perSecond', { minRatio: 0.85 }),
      alone(
        `${what}: RSS at the end over that after 10,000 rows, both after gc()`,
        'MB',
        name,
        'sweptGrewMb',
        name === 'file' ? { max: 40 } : {},
      ),
      alone(
        `${what}: peak RSS at the end over that after 10,000 rows, as it was`,
        'MB',
        name,
        'peakGrewMb',
        name === 'file' ? { max: 40 } : {},
      ),
      beside(`${what}: peak RSS, all of it`, 'MB', name, 'peakMb'),
    ]),
  )
}
