/**
 * Processes that are killed in the middle of a bulk run, against a server in a process of its own that fails
 * at random. bench/bulk-faults.mjs does the same at full scale.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runWithCrashes } from '../support/bulk-crashes.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bulk-kill-'))
  await build({
    entryPoints: [at('../support/faulty-server.ts'), at('../support/bulk-process.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    outdir: dir,
    outExtension: { '.js': '.mjs' },
    alias: { 'smileid-edge': at('../../src') },
    logLevel: 'error',
  })
})
afterAll(() => rm(dir, { recursive: true }))

it('400 rows, 5 kills: every valid row is enrolled once, and every report is true', async () => {
  const [rows, kills, concurrency] = [400, 5, 8]
  const report = await runWithCrashes({
    dir,
    server: join(dir, 'faulty-server.mjs'),
    worker: join(dir, 'bulk-process.mjs'),
    rows,
    kills,
    seed: 22,
    concurrency,
  })
  expect(report).toMatchObject({
    kills,
    committed: rows,
    users: rows,
    lost: [],
    wrongPhoto: [],
    wronglyReported: [],
  })
  expect(report.submissions).toBeLessThanOrEqual(rows + report.unclear + report.inFlight)
  expect(report.inFlight).toBeLessThanOrEqual(concurrency * kills)
  // All kinds of faults struck, kills met rows in flight, and some of those who were enrolled became so
  // without a reply.
  expect(Object.keys(report.faults).sort()).toEqual([
    '429',
    '503',
    '503 with Retry-After',
    'reset after commit',
    'reset before commit',
    'truncated',
  ])
  expect(Math.min(report.inFlight, report.settled)).toBeGreaterThan(0)
})
