/**
 * Packs the built package, installs the tarball in an empty folder, and runs the conformance files against it
 * on every runtime.
 */
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { canary } from '../support/canary-files.mjs'
import { chromiumPath, NO_CHROMIUM } from '../support/chromium.mjs'
import { inBrowser } from './browser.mjs'
import { theCommand } from './command.mjs'
import { compileConsumers } from './consumer.mjs'
import { nodes } from './nodes.mjs'
import { besideThis, bin, root } from './paths.mjs'
import { startPeer, writePrograms } from './programs.mjs'
import { stackTraces } from './stack.mjs'
import { leftOut, step, totals } from './steps.mjs'
import { inWorkerd, workerds } from './workerds.mjs'

const exec = promisify(execFile)
const { CANARY } = await canary()
const DENO = { DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' }
const dir = await mkdtemp(join(tmpdir(), 'smileid-edge-'))

try {
  await installTarball()
  await writePrograms(dir)
  const peer = await startPeer(dir)
  try {
    await step('the tarball brings along nothing else', installedAlone)
    await onNodes(peer.url)
    await step('types as TypeScript finds them: node16 (ESM, CommonJS) and bundler', () =>
      compileConsumers(root, dir),
    )
    await onBunAndDeno(peer.url)
    await byCommand(peer.url)
    await onWorkerds(peer.url)
    await step('edge-runtime, bare', () =>
      run(process.execPath, [besideThis('edge.mjs'), 'edge.js', peer.url]),
    )
    await inBrowsers(peer.url)
  } finally {
    await peer.close()
  }
} finally {
  await rm(dir, { recursive: true, force: true })
}
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed ? 1 : 0)

async function installTarball() {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', dir]
  const [{ filename }] = JSON.parse((await exec('npm', pack, { cwd: root })).stdout)
  const manifest = { name: 'consumer', private: true, version: '0.0.0' }
  await writeFile(join(dir, 'package.json'), JSON.stringify(manifest))
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
  await exec('npm', ['install', ...flags, `./${filename}`], { cwd: dir })
}

async function installedAlone() {
  const names = (await readdir(join(dir, 'node_modules'))).filter((name) => !name.startsWith('.')).sort()
  if (names.join() === 'smileid-edge') return { passed: 1, failed: [] }
  return { passed: 0, failed: [`installed: ${names.join(', ')}`] }
}

/** Runs a program in `dir`; the last line that it prints is its result. */
async function run(command, args, env = {}) {
  const { stdout } = await exec(command, args, {
    cwd: dir,
    env: { ...process.env, ...env },
    timeout: 120_000,
    maxBuffer: 1 << 24,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

async function onNodes(peer) {
  const { found, missing, reason } = await nodes()
  for (const { command, version } of found) {
    await step(`node ${version}, ESM`, () => run(command, ['run.mjs', peer]))
    await step(`node ${version}, CommonJS`, () => run(command, ['run.cjs', peer]))
  }
  for (const major of missing) await leftOut(`node ${major}`, reason)
  await step('stack traces lead to the shipped sources', () => stackTraces(dir))
}

async function onBunAndDeno(peer) {
  await step('bun, ESM', () => run(bin('bun'), ['run.mjs', peer]))
  await step('bun, CommonJS', () => run(bin('bun'), ['run.cjs', peer]))
  const flags = ['--node-modules-dir=manual', '--cached-only', '--no-prompt', '--allow-net']
  await step('deno by npm: names, with --allow-net alone', () =>
    run(bin('deno'), ['run', ...flags, 'deno.mjs', peer], DENO),
  )
  await step('types as Deno finds them', async () => {
    await copyFile(join(root, 'test/types/programs.ts'), join(dir, 'programs.ts'))
    const check = ['check', '--node-modules-dir=manual', 'programs.ts']
    await exec(bin('deno'), check, { cwd: dir, env: { ...process.env, ...DENO } })
    return { passed: 1, failed: [] }
  })
}

async function byCommand(peer) {
  const file = join(dir, 'node_modules/smileid-edge/dist/cli.js')
  const permissions = ['env', 'read', 'write', 'net=127.0.0.1', 'sys=hostname'].map(
    (what) => `--allow-${what}`,
  )
  const commands = {
    node: { what: 'the command, by its name', command: [join(dir, 'node_modules/.bin/smileid')] },
    bun: { what: 'the command on bun', command: [bin('bun'), file] },
    deno: {
      what: 'the command on deno, with what it needs alone',
      command: [bin('deno'), 'run', '--no-prompt', ...permissions, file],
    },
  }
  for (const [name, { what, command }] of Object.entries(commands))
    await step(what, () => theCommand({ dir, name, command, peer }))
}

async function onWorkerds(peer) {
  const { found, missing } = await workerds()
  for (const { command, version, date } of found) {
    const name = `workerd ${version} at ${date}`
    const start = (flags) => inWorkerd({ dir, command, date, flags, peer })
    await step(`${name}, without Node compat`, () => start([]))
    await step(`${name}, with Node compat`, () => start(['nodejs_compat']))
  }
  if (missing) await leftOut('the newest workerd', missing)
}

async function inBrowsers(peer) {
  for (const name of ['vite', 'webpack']) {
    const what = `Chromium, bundled by ${name}`
    if (chromiumPath)
      await step(what, () =>
        inBrowser({ name, dir, conformance: 'conformance.mjs', peer, apiKey: CANARY.apiKey }),
      )
    else await leftOut(what, NO_CHROMIUM)
  }
}
