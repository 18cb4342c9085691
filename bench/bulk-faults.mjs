/** What is left of a run that is killed again and again, against a server with faults. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { at, line, print } from './lib.mjs'

const [ROWS, KILLS, CONCURRENCY, SEED] = [2000, 20, 8, 1]

/** The run of test/faults/bulk-kill.test.ts at full scale, its programs made of dist/. */
export async function bulkFaults() {
  const dir = await mkdtemp(join(tmpdir(), 'bulk-faults-'))
  try {
    await build({
      entryPoints: ['bulk-crashes', 'faulty-server', 'bulk-process'].map((name) =>
        at(`test/support/${name}.ts`),
      ),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'es2022',
      outdir: dir,
      outExtension: { '.js': '.mjs' },
      conditions: ['import'],
      logLevel: 'error',
    })
    const { runWithCrashes } = await import(pathToFileURL(join(dir, 'bulk-crashes.mjs')).href)
    const report = await runWithCrashes({
      dir,
      server: join(dir, 'faulty-server.mjs'),
      worker: join(dir, 'bulk-process.mjs'),
      rows: ROWS,
      kills: KILLS,
      seed: SEED,
      concurrency: CONCURRENCY,
    })
    const count = (what, unit, value, max) => line(what, unit, [value], undefined, { max })
    print(
      `${ROWS} rows over HTTP, ${CONCURRENCY} at once, file journal, ` +
        `${KILLS} times kill -9 at random moments: what the server says`,
      ['', ''],
      [
        count('processes killed', 'kills', report.kills),
        count('requests', 'calls', report.requests),
        ...Object.entries(report.faults)
          .sort()
          .map(([name, struck]) => count(`  of these, ${name}`, 'calls', struck)),
        count('rows in flight at a kill', 'rows', report.inFlight, CONCURRENCY * KILLS),
        count(
          'submissions, which is all but 429 and 503 with Retry-After; ' +
            'at most rows + unclear attempts + rows in flight',
          'calls',
          report.submissions,
          ROWS + report.unclear + report.inFlight,
        ),
        count('rows enrolled more than once', 'rows', report.committed - report.users, 0),
        count('rows lost', 'rows', report.lost.length, 0),
        count('rows under a wrong photo', 'rows', report.wrongPhoto.length, 0),
        count('outcomes reported, in all runs', 'rows', report.reported),
        count('outcomes reported that are not so', 'rows', report.wronglyReported.length, 0),
        count('rows whose reply was lost and which were settled by asking again', 'rows', report.settled),
        count(`time, ${report.runs} runs`, 's', report.ms / 1000),
      ],
    )
    for (const wrong of report.wronglyReported.slice(0, 20)) console.log(`  ${wrong}`)
  } finally {
    await rm(dir, { recursive: true })
  }
}
