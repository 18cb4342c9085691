/**
 * Packs the built package, installs the tarball in an empty folder, and runs the conformance files against it
 * on every runtime.
 */
import { execFile, spawn } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { canary } from '../support/canary-files.mjs'
import { chromiumPath, NO_CHROMIUM } from '../support/chromium.mjs'
import { inBrowser } from './browser.mjs'
import { compileConsumers } from './consumer.mjs'
import { nodes } from './nodes.mjs'
import { stackTraces } from './stack.mjs'
import { workerds } from './workerds.mjs'

const exec = promisify(execFile)
const require = createRequire(import.meta.url)
const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const bin = (name) => join(root, 'node_modules/.bin', name)
const { CANARY, tracesIn } = await canary()
const dir = await mkdtemp(join(tmpdir(), 'smileid-edge-'))
const totals = { passed: 0, failed: 0 }

/** Each step ends with `{ passed, failed: [reasons] }`; one that does not is a failure itself. */
async function step(name, run) {
  const started = performance.now()
  let result
  try {
    result = await run()
    if (!result.passed && !result.failed.length) throw new Error('no test ran')
  } catch (error) {
    result = { passed: 0, failed: [`${error.stdout ?? ''}${error.stderr ?? error.stack}`] }
  }
  totals.passed += result.passed
  totals.failed += result.failed.length
  console.log(
    `${result.failed.length ? 'FAIL' : 'ok  '} ${name}: ${result.passed} passed, ${result.failed.length} failed (${Math.round(performance.now() - started)} ms)`,
  )
  for (const reason of result.failed) console.log(`     ${reason}`)
}

/** What this machine lacks is said aloud; where all has to run, it is a failure. */
const leftOut = async (name, reason) =>
  process.env.CI
    ? step(name, () => {
        throw new Error(reason)
      })
    : console.log(`\n!!! LEFT OUT: ${name}: ${reason}\n`)

const run = async (command, args, env = {}) =>
  JSON.parse(
    (
      await exec(command, args, {
        cwd: dir,
        env: { ...process.env, ...env },
        timeout: 120_000,
        maxBuffer: 1 << 24,
      })
    ).stdout
      .trim()
      .split('\n')
      .at(-1),
  )

/** A rejection that nobody handles would end a process or a Worker of a user's. */
const MAIN = `
import { runAll } from 'CONFORMANCE'
const unhandled = []
globalThis.addEventListener?.('unhandledrejection', (event) => { event.preventDefault?.(); unhandled.push('unhandled rejection: ' + (event.reason?.stack ?? event.reason)) })
globalThis.process?.on?.('unhandledRejection', (reason) => unhandled.push('unhandled rejection: ' + (reason?.stack ?? reason)))
export async function main(peer) {
  const result = await runAll({ peer })
  await new Promise((resolve) => setTimeout(resolve, 100))
  return JSON.stringify({ passed: result.passed, failed: [...result.failed, ...unhandled] })
}`

