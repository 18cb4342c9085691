/**
 * Everything that must hold, in two lanes beside each other, since tests wait a third of their time; ends
 * with the sum over all runners.
 */
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canary, searchFolder } from './support/canary-files.mjs'

const root = new URL('..', import.meta.url).pathname
const { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } = fs
const { tracesIn } = await canary()
const scratch = mkdtempSync(join(tmpdir(), 'smileid-test-'))
// Postgres refuses to run as root, and as somebody else has to get through.
chmodSync(scratch, 0o711)
/** Where tests put what they make; what they leave there is searched. */
const left = join(scratch, 'left')
mkdirSync(left)
/** The conformance files run on Node alone here: on all other runtimes, the packed tarball runs them. */
const PROJECTS = ['abuse', 'cloudflare', 'dist', 'node', 'node-fetch', 'playground']
const total = { passed: 0, failed: 0 }
/** Tests that passed, by file of test/abuse. */
let abuse = {}
const failures = []
/** Places searched for what must never come out, and what was found. */
const searched = { places: 0, found: [] }

/** Runs a command with its output shown as `show` has it; resolves to that output and the exit code. */
const run = (command, args, { env = {}, show }) =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, TMPDIR: left, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    let said = ''
    child.stdout.on('data', (piece) => {
      text += piece
      show(piece)
    })
    child.stderr.on('data', (piece) => {
      said += piece
      show(piece)
    })
    child.on('error', (error) => resolve({ code: -1, text: String(error) }))
    child.on('close', (code) => {
      searched.places += 2
      for (const [place, output] of [
        ['standard output', text],
        ['standard error', said],
      ])
        searched.found.push(
          ...tracesIn(output).map((trace) => ({ ...trace, place: `${place} of ${args.join(' ')}` })),
        )
      resolve({ code, text })
    })
  })
const script = (name) => ['npm', ['run', '-s', name]]

/** What is under way says it at once, or, where other steps run beside it, when it is over. */
async function step(name, work, { beside = false } = {}) {
  const kept = []
  const show = (piece) => (beside ? kept.push(piece) : process.stdout.write(piece))
  const say = (line) => show(`${line}\n`)
  say(`\n── ${name}`)
  const started = performance.now()
  const { passed, failed } = await work({ show, say })
  total.passed += passed
  total.failed += failed
  if (failed) failures.push(name)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  say(`── ${name}: ${passed} passed, ${failed} failed, ${seconds} s`)
  for (const piece of kept) process.stdout.write(piece)
  return !failed
}

/** A command that either passes as a whole or does not. */
const check = (name, [command, args], how) =>
  step(
    name,
    async ({ show }) => {
      const { code } = await run(command, args, { show })
      return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
    },
    how,
  )

if (await check('build', script('build'))) {
  await Promise.all([vitest(), checksAndTarball()])

  await check('the demo', [process.execPath, ['playground/demo/enrol.mjs']])

  await step('test/README.md tells how many abuses were tried', async ({ say }) => {
    const told = Object.fromEntries(
      [
        ...readFileSync(new URL('README.md', import.meta.url), 'utf8').matchAll(
          /^\| `([\w-]+\.test\.ts)` \|.*\| (\d+) \|/gm,
        ),
      ].map(([, name, count]) => [name, Number(count)]),
    )
    const wrong = [...new Set([...Object.keys(told), ...Object.keys(abuse)])].filter(
      (name) => told[name] !== abuse[name],
    )
    for (const name of wrong)
      say(`   ${name}: ${told[name] ?? 'not named'} there, ${abuse[name] ?? 0} passed`)
    return { passed: wrong.length ? 0 : 1, failed: wrong.length }
  })

  await step('canary: no key, name, number or photo in what was printed and left', async ({ say }) => {
    const files = searchFolder(fs, left, tracesIn)
    const found = [...searched.found, ...files.found]
    say(`   ${searched.places + files.searched} places searched, ${found.length} found`)
    for (const { marker, form, place } of found) say(`   ${marker} (${form}) in ${place}`)
    return { passed: found.length ? 0 : 1, failed: found.length }
  })
}

rmSync(scratch, { recursive: true, force: true })
if (failures.length) console.log(`\nfailed: ${failures.join('; ')}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed || !total.passed ? 1 : 0

function vitest() {
  return step('vitest: Node, the platform of Cloudflare, and what was built', async ({ show, say }) => {
    const file = join(scratch, 'counts.json')
    const { code } = await run(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--config',
        'vitest.workspace.ts',
        '--reporter=dot',
        '--reporter=./test/support/count-reporter.ts',
        ...PROJECTS.map((name) => `--project=${name}`),
      ],
      { env: { COUNTS_FILE: file, NO_COLOR: '1' }, show },
    )
    if (!existsSync(file)) return { passed: 0, failed: 1 }
    const { projects, errors, folders } = JSON.parse(readFileSync(file, 'utf8'))
    abuse = folders['test/abuse'] ?? {}
    const ran = Object.keys(projects).sort()
    for (const name of ran)
      say(`   ${name}: ${projects[name].passed} passed, ${projects[name].failed} failed`)
    const counts = Object.values(projects)
    const isWhole = ran.join() === PROJECTS.join()
    if (!isWhole) say(`   these projects ran: ${ran}; these had to: ${PROJECTS}`)
    const failed = counts.reduce((sum, project) => sum + project.failed, 0) + errors + (isWhole ? 0 : 1)
    return {
      passed: counts.reduce((sum, project) => sum + project.passed, 0) + (isWhole ? 1 : 0),
      failed: failed || (code === 0 ? 0 : 1),
    }
  })
}

async function checksAndTarball() {
  const how = { beside: true }
  await check('types: the SDK on Web APIs alone, and what users write', script('typecheck'), how)
  await check('lint and dead code', script('lint'), how)
  await check('the package: publint and attw', script('check:package'), how)
  await step(
    'the packed tarball: Node 20, 22, 24 (ESM, CommonJS), types, Bun, Deno, workerd old and new, ' +
      'edge-runtime, pages in Chromium',
    async ({ show }) => {
      const { code, text } = await run(process.execPath, ['test/runtimes/run.mjs'], { show })
      const [, passed = 0, failed = 1] = (/^(\d+) passed, (\d+) failed$/m.exec(text) ?? []).map(Number)
      return { passed, failed: failed || (code === 0 ? 0 : 1) }
    },
    how,
  )
}
