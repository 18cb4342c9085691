import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { inTurn } from './inside/rounds.mjs'
import { at, line, output, print } from './lib.mjs'

const TARGETS = { signature: 900, 'job-status': 8000, backfill: 9000, callback: 10_000, 'id-verification': 9000, services: 7000, 'image-jobs': 14_000, index: 24_000 }
const SERVER_ONLY = ['node', 'emulator', 'package.json']

async function brotli(entry, platform) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from './dist/${entry}.js'`, resolveDir: at('') },
    bundle: true, write: false, minify: true, format: 'esm', target: 'es2022', platform, logLevel: 'error',
  })
  return brotliCompressSync(outputFiles[0].contents).length
}

export async function size() {
  const { exports } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
  const entries = Object.keys(exports).map((path) => path.slice(2) || 'index').filter((entry) => !SERVER_ONLY.includes(entry))
  const lines = await Promise.all(entries.map(async (entry) => line(entry, 'B', [await brotli(entry, 'browser')], [await brotli(entry, 'node')], { max: TARGETS[entry] })))
  print("Size of each entry's exports, bundled by esbuild, minified, brotli", ['platform browser', 'platform node'], lines)
  await coldImport()
}

async function coldImport() {
  const start = (...args) => async () => {
    const started = performance.now()
    await output(process.execPath, args)
    return performance.now() - started
  }
  const load = `import('${pathToFileURL(at('dist/index.js')).href}')`
  const candidates = { nothing: start('-e', ''), index: start('--input-type=module', '-e', load) }
  await inTurn(2, candidates)
  const { nothing, index } = await inTurn(21, candidates)
  print('Cold import, a new Node each', ['ours', 'empty process'], [
    line('process that imports dist/index.js', 'ms', index, nothing),
    line('what the import adds', 'ms', index.map((ms, round) => ms - nothing[round]), undefined, { max: 25 }),
  ])
}
