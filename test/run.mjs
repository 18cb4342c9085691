// Everything that must hold, one step after the other; ends with the sum over all runners.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const scratch = mkdtempSync(join(tmpdir(), 'smileid-test-'))
const total = { passed: 0, failed: 0 }
const failures = []

/** Runs a command with its output shown; resolves to that output and the exit code. */
const run = (command, args, env = {}) => new Promise((resolve) => {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (piece) => {
    text += piece
    process.stdout.write(piece)
  })
  child.on('error', (error) => resolve({ code: -1, text: String(error) }))
  child.on('close', (code) => resolve({ code, text }))
})
const script = (name) => ['npm', ['run', '-s', name]]

async function step(name, work) {
  console.log(`\n── ${name}`)
  const started = performance.now()
  const { passed, failed } = await work()
  total.passed += passed
  total.failed += failed
  if (failed) failures.push(name)
  console.log(`── ${name}: ${passed} passed, ${failed} failed, ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return !failed
}

/** A command that either passes as a whole or does not. */
const check = (name, command, args) => step(name, async () => {
  const { code } = await run(command, args)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
})

if (await check('build', ...script('build'))) {
  await check('types: the SDK on Web APIs alone, and what users write', ...script('typecheck'))
  await check('lint and dead code', ...script('lint'))
  await check('the package: publint and attw', ...script('check:package'))

  await step('vitest: Node, edge-runtime, workerd, Chromium, and what was built', async () => {
    const file = join(scratch, 'counts.json')
    const { code, text } = await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.workspace.ts', '--reporter=dot', '--reporter=./test/support/count-reporter.ts'], { COUNTS_FILE: file, NO_COLOR: '1' })
    if (!existsSync(file)) return { passed: 0, failed: 1 }
    const { projects, errors } = JSON.parse(readFileSync(file, 'utf8'))
    // Without a browser, which is said aloud, its project is left out; in CI that is an error in vitest.workspace.ts.
    const browser = /BROWSER TESTS ARE LEFT OUT/.test(text) && !process.env.CI ? [] : ['chromium']
    const expected = ['cloudflare', 'dist', 'edge', 'node', 'playground', 'workerd', ...browser].sort()
    const ran = Object.keys(projects).sort()
    for (const name of ran) console.log(`   ${name}: ${projects[name].passed} passed, ${projects[name].failed} failed`)
    const counts = Object.values(projects)
    const wrong = Number(ran.join() !== expected.join()) + errors
    if (ran.join() !== expected.join()) console.log(`   these projects ran: ${ran}; these had to: ${expected}`)
    const failed = counts.reduce((sum, project) => sum + project.failed, 0) + wrong
    return { passed: counts.reduce((sum, project) => sum + project.passed, 0) + (ran.join() === expected.join() ? 1 : 0), failed: failed || (code === 0 ? 0 : 1) }
  })

  await step('the packed tarball: Node 20, 22, 24 (ESM, CommonJS), types, Bun, Deno, workerd, edge-runtime, pages in Chromium', async () => {
    const { code, text } = await run(process.execPath, ['test/runtimes/run.mjs'])
    const [, passed = 0, failed = 1] = (/^(\d+) passed, (\d+) failed$/m.exec(text) ?? []).map(Number)
    return { passed, failed: failed || (code === 0 ? 0 : 1) }
  })

  await check('the demo', process.execPath, ['playground/demo/enrol.mjs'])
}

rmSync(scratch, { recursive: true, force: true })
if (failures.length) console.log(`\nfailed: ${failures.join('; ')}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed || !total.passed ? 1 : 0
