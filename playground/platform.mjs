// The playground on workerd, in this process: the Worker, the emulator beside it, D1, R2 and Queues, all
// offline and in one folder.
import { mkdirSync, readdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Log, LogLevel, Miniflare } from 'miniflare'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const COMPATIBILITY = { compatibilityDate: '2026-04-01' }

/**
 * One Worker as text, with the SDK from its source, so that nothing has to be built before; `wrangler` takes
 * what was built.
 */
export async function bundle(entry, { minify = false } = {}) {
  const { outputFiles } = await build({
    entryPoints: [here(entry)],
    bundle: true,
    write: false,
    minify,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    alias: { 'smileid-edge': here('../src') },
  })
  return outputFiles[0].text
}

/** Makes what a session is signed with once per folder, so that a restart signs nobody out. */
function sessionSecret(state) {
  const file = join(state, 'session-secret')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

/**
 * After each batch, the queue of this platform writes a line to its log, over HTTP to this process; if that
 * connection is closed as it is used again, the queue stands still for ever, without a word. So it is never
 * closed from here.
 */
subscribe('http.server.request.start', ({ server }) => {
  server.keepAliveTimeout = 0
})

/** Made once in a process: the tests start many platforms. */
let workers
const bundledWorkers = () =>
  (workers ??= Promise.all([bundle('worker/index.ts'), bundle('emulator/index.ts')]))

export async function startPlatform({
  state,
  port = 0,
  quiet = false,
  bindings = {},
  emulated = true,
  maxRetries = 10,
  hosts = [],
  beside = [],
}) {
  mkdirSync(state, { recursive: true })
  const [worker, emulator] = await bundledWorkers()
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port,
    cf: false,
    log: new Log(quiet ? LogLevel.NONE : LogLevel.WARN),
    ...(quiet && {
      handleRuntimeStdio: (out, err) => {
        out.resume()
        err.resume()
      },
    }),
    d1Persist: join(state, 'd1'),
    r2Persist: join(state, 'r2'),
    durableObjectsPersist: join(state, 'emulator'),
    workers: [
      {
        name: 'playground',
        modules: [{ type: 'ESModule', path: 'index.mjs', contents: worker }],
        ...COMPATIBILITY,
        bindings: {
          SMILE_ID_PARTNER_ID: '085',
          SMILE_ID_API_KEY: 'emulator-key-of-085',
          SMILE_ID_ENVIRONMENT: 'sandbox',
          SMILE_ID_BASE_URL: 'http://localhost',
          SESSION_SECRET: sessionSecret(state),
          // Whatever the API is: this server is for this machine.
          PLAYGROUND_HOSTS: ['localhost', '127.0.0.1', '[::1]', ...hosts].join(),
          ...bindings,
        },
        d1Databases: { DB: 'playground' },
        r2Buckets: { PHOTOS: 'playground-photos' },
        queueProducers: { ROWS: 'playground-rows' },
        queueConsumers: {
          'playground-rows': {
            maxBatchSize: 100,
            maxBatchTimeout: 1,
            maxRetries,
            deadLetterQueue: 'playground-dead-letters',
          },
          'playground-dead-letters': { maxBatchSize: 50, maxBatchTimeout: 1 },
        },
        ...(emulated && { serviceBindings: { SMILE_ID_API: 'emulator' } }),
        assets: {
          directory: here('page'),
          binding: 'ASSETS',
          routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
        },
      },
      {
        name: 'emulator',
        modules: [{ type: 'ESModule', path: 'index.mjs', contents: emulator }],
        ...COMPATIBILITY,
        durableObjects: {
          SERVICE: { className: 'EmulatedService', useSQLite: true, unsafePreventEviction: true },
        },
        serviceBindings: { PLAYGROUND: 'playground' },
      },
      ...beside,
    ],
  })
  const url = (await miniflare.ready).origin
  await migrate(await miniflare.getD1Database('DB', 'playground'))
  const { scheduled } = await miniflare.getWorker('playground')
  await scheduled({ cron: 'start' })
  return { url, miniflare, scheduled }
}

/** As `wrangler d1 migrations apply` does, and with its table, so that both may take turns. */
async function migrate(db) {
  await db
    .prepare(
      'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT ' +
        'UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
    )
    .run()
  const { results } = await db.prepare('SELECT name FROM d1_migrations').all()
  for (const name of readdirSync(here('migrations'))
    .sort()
    .filter((file) => !results.some((done) => done.name === file))) {
    const statements = readFileSync(here(`migrations/${name}`), 'utf8')
      .replace(/^--.*$/gm, '')
      .split(';')
      .map((text) => text.trim())
      .filter(Boolean)
    await db.batch([
      ...statements.map((text) => db.prepare(text)),
      db.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name),
    ])
  }
}
