import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { at, line, print } from './lib.mjs'

const [ROWS, KILLS, CONCURRENCY, SEED] = [2000, 20, 8, 1]

/** The night of test/faults/bulk-kill.test.ts at full scale, its programs made of dist/. */
export async function bulkFaults() {
  const dir = await mkdtemp(join(tmpdir(), 'bulk-faults-'))
  try {
    await build({
      entryPoints: ['bulk-night', 'bulk-server', 'bulk-worker'].map((name) => at(`test/support/${name}.ts`)),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'es2022',
      outdir: dir,
      outExtension: { '.js': '.mjs' },
      conditions: ['import'],
      logLevel: 'error',
    })
    const { badNight } = await import(pathToFileURL(join(dir, 'bulk-night.mjs')).href)
    const night = await badNight({
      dir,
      server: join(dir, 'bulk-server.mjs'),
      worker: join(dir, 'bulk-worker.mjs'),
      rows: ROWS,
      kills: KILLS,
      seed: SEED,
      concurrency: CONCURRENCY,
    })
    const count = (what, unit, value, max) => line(what, unit, [value], undefined, { max })
    print(
      `${ROWS} rows over HTTP, ${CONCURRENCY} at once, file journal, ${KILLS} times kill -9 at random moments: what the server says`,
      ['', ''],
      [
        count('processes killed', 'kills', night.kills),
        count('requests', 'calls', night.requests),
        ...Object.entries(night.faults)
          .sort()
          .map(([name, struck]) => count(`  of these, ${name}`, 'calls', struck)),
        count('rows in flight at a kill', 'rows', night.inFlight, CONCURRENCY * KILLS),
        count(
          'submissions, which is all but 429 and 503 with Retry-After; at most rows + unclear attempts + rows in flight',
          'calls',
          night.submissions,
          ROWS + night.unclear + night.inFlight,
        ),
        count('rows enrolled more than once', 'rows', night.committed - night.users, 0),
        count('rows lost', 'rows', night.lost.length, 0),
        count('rows under a wrong photo', 'rows', night.wrongPhoto.length, 0),
        count('outcomes reported, in all runs', 'rows', night.reported),
        count('outcomes reported that are not so', 'rows', night.wronglyReported.length, 0),
        count('rows whose reply was lost and which were settled by asking again', 'rows', night.settled),
        count(`time, ${night.runs} runs`, 's', night.ms / 1000),
      ],
    )
    for (const wrong of night.wronglyReported.slice(0, 20)) console.log(`  ${wrong}`)
  } finally {
    await rm(dir, { recursive: true })
  }
}
