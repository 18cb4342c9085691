/** What the import of the SDK adds to the start of a Worker, in workerd. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import { inTurn } from './inside/rounds.mjs'
import { at, line, print } from './lib.mjs'

const STARTS = 201
/** Milliseconds over an empty Worker. */
const BUDGET = { max: 3.5 }
const require = createRequire(import.meta.url)
/** The binary itself: its package's command is a Node program that starts it. */
const { default: WORKERD, compatibilityDate } = createRequire(require.resolve('miniflare'))('workerd')

/** Seen from outside, since the clock of a Worker stands still while it starts. */
export async function workerImport(folder) {
  const candidates = {}
  for (const [name, source] of Object.entries(await workers()))
    candidates[name] = await worker(folder, name, source)
  await inTurn(3, candidates)
  const taken = await inTurn(STARTS, candidates)
  const beside = (what, name) => line(what, 'ms', taken[name], taken.nothing)
  const added = (what, name) => {
    const ms = taken[name].map((value, round) => value - taken.nothing[round])
    return line(what, 'ms', ms, undefined, BUDGET)
  }
  print(
    'Cold import in workerd, bundled and minified by esbuild: from spawn to first answer, ' +
      `${STARTS} times in turn`,
    ['ours', 'empty Worker'],
    [
      beside('Worker that imports all of dist/index.js', 'index'),
      added('what the import adds', 'index'),
      added('what it adds as a namespace that is handed on', 'namespace'),
      added('the same, and every member looked up', 'members'),
      beside('Worker that imports three functions from there, to enrol', 'enrol'),
      added('what the import adds', 'enrol'),
    ],
  )
}

/** The source of each Worker, by name. */
async function workers() {
  const all = Object.keys(await import('../dist/index.js')).join(', ')
  const enrols = 'backfillUser, clientOptionsFromEnv, createClient'
  const answering = (number) => `export default { fetch: () => new Response(String(${number})) }`
  return {
    nothing: answering('0'),
    // What a bundler leaves of the root for a Worker that enrols.
    enrol: `import { ${enrols} } from './dist/index.js'\n${answering(`[${enrols}].length`)}`,
    // All of it, and nothing that a bundler could leave out.
    index: `import { ${all} } from './dist/index.js'\n${answering(`[${all}].length`)}`,
    // The same, and an object with a getter for each export, which the bundler makes of a namespace that is
    // handed on.
    namespace: `import * as sdk from './dist/index.js'\nglobalThis.sdk = sdk\n${answering('0')}`,
    // And each of those getters called, which is when V8 compiles it.
    members: `import * as sdk from './dist/index.js'\n${answering('Object.values(sdk).length')}`,
  }
}

/** Bundles a Worker; the function starts it, and resolves to the milliseconds until it answers. */
async function worker(folder, name, contents) {
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
  const config = join(folder, `${name}.capnp`)
  await writeFile(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "${name}.mjs")],
  compatibilityDate = "${compatibilityDate}"
);`,
  )
  return () => firstAnswer(config)
}

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
