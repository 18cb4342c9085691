import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { bundle } from '../playground/platform.mjs'
import { inTurn } from './inside/rounds.mjs'
import { at, line, print } from './lib.mjs'

const [ROWS, STARTS, COLD_STARTS] = [5000, 3, 201]

export async function playground() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-playground-'))
  try {
    await coldImport(folder)
    const [firstPage, seconds] = [[], []]
    for (let i = 0; i < STARTS; i++) {
      const { url, ms, stop } = await npmStart(join(folder, `data-${i}`))
      firstPage.push(ms / 1000)
      try {
        if (i === STARTS - 1) seconds.push(await enrol(url))
      } finally {
        await stop()
      }
    }
    print(
      'The playground, offline, on workerd with D1, R2 and Queues',
      ['ours', ''],
      [
        line(
          'Worker script without the page, minified, gzip',
          'B',
          [gzipSync(await bundle('worker/index.ts', { minify: true })).length],
          undefined,
          { max: 60_000 },
        ),
        line('npm start to first page', 's', firstPage, undefined, { max: 15 }),
        line(
          `${ROWS.toLocaleString('en')} rows through the queue, which is to be 150 rows a second`,
          's',
          seconds,
          undefined,
          { max: Number((ROWS / 150).toFixed(1)) },
        ),
        line(
          'the same',
          '/s',
          seconds.map((s) => ROWS / s),
        ),
      ],
    )
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Seen from outside, since the clock of a Worker stands still while it starts. */
async function coldImport(folder) {
  const make = async (name, contents) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: at('') },
      bundle: true,
      write: false,
      minify: true,
      format: 'esm',
      target: 'es2022',
      platform: 'browser',
      logLevel: 'error',
    })
    await writeFile(join(folder, `${name}.mjs`), outputFiles[0].contents)
    await writeFile(
      join(folder, `${name}.capnp`),
      `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [(name = "worker", esModule = embed "${name}.mjs")], compatibilityDate = "2026-04-01"))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);`,
    )
    return () => firstAnswer(join(folder, `${name}.capnp`))
  }
  const all = Object.keys(await import('../dist/index.js'))
  const candidates = {
    nothing: await make('nothing', 'export default { fetch: () => new Response("0") }'),
    // What a bundler leaves of the root for a Worker that enrols.
    enrol: await make(
      'enrol',
      `import { backfillUser, clientOptionsFromEnv, createClient } from './dist/index.js'\nexport default { fetch: () => new Response(String([backfillUser, clientOptionsFromEnv, createClient].length)) }`,
    ),
    // All of it, and nothing that a bundler could leave out.
    index: await make(
      'index',
      `import { ${all} } from './dist/index.js'\nexport default { fetch: () => new Response(String([${all}].length)) }`,
    ),
    // The same, and an object with a getter for each export, which the bundler makes of a namespace that is
    // handed on.
    namespace: await make(
      'namespace',
      `import * as sdk from './dist/index.js'\nglobalThis.sdk = sdk\nexport default { fetch: () => new Response("0") }`,
    ),
    // And each of those getters called, which is when V8 compiles it.
    members: await make(
      'members',
      `import * as sdk from './dist/index.js'\nexport default { fetch: () => new Response(String(Object.values(sdk).length)) }`,
    ),
  }
  await inTurn(3, candidates)
  const { nothing, enrol: three, index, namespace, members } = await inTurn(COLD_STARTS, candidates)
  print(
    `Cold import in workerd, bundled and minified by esbuild: from spawn to first answer, ${COLD_STARTS} times in turn`,
    ['ours', 'empty Worker'],
    [
      line('Worker that imports all of dist/index.js', 'ms', index, nothing),
      line(
        'what the import adds',
        'ms',
        index.map((ms, round) => ms - nothing[round]),
        undefined,
        { max: 2 },
      ),
      line(
        'what it adds as a namespace that is handed on',
        'ms',
        namespace.map((ms, round) => ms - nothing[round]),
        undefined,
        { max: 2 },
      ),
      line(
        'the same, and every member looked up',
        'ms',
        members.map((ms, round) => ms - nothing[round]),
        undefined,
        { max: 2 },
      ),
      line('Worker that imports three functions from there, to enrol', 'ms', three, nothing),
      line(
        'what the import adds',
        'ms',
        three.map((ms, round) => ms - nothing[round]),
        undefined,
        { max: 2 },
      ),
    ],
  )
}

/** The binary itself: its package's command is a Node program that starts it. */
const WORKERD = createRequire(createRequire(import.meta.url).resolve('miniflare'))('workerd').default

async function firstAnswer(config) {
  const started = performance.now()
  const child = spawn(WORKERD, ['serve', config, '--control-fd=3'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  try {
    const [said] = await once(child.stdio[3], 'data')
    const { port } = JSON.parse(String(said).split('\n')[0])
    const answer = await (await fetch(`http://127.0.0.1:${port}/`)).text()
    const ms = performance.now() - started
    if (!/^\d+$/.test(answer)) throw new Error(`the Worker answered ${answer}`)
    return ms
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

/**
 * The command of the README, and how long it takes until there is a page; `stop` ends it with all that it
 * started.
 */
async function npmStart(data) {
  const started = performance.now()
  const child = spawn('npm', ['start', '-s', '--', '--port', '0', '--data', data], {
    cwd: at(''),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    process.kill(-child.pid, 'SIGTERM')
    await ended
  }
  let said = ''
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (piece) => {
      const [found] = /http:\S+(?=\s)/.exec((said += piece)) ?? []
      if (found) resolve(found)
    })
    ended.then(([code]) => reject(new Error(`npm start ended with ${code}`)))
  })
  const page = await (await fetch(url)).text()
  if (!page.includes('</html>')) throw new Error('there is no page')
  return { url, ms: performance.now() - started, stop }
}

/** Seconds from the order to the end of an import, which the emulator must have enrolled row by row. */
async function enrol(url) {
  const signedIn = await fetch(`${url}/api/session`)
  const headers = {
    origin: url,
    cookie: signedIn.headers.get('set-cookie').split(';')[0],
    'x-csrf-token': (await signedIn.json()).csrf,
  }
  const call = (path, more) => fetch(`${url}/api/${path}`, { headers, ...more })
  const import_ = `imports/${crypto.randomUUID()}`
  await call(import_, {
    method: 'PUT',
    body: [
      'user_id,user_created_at,photo',
      ...Array.from({ length: ROWS }, (_, i) => `row-${i},2021-08-12,${i % 8}.jpg`),
    ].join('\n'),
  })
  for (let i = 0; i < 8; i++)
    await call(`${import_}/photos/${i}.jpg`, {
      method: 'PUT',
      body: await (await call(`emulator/photos/${i + 1}`)).arrayBuffer(),
    })
  const started = performance.now()
  await call(`${import_}/start`, { method: 'POST' })
  let view
  do {
    await new Promise((resolve) => setTimeout(resolve, 500))
    view = await (await call(import_)).json()
  } while (view.open && view.state === 'running')
  const seconds = (performance.now() - started) / 1000
  const { enrolments, users } = await (await call('emulator')).json()
  if (view.counts.enrolled !== ROWS || enrolments !== ROWS || users !== ROWS)
    throw new Error(`${view.counts.enrolled} rows, ${enrolments} enrolments, ${users} users`)
  return seconds
}
