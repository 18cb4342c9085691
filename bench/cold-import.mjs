/** What a cold import adds to an empty process of Node. */
import { pathToFileURL } from 'node:url'
import { inTurn } from './inside/rounds.mjs'
import { at, line, output, print } from './lib.mjs'

const OURS = [
  'index',
  'client',
  'signature',
  'callback',
  'id-verification',
  'image-jobs',
  'backfill',
  'bulk',
  'compat',
  'node',
  'cloudflare',
  'emulator',
]
const OTHERS = ['smile-identity-core', 'axios', 'jszip']

export async function coldImport() {
  const load = (url) => async () => {
    const started = performance.now()
    await output(process.execPath, ['--input-type=module', '-e', url && `await import('${url}')`])
    return performance.now() - started
  }
  const candidates = {
    nothing: load(''),
    ...Object.fromEntries(OURS.map((entry) => [entry, load(pathToFileURL(at(`dist/${entry}.js`)))])),
    ...Object.fromEntries(OTHERS.map((name) => [name, load(import.meta.resolve(name))])),
  }
  await inTurn(2, candidates)
  const taken = await inTurn(21, candidates)
  const adds = (name) => taken[name].map((ms, round) => ms - taken.nothing[round])
  print(
    'Cold import, a new Node each',
    ['ours', 'empty process'],
    [
      line('process that imports dist/index.js', 'ms', taken.index, taken.nothing, { rival: false }),
      line('what the import adds', 'ms', adds('index'), undefined, { max: 25 }),
    ],
  )
  print(
    'What a cold import adds to an empty process of Node',
    ['ours', 'alternative'],
    [
      ...OTHERS.map((other) => line(`index, beside ${other}`, 'ms', adds('index'), adds(other))),
      ...OURS.slice(1).map((entry) =>
        line(`${entry}, beside smile-identity-core`, 'ms', adds(entry), adds('smile-identity-core')),
      ),
    ],
  )
}
