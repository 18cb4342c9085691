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
import { badNight } from '../support/bulk-night.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bulk-kill-'))
  await build({
    entryPoints: [at('../support/bulk-server.ts'), at('../support/bulk-worker.ts')],
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

it('400 rows, 5 kills: every valid row is enrolled once, none is lost or wrongly reported, and nothing is sent again without need', async () => {
  const [rows, kills, concurrency] = [400, 5, 8]
  const night = await badNight({
    dir,
    server: join(dir, 'bulk-server.mjs'),
    worker: join(dir, 'bulk-worker.mjs'),
    rows,
    kills,
    seed: 22,
    concurrency,
  })
  expect(night).toMatchObject({
    kills,
    committed: rows,
    users: rows,
    lost: [],
    wrongPhoto: [],
    wronglyReported: [],
  })
  expect(night.submissions).toBeLessThanOrEqual(rows + night.unclear + night.inFlight)
  expect(night.inFlight).toBeLessThanOrEqual(concurrency * kills)
  // The night was bad: all kinds of faults struck, kills met rows in flight, and some of those who were
  // enrolled became so without a reply.
  expect(Object.keys(night.faults).sort()).toEqual([
    '429',
    '503',
    '503 with Retry-After',
    'reset after commit',
    'reset before commit',
    'truncated',
  ])
  expect(Math.min(night.inFlight, night.settled)).toBeGreaterThan(0)
})