async function bundle(outfile, contents, options) {
  await build({
    stdin: {
      contents: contents.replace('CONFORMANCE', join(root, 'test/conformance/index.ts')),
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    outfile: join(dir, outfile),
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    ...options,
  })
}
/** As a user's bundler does: the installed tarball goes in, under the runtime's conditions. */
const installed = {
  name: 'installed',
  setup(b) {
    b.onResolve({ filter: /^smileid-edge/ }, ({ path, kind, pluginData }) =>
      pluginData === 'again' ? undefined : b.resolve(path, { resolveDir: dir, kind, pluginData: 'again' }),
    )
  },
}
/** As Deno's users name a package of npm. */
const byNpmName = {
  name: 'by-npm-name',
  setup(b) {
    b.onResolve({ filter: /^smileid-edge/ }, ({ path }) => ({ path: `npm:${path}`, external: true }))
  },
}

try {
  const [{ filename }] = JSON.parse(
    (await exec('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', dir], { cwd: root }))
      .stdout,
  )
  await writeFile(
    join(dir, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, version: '0.0.0' }),
  )
  await exec(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', `./${filename}`],
    { cwd: dir },
  )
  const external = ['smileid-edge', 'smileid-edge/*']
  const printed = (awaited) => `${MAIN}\n${awaited}`
  await bundle('run.mjs', printed('console.log(await main(process.argv.at(-1)))'), { external })
  await bundle('deno.mjs', printed('console.log(await main(globalThis.Deno.args[0]))'), {
    plugins: [byNpmName],
  })
  await bundle('run.cjs', printed('void main(process.argv.at(-1)).then(console.log)'), {
    external,
    format: 'cjs',
  })
  const worker = printed(`
    import { createClient as clientOf } from 'smileid-edge/client'
    import { getServices as read } from 'smileid-edge/services'
    let kept
    export default { async fetch(request) {
      const { pathname, searchParams } = new URL(request.url), peer = searchParams.get('peer')
      if (pathname === '/') return new Response(await main(peer))
      kept ??= clientOf({ partnerId: '085', apiKey: ${JSON.stringify(CANARY.apiKey)}, environment: 'sandbox', baseUrl: peer, allowInsecureBaseUrl: true })
      return read(kept, pathname === '/impatient' ? { signal: AbortSignal.timeout(50) } : {}).then(() => new Response('read'), () => new Response('ended'))
    } }`)
  await bundle('worker.mjs', worker, { conditions: ['workerd', 'worker', 'browser'], plugins: [installed] })
  await bundle('edge.js', printed('globalThis.result = main(globalThis.PEER)'), {
    conditions: ['edge-light', 'worker', 'browser'],
    format: 'iife',
    plugins: [installed],
  })
  await build({
    entryPoints: [join(root, 'test/support/peer.ts')],
    bundle: true,
    outfile: join(dir, 'peer.mjs'),
    format: 'esm',
    platform: 'node',
    external,
    logLevel: 'error',
  })
  const { startPeer } = await import(pathToFileURL(join(dir, 'peer.mjs')).href)
  const peer = await startPeer()

  try {
    await step('the tarball brings along nothing else', async () => {
      const names = (await readdir(join(dir, 'node_modules'))).filter((name) => !name.startsWith('.')).sort()
      return names.join() === 'smileid-edge'
        ? { passed: 1, failed: [] }
        : { passed: 0, failed: [`installed: ${names.join(', ')}`] }
    })
    const { found, missing, reason } = await nodes()
    for (const { command, version } of found) {
      await step(`node ${version}, ESM`, () => run(command, ['run.mjs', peer.url]))
      await step(`node ${version}, CommonJS`, () => run(command, ['run.cjs', peer.url]))
    }
    for (const major of missing) await leftOut(`node ${major}`, reason)
    await step('stack traces lead to the shipped sources', () => stackTraces(dir))
    await step('types as TypeScript finds them: node16 (ESM, CommonJS) and bundler', () =>
      compileConsumers(root, dir),
    )
    await step('bun, ESM', () => run(bin('bun'), ['run.mjs', peer.url]))
    await step('bun, CommonJS', () => run(bin('bun'), ['run.cjs', peer.url]))
    await step('deno by npm: names, with --allow-net alone', () =>
      run(
        bin('deno'),
        [
          'run',
          '--node-modules-dir=manual',
          '--cached-only',
          '--no-prompt',
          '--allow-net',
          'deno.mjs',
          peer.url,
        ],
        { DENO_NO_UPDATE_CHECK: '1' },
      ),
    )
    await step('types as Deno finds them', async () => {
      await copyFile(join(root, 'test/types/programs.ts'), join(dir, 'programs.ts'))
      await exec(bin('deno'), ['check', '--node-modules-dir=manual', 'programs.ts'], {
        cwd: dir,
        env: { ...process.env, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
      })
      return { passed: 1, failed: [] }
    })
    const command = join(dir, 'node_modules/smileid-edge/dist/cli.js')
    await step('the command, by its name', () =>
      theCommand('node', [join(dir, 'node_modules/.bin/smileid')], peer.url),
    )
    await step('the command on bun', () => theCommand('bun', [bin('bun'), command], peer.url))
    await step('the command on deno, with what it needs alone', () =>
      theCommand(
        'deno',
        [
          bin('deno'),
          'run',
          '--no-prompt',
          '--allow-env',
          '--allow-read',
          '--allow-write',
          '--allow-net=127.0.0.1',
          '--allow-sys=hostname',
          command,
        ],
        peer.url,
      ),
    )
    const { found: binaries, missing: noNewest } = await workerds()
    for (const { command, version, date } of binaries) {
      for (const [flags, how] of [
        [[], 'without'],
        [['nodejs_compat'], 'with'],
      ])
        await step(`workerd ${version} at ${date}, ${how} Node compat`, () =>
          inWorkerd({ command, date, flags, peer: peer.url }),
        )
    }
    if (noNewest) await leftOut('the newest workerd', noNewest)
    await step('edge-runtime, bare', async () => {
      const { EdgeVM } = require('@edge-runtime/vm')
      const { readFile } = await import('node:fs/promises')
      const vm = new EdgeVM({ extend: (context) => Object.assign(context, { PEER: peer.url }) })
      if (vm.evaluate('typeof process') !== 'undefined') throw new Error('edge-runtime leaks process')
      vm.evaluate(await readFile(join(dir, 'edge.js'), 'utf8'))
      return JSON.parse(await vm.evaluate('result'))
    })
    await bundle('conformance.mjs', printed('globalThis.result = main(globalThis.PEER)'), { external })
    for (const name of ['vite', 'webpack']) {
      if (chromiumPath)
        await step(`Chromium, bundled by ${name}`, () =>
          inBrowser(name, dir, 'conformance.mjs', peer.url, CANARY.apiKey),
        )
      else await leftOut(`Chromium, bundled by ${name}`, NO_CHROMIUM)
    }
  } finally {
    await peer.close()
  }
} finally {
  await rm(dir, { recursive: true, force: true })
}
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed ? 1 : 0)

