/** Bytes of each entry, and of what a task takes. */
import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { at, line, print } from './lib.mjs'

/** Budgets in bytes; CONTRIBUTING.md names them. */
const TARGETS = {
  signature: 1_100,
  client: 4_500,
  legacy: 4_000,
  'job-status': 11_000,
  backfill: 13_000,
  'id-verification': 13_000,
  callback: 13_000,
  'image-jobs': 18_000,
  compat: 26_000,
  index: 30_000,
}
const SERVER_ONLY = ['node', 'emulator', 'package.json']
const BUILTINS = builtinModules.flatMap((name) => [name, `node:${name}`])

const PLATFORMS = {
  Node: { platform: 'node' },
  // As wrangler bundles for a Worker that has Node's modules (nodejs_compat).
  Worker: {
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['browser', 'module', 'main'],
    external: BUILTINS,
  },
  browser: { platform: 'browser' },
}

/** Bytes of some statements with all that they import, bundled, minified and under brotli. */
async function brotli(contents, options) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: at('bench') },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
    ...options,
  })
  return brotliCompressSync(outputFiles[0].contents).length
}

export async function size() {
  const { exports } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
  const entries = Object.keys(exports)
    .map((path) => path.slice(2) || 'index')
    .filter((entry) => !SERVER_ONLY.includes(entry))
  const whole = (entry, platform) => brotli(`export * from '../dist/${entry}.js'`, PLATFORMS[platform])
  const lines = await Promise.all(
    entries.map(async (entry) =>
      line(entry, 'B', [await whole(entry, 'browser')], [await whole(entry, 'Node')], {
        max: TARGETS[entry],
        rival: false,
      }),
    ),
  )
  print(
    "Size of each entry's exports, bundled by esbuild, minified, brotli",
    ['platform browser', 'platform node'],
    lines,
  )
  await besideOthers()
}

const uses = (names) =>
  Object.entries(names)
    .map(([from, what]) => `export { ${what} } from '../dist/${from}.js'`)
    .join('\n')
const TASKS = [
  [
    'sign and confirm',
    uses({ signature: 'generateSignature, confirmSignature' }),
    { 'smile-identity-core': '{ Signature }', jose: '{ CompactSign, compactVerify }' },
  ],
  [
    'client and an ID lookup',
    uses({ client: 'createClient', 'id-verification': 'verifyId' }),
    { 'smile-identity-core': '{ IDApi }', axios: '*' },
  ],
  [
    'client, an image job and its result',
    uses({ client: 'createClient', 'image-jobs': 'submitImageJob', 'job-status': 'waitForJob' }),
    { 'smile-identity-core': '{ WebApi }', jszip: '*' },
  ],
  ['compat, all of it', "export * from '../dist/compat.js'", { 'smile-identity-core': '*' }],
]

async function besideOthers() {
  const lines = []
  const refused = new Set()
  for (const [what, ours, others] of TASKS) {
    for (const [other, part] of Object.entries(others)) {
      for (const [name, options] of Object.entries(PLATFORMS)) {
        const theirs = await brotli(`export ${part} from '${other}'`, options).catch(({ errors }) => {
          if (!errors?.length) throw new Error(`${other} for ${name}: no bundle, and no reason`)
        })
        if (!theirs) {
          refused.add(`${other} for a plain ${name}`)
          continue
        }
        const named = part.startsWith('{') ? `${other} ${part}` : other
        lines.push(line(`${name}: ${what}, beside ${named}`, 'B', [await brotli(ours, options)], [theirs]))
      }
    }
  }
  print(
    `Size of what a task takes, the same way; ` +
      `what esbuild can't bundle at all: ${[...refused].join(', ') || 'nothing'}`,
    ['ours', 'alternative'],
    lines,
  )
}
