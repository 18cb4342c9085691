/**
 * Every line for a terminal that users read runs, as it stands there, against the emulator on loopback, or is
 * said not to, and why.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { samplePhoto } from 'smileid-edge/emulator'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { blocksOf, PAGES, root } from '../support/docs.ts'
import { type DocsSetup, setUpDocs } from '../support/docs-setup.ts'

let setup: DocsSetup
beforeEach(async () => void (setup = await setUpDocs()))
afterEach(() => setup.close())

/**
 * Runs the lines of a block one after the other, as in a terminal; resolves to their exit codes and what was
 * said.
 */
async function shell(name: string): Promise<{ codes: (number | null)[]; text: string }> {
  mkdirSync(join(setup.dir, 'node_modules/.bin'), { recursive: true })
  symlinkSync(join(root, 'dist/cli.js'), join(setup.dir, 'node_modules/.bin/smileid-edge'))
  const codes: (number | null)[] = []
  let text = ''
  for (const line of lines(name)) {
    const child = spawn('sh', ['-c', line], { env: process.env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece) => {
        text += piece
      })
    codes.push(await new Promise((resolve) => child.on('close', resolve)))
  }
  rmSync(join(setup.dir, 'node_modules'), { recursive: true })
  expect(text).not.toContain('your key')
  return { codes, text }
}
const blocks = PAGES.flatMap(blocksOf)
/** Without what is said about it. */
const bare = (line: string) => line.split(' #')[0]!.trim()
const lines = (name: string) =>
  blocks
    .find((block) => block.name === name)!
    .code.split('\n')
    .filter((line) => line && !NOT_RUN[bare(line)])

const SCRIPTS: Record<string, (name: string) => Promise<void>> = {
  async 'README.md: Enrol many users, sh'(name) {
    const { codes, text } = await shell(name)
    expect(codes, text).toEqual([0, 0])
    expect(setup.emulator.calls.map(({ operation, status }) => [operation, status])).toEqual([
      ['backfill_users', 200],
      ['backfill_users', 200],
    ])
    expect(readFileSync('report.html', 'utf8')).not.toContain('0042')
  },
  async 'playground/migration.md: From smile-identity-core, sh'(name) {
    mkdirSync('src')
    const old = [
      `const { Signature } = require('smile-identity-core')`,
      `const pair = new Signature('1', 'k').generate_signature()\n`,
    ].join('\n')
    writeFileSync('src/a.js', old)
    const { codes, text } = await shell(name)
    expect(codes[1], text).not.toBe(1)
    expect(text).toContain('a.js')
    expect(readFileSync('src/a.js', 'utf8')).toContain(`require('smileid-edge/compat')`)
  },
  /** What is to stand in `.env`. */
  async 'playground/docs/bulk.md: From export to report, sh'(name) {
    writeFileSync('.env', `${lines(name).join('\n')}\nSMILE_ID_BASE_URL=${setup.url}\n`)
    for (const variable of Object.keys(process.env).filter((key) => key.startsWith('SMILE_ID_')))
      vi.stubEnv(variable, undefined)
    const { codes, text } = await shell('README.md: Enrol many users, sh')
    expect(codes, text).toEqual([0, 0])
  },
  async 'playground/docs/bulk.md: From export to report, sh 2'(name) {
    expect((await shell(name)).codes).toEqual([0])
    writeFileSync('photos/0043.jpg', 'GIF89a')
    const { codes, text } = await shell(name)
    expect(codes, text).toEqual([6])
    expect(readFileSync('problems.csv', 'utf8')).toMatch(/^3,"invalid",.*,0043,/m)
    expect(setup.emulator.calls).toEqual([])
  },
  async 'playground/docs/bulk.md: From export to report, sh 3'(name) {
    const { codes, text } = await shell(name)
    expect(codes, text).toEqual([0])
    expect(setup.emulator.isEnrolled('0042')).toBe(true)
  },
  async 'playground/docs/bulk.md: From export to report, sh 4'(name) {
    await shell('playground/docs/bulk.md: From export to report, sh 3')
    const { codes, text } = await shell(name)
    expect(codes, text).toEqual([0])
    expect(setup.emulator.calls).toHaveLength(2)
  },
  async 'playground/docs/bulk.md: From export to report, sh 5'(name) {
    // Too small to hold a face, until it is replaced.
    writeFileSync('photos/0043.jpg', readFileSync(`${root}playground/demo/photos/tiny.png`))
    expect((await shell('playground/docs/bulk.md: From export to report, sh 4')).codes).toEqual([2])
    writeFileSync('photos/0043.jpg', samplePhoto())
    const { codes, text } = await shell(name)
    expect(codes, text).toEqual([0])
    expect(setup.emulator.isEnrolled('0043')).toBe(true)
  },
}

/** Lines that run nowhere here, and why. */
const NOT_RUN: Record<string, string> = {
  'npm install smileid-edge': 'needs a registry that has it',
  'npm ci && npm run demo': 'installs anew; the demo is a step of test/run.mjs',
  'npm ci && npm start': 'installs anew; test/playground starts it',
  'npm ci && npm test': 'would run itself',
  'npm install smileid-edge && npm uninstall smile-identity-core': 'needs a registry that has it',
  [[
    'npx newman run playground/postman/image-enroll.postman_collection.json',
    '-e playground/postman/emulator.postman_environment.json',
    '--folder Runner -d playground/postman/users.json',
  ].join(' ')]: 'needs one certain port; test/playground/postman.test.ts runs the same on a free one',
  ...Object.fromEntries(
    blocks
      .filter(({ file, language }) => file === 'playground/docs/deploy.md' && language === 'sh')
      .flatMap(({ code }) => code.split('\n'))
      .map((line) => [bare(line), 'needs an account at Cloudflare']),
  ),
}

const names = blocks.filter(({ language }) => language === 'sh').map(({ name }) => name)

it.each(names.filter((name) => lines(name).length))('%s', async (name) => {
  expect(Object.keys(SCRIPTS)).toContain(name)
  await SCRIPTS[name]!(name)
})

it('nothing is run, or said not to be, that stands nowhere', () => {
  expect(Object.keys(SCRIPTS).filter((name) => !names.includes(name))).toEqual([])
  const written = blocks.flatMap(({ code }) => code.split('\n').map(bare))
  expect(Object.keys(NOT_RUN).filter((line) => !written.includes(line))).toEqual([])
})

it('there is no other kind of block than what is run, is input of one that is, or shows a difference', () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['ts', 'sh', 'csv', 'diff']))
})
