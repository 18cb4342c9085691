/** The programs that run the conformance files, one for each way in which the tarball is imported. */
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { canary } from '../support/canary-files.mjs'
import { besideThis, root } from './paths.mjs'

const { CANARY } = await canary()
const EXTERNAL = ['smileid-edge', 'smileid-edge/*']

/** What is sent does not depend on the way in which the tarball is imported: once a runtime is enough. */
const SENT_ONCE = `import '${join(root, 'test/conformance/sent-once.ts')}'`

/** A rejection that nobody handles would end a process or a Worker of a user's. */
const MAIN = `
import { runAll } from '${join(root, 'test/conformance/index.ts')}'
const unhandled = []
const note = (reason) => unhandled.push('unhandled rejection: ' + (reason?.stack ?? reason))
globalThis.addEventListener?.('unhandledrejection', (event) => {
  event.preventDefault?.()
  note(event.reason)
})
globalThis.process?.on?.('unhandledRejection', note)
// Where nothing is left that could settle what a test waits for, Node ends without a word of it.
let underWay
globalThis.process?.on?.('beforeExit', () => {
  if (underWay) console.error('nothing is left to wait for, and this has not ended: ' + underWay)
})
export async function main(peer) {
  const result = await runAll({ peer }, (name) => (underWay = name))
  underWay = undefined
  await new Promise((resolve) => setTimeout(resolve, 100))
  return JSON.stringify({ passed: result.passed, failed: [...result.failed, ...unhandled] })
}`

/** Answers with the conformance files' result, or tries a client that is kept between requests. */
const WORKER = `
import { createClient as clientOf } from 'smileid-edge/client'
import { getServices as read } from 'smileid-edge/services'
let kept
export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    const peer = searchParams.get('peer')
    if (pathname === '/') return new Response(await main(peer))
    kept ??= clientOf({
      partnerId: '085',
      apiKey: ${JSON.stringify(CANARY.apiKey)},
      environment: 'sandbox',
      baseUrl: peer,
      allowInsecureBaseUrl: true,
    })
    const options = pathname === '/impatient' ? { signal: AbortSignal.timeout(50) } : {}
    return read(kept, options).then(() => new Response('read'), () => new Response('ended'))
  },
}`

/** As a user's bundler does: takes the tarball that is installed in `dir`, under the runtime's conditions. */
const installedIn = (dir) => ({
  name: 'installed',
  setup(b) {
    b.onResolve({ filter: /^smileid-edge/ }, ({ path, kind, pluginData }) =>
      pluginData === 'again' ? undefined : b.resolve(path, { resolveDir: dir, kind, pluginData: 'again' }),
    )
  },
})

/** As Deno's users name a package of npm. */
const byNpmName = {
  name: 'by-npm-name',
  setup(b) {
    b.onResolve({ filter: /^smileid-edge/ }, ({ path }) => ({ path: `npm:${path}`, external: true }))
  },
}

/** Writes all of them into `dir`, in which the tarball is installed. */
export async function writePrograms(dir) {
  await copyFile(besideThis('required.cjs'), join(dir, 'required.cjs'))
  const installed = installedIn(dir)
  const programs = {
    'run.mjs': {
      first: SENT_ONCE,
      last: 'console.log(await main(process.argv.at(-1)))',
      external: EXTERNAL,
    },
    'run.cjs': {
      last: 'void main(process.argv.at(-1)).then(console.log)',
      external: EXTERNAL,
      format: 'cjs',
    },
    'deno.mjs': {
      first: SENT_ONCE,
      last: 'console.log(await main(globalThis.Deno.args[0]))',
      plugins: [byNpmName],
    },
    'worker.mjs': {
      first: SENT_ONCE,
      last: WORKER,
      plugins: [installed],
      conditions: ['workerd', 'worker', 'browser'],
    },
    'edge.js': {
      first: SENT_ONCE,
      last: 'globalThis.result = main(globalThis.PEER)',
      plugins: [installed],
      conditions: ['edge-light', 'worker', 'browser'],
      format: 'iife',
    },
    'conformance.mjs': { last: 'globalThis.result = main(globalThis.PEER)', external: EXTERNAL },
  }
  for (const [name, { first = '', last, ...options }] of Object.entries(programs)) {
    await build({
      stdin: { contents: `${first}\n${MAIN}\n${last}`, resolveDir: root, loader: 'ts' },
      bundle: true,
      outfile: join(dir, name),
      format: 'esm',
      target: 'es2022',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      logLevel: 'error',
      ...options,
    })
  }
}

/** Starts the server that the programs talk to; it imports the tarball, too. */
export async function startPeer(dir) {
  const outfile = join(dir, 'peer.mjs')
  await build({
    entryPoints: [join(root, 'test/support/peer.ts')],
    bundle: true,
    outfile,
    format: 'esm',
    platform: 'node',
    external: EXTERNAL,
    logLevel: 'error',
  })
  return (await import(pathToFileURL(outfile).href)).startPeer()
}
