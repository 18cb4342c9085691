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
import { HUNG_MS, leftOut, step, steps, totals } from './steps.mjs'
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
    await steps(
      [
        () => step('the tarball brings along nothing else', installedAlone),
        ...inBrowsers(peer.url),
        () =>
          step('edge-runtime, bare', () =>
            run(process.execPath, [besideThis('edge.mjs'), 'edge.js', peer.url]),
          ),
        () =>
          step('types as TypeScript 6 and 7 find them: node16 (ESM, CommonJS) and bundler', () =>
            compileConsumers(root, dir),
          ),
        ...(await onNodes(peer.url)),
        ...onBunAndDeno(peer.url),
        ...byCommand(peer.url),
        ...(await onWorkerds(peer.url)),
      ],
      { atOnce: 2 },
    )
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
    timeout: HUNG_MS,
    maxBuffer: 1 << 24,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

async function onNodes(peer) {
  const { found, missing, reason } = await nodes()
  return [
    ...found.flatMap(({ command, version }, i) => [
      () => step(`node ${version}, ESM`, () => run(command, ['run.mjs', peer])),
      // The same code by another loader: the files run on one Node, and each entry is loaded on all.
      ...(i === 0 ? [() => step(`node ${version}, CommonJS`, () => run(command, ['run.cjs', peer]))] : []),
      () => step(`node ${version}, required`, () => run(command, ['required.cjs', CANARY.apiKey, peer])),
    ]),
    ...missing.map((major) => () => leftOut(`node ${major}`, reason)),
    () => step('stack traces lead to the shipped sources', () => stackTraces(dir)),
  ]
}

function onBunAndDeno(peer) {
  const flags = ['--node-modules-dir=manual', '--cached-only', '--no-prompt', '--allow-net']
  return [
    () => step('bun, ESM', () => run(bin('bun'), ['run.mjs', peer])),
    () => step('bun, required', () => run(bin('bun'), ['required.cjs', CANARY.apiKey, peer])),
    () =>
      step('deno by npm: names, with --allow-net alone', () =>
        run(bin('deno'), ['run', ...flags, 'deno.mjs', peer], DENO),
      ),
    () => step('types as Deno finds them', typesOnDeno),
  ]
}

async function typesOnDeno() {
  await copyFile(join(root, 'test/types/programs.ts'), join(dir, 'programs.ts'))
  const check = ['check', '--node-modules-dir=manual', 'programs.ts']
  await exec(bin('deno'), check, { cwd: dir, env: { ...process.env, ...DENO } })
  return { passed: 1, failed: [] }
}

function byCommand(peer) {
  const file = join(dir, 'node_modules/smileid-edge/dist/cli.js')
  const permissions = ['env', 'read', 'write', 'net=127.0.0.1', 'sys=hostname'].map(
    (what) => `--allow-${what}`,
  )
  const commands = {
    node: { what: 'the command, by its name', command: [join(dir, 'node_modules/.bin/smileid-edge')] },
    bun: { what: 'the command on bun', command: [bin('bun'), file] },
    deno: {
      what: 'the command on deno, with what it needs alone',
      command: [bin('deno'), 'run', '--no-prompt', ...permissions, file],
    },
  }
  return Object.entries(commands).map(
    ([name, { what, command }]) =>
      () =>
        step(what, () => theCommand({ dir, name, command, peer })),
  )
}

async function onWorkerds(peer) {
  const { found, missing } = await workerds()
  const on = found.flatMap(({ command, version, date }) => {
    const name = `workerd ${version} at ${date}`
    const start = (flags) => inWorkerd({ dir, command, date, flags, peer })
    return [
      () => step(`${name}, without Node compat`, () => start([])),
      () => step(`${name}, with Node compat`, () => start(['nodejs_compat'])),
    ]
  })
  return missing ? [...on, () => leftOut('the newest workerd', missing)] : on
}

function inBrowsers(peer) {
  // What a page of webpack's holds is looked at; what the SDK does in Chromium is the same after both.
  const bundlers = { vite: { conformance: 'conformance.mjs' }, webpack: {} }
  return Object.entries(bundlers).map(([name, more]) => () => {
    const what = `Chromium, bundled by ${name}`
    if (!chromiumPath) return leftOut(what, NO_CHROMIUM)
    return step(what, () => inBrowser({ name, dir, peer, apiKey: CANARY.apiKey, ...more }))
  })
}