/**
 * Enrols the users of a CSV, is interrupted, and goes on, and submits a job with images; each exit code and
 * what was said must be right.
 */
async function theCommand(name, [file, ...args], peer) {
  const place = join(dir, `command-${name}`)
  await mkdir(place)
  const { samplePhoto } = await import(
    pathToFileURL(join(dir, 'node_modules/smileid-edge/dist/emulator.js')).href
  )
  const users = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `${name}-${letter}`)
  await writeFile(
    join(place, 'users.csv'),
    ['user_id,user_created_at,photo', ...users.map((user) => `${user},2021-08-12,photo.jpg`)].join('\n'),
  )
  await writeFile(join(place, 'photo.jpg'), samplePhoto())
  await writeFile(
    join(place, '.env'),
    `SMILE_ID_PARTNER_ID=085\nSMILE_ID_API_KEY=${CANARY.apiKey}\nSMILE_ID_ENVIRONMENT=sandbox\nSMILE_ID_BASE_URL=${peer}\n`,
  )
  const failed = []
  let passed = 0
  async function expect(code, words, { said = /./, interrupt } = {}) {
    const child = spawn(file, [...args, ...words], {
      cwd: place,
      env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    })
    let text = ''
    let interrupted = false
    const take = (piece) => {
      text += piece
      // Once: a second one ends it at once, and leaves the lock.
      if (interrupt?.test(text) && !interrupted) interrupted = child.kill('SIGINT')
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const ended = await new Promise((resolve) => child.on('close', resolve))
    if (ended === code && said.test(text) && !tracesIn(text).length) passed++
    else failed.push(`${words.join(' ')}: exit ${ended}, ${text}`)
  }
  await expect(0, ['--version'], { said: /^\d+\.\d+\.\d+$/m })
  await expect(1, ['backfill', 'users.csv', '--jsn'], { said: /did you mean --json\?/ })
  await expect(0, ['doctor'], { said: /credentials {2}are taken/ })
  await expect(0, ['sign', '--timestamp', '2024-08-06T09:15:30.123Z'], {
    said: /^signature {2}[\w+/]{43}=$/m,
  })
  await expect(6, ['backfill', 'users.csv', '--duplicate-photos'])
  await expect(7, ['backfill', 'users.csv', '--limit', '2'], { said: /^enrolled {2}2$/m })
  await expect(5, ['backfill', 'users.csv', '--rate', '1', '--concurrency', '1', '--json'], {
    said: /"exit":"interrupted"/,
    interrupt: /"line":4,"state":"enrolled"/,
  })
  await expect(0, ['backfill', 'users.csv', '--report', 'report.html', '--errors', 'errors.csv'], {
    said: /^enrolled +6$/m,
  })
  await expect(1, ['submit', '--job-type', '4', '--selfie', 'none.jpg'], {
    said: /^smileid: --selfie could not be read \(ENOENT\)$/m,
  })
  await expect(
    0,
    [
      'submit',
      '--job-type',
      'document-verification',
      '--country',
      'GH',
      '--selfie',
      'photo.jpg',
      '--front',
      'photo.jpg',
      '--liveness',
      'photo.jpg',
      '--liveness',
      'photo.jpg',
      '--wait',
    ],
    { said: /^decision +approved$/m },
  )
  return { passed, failed }
}

/** The bare binary, with exactly this compatibility date and these flags. */
async function inWorkerd({ command, date, flags, peer }) {
  await writeFile(
    join(dir, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .w), (name = "internet", network = (allow = ["public", "private"])) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ] );
const w :Workerd.Worker = (
  modules = [ (name = "w.mjs", esModule = embed "worker.mjs") ], compatibilityDate = "${date}",
  compatibilityFlags = [${flags.map((flag) => `"${flag}"`).join()}], globalOutbound = "internet" );\n`,
  )
  const child = spawn(command, ['serve', '--control-fd=3', join(dir, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (piece) => {
    errors += piece
  })
  try {
    const port = await new Promise((resolve, reject) => {
      let text = ''
      child.stdio[3].on('data', (piece) => {
        text += piece
        const found = /"port":(\d+)/.exec(text)
        if (found) resolve(found[1])
      })
      child.on('exit', (code) => reject(new Error(`workerd exited with ${code}: ${errors}`)))
    })
    const ask = async (path) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}?peer=${encodeURIComponent(peer)}`, {
        signal: AbortSignal.timeout(60_000),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(text || errors)
      return text
    }
    const { passed, failed } = JSON.parse(await ask('/'))
    // A client that is kept between requests: what an ended one began holds up no other.
    const seen = [await ask('/impatient'), await ask('/patient'), await ask('/impatient')].join()
    return seen === 'ended,read,read'
      ? { passed: passed + 1, failed }
      : { passed, failed: [...failed, `a client kept between requests: ${seen}`] }
  } finally {
    child.kill()
  }
}
