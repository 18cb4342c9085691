/** Pages as users build them with Vite and webpack from the installed tarball, run in the real Chromium. */
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { chromium } from 'playwright'
import { build as vite, createLogger } from 'vite'
import webpack from 'webpack'
import { CHROMIUM_FLAGS, chromiumPath } from '../support/chromium.mjs'

const here = dirname(fileURLToPath(import.meta.url))

/** Makes `<place>/built/<entry>.js`; resolves to what was warned of, and the files that went in. */
const BUNDLERS = {
  async vite(place, entry) {
    const said = []
    const logger = Object.assign(createLogger('silent'), {
      warn: (text) => said.push(text),
      warnOnce: (text) => said.push(text),
    })
    const { output } = await vite({
      root: place,
      configFile: false,
      logLevel: 'warn',
      customLogger: logger,
      build: {
        outDir: join(place, 'built'),
        emptyOutDir: false,
        // The conformance files are more than any page; what pages carry is measured in `test/dist`.
        chunkSizeWarningLimit: 4000,
        rollupOptions: { input: join(place, `${entry}.js`), output: { entryFileNames: `${entry}.js` } },
      },
    })
    return { said, modules: output.flatMap(({ moduleIds = [] }) => moduleIds) }
  },
  async webpack(place, entry) {
    const compiler = webpack({
      mode: 'production',
      target: 'web',
      context: place,
      entry: `./${entry}.js`,
      output: { path: join(place, 'built'), filename: `${entry}.js` },
      performance: false,
    })
    const stats = await new Promise((resolve, reject) =>
      compiler.run((error, result) => (error ? reject(error) : resolve(result))),
    )
    const { warnings, errors } = stats.toJson({ all: false, warnings: true, errors: true })
    const modules = [...stats.compilation.modules]
      .flatMap((module) => module.modules ?? module)
      .flatMap((module) => module.resource ?? [])
    await new Promise((resolve) => compiler.close(resolve))
    if (errors.length) throw new Error(errors.map(({ message }) => message).join('\n'))
    return { said: warnings.map(({ message }) => message), modules }
  },
}

/**
 * No polyfill of Node's, and no name of Node's that a browser does not have: `process`, `Buffer` and the like
 * as free variables.
 */
async function strangers(place, entry, { said, modules }) {
  const known = new RegExp(
    `^${place}/|/node_modules/(smileid-edge|valibot)/|^\\0|^rolldown/|/webpack/runtime/`,
  )
  const free = Object.fromEntries(
    ['process', 'Buffer', 'global', 'require', '__dirname', 'setImmediate'].map((name) => [
      name,
      `FREE_${name}`,
    ]),
  )
  const { code } = await transform(await readFile(join(place, `built/${entry}.js`), 'utf8'), {
    define: free,
    format: 'esm',
  })
  return [
    ...said,
    ...modules.filter((id) => !known.test(id)).map((id) => `bundled: ${id}`),
    ...(code.match(/FREE_\w+/g) ?? []),
    ...(code.match(/node:[\w/]+/g) ?? []),
  ]
}

const html = (title, scripts) => `<!doctype html>
<title>${title}</title>
<link rel="icon" href="data:,">
${scripts}`

/**
 * `conformance`, if given, is a script that runs the conformance files against globalThis.PEER and leaves
 * their end in globalThis.result.
 */
export async function inBrowser({ name, dir, conformance, peer, apiKey }) {
  const place = join(dir, `page-${name}`)
  await mkdir(place)
  await copyFile(join(here, 'page.js'), join(place, 'page.js'))
  const page = await BUNDLERS[name](place, 'page')
  const failed = await strangers(place, 'page', page)
  await writeFile(
    join(place, 'built/page.html'),
    html('page', '<script type="module" src="page.js"></script>'),
  )
  if (conformance) {
    await copyFile(join(dir, conformance), join(place, 'conformance.js'))
    const tests = await BUNDLERS[name](place, 'conformance')
    failed.push(...tests.said)
    await writeFile(
      join(place, 'built/conformance.html'),
      html(
        'conformance',
        `<script>globalThis.PEER = ${JSON.stringify(peer)}</script>
<script type="module" src="conformance.js"></script>`,
      ),
    )
  }
  const counts = [{ passed: 1 - Math.min(1, failed.length), failed }]

  const files = new Map(
    await Promise.all(
      (await readdir(join(place, 'built')))
        .filter((file) => /\.(js|html)$/.test(file))
        .map(async (file) => [`/${file}`, await readFile(join(place, 'built', file))]),
    ),
  )
  const server = createServer(({ url }, response) =>
    response
      .writeHead(files.has(url) ? 200 : 404, {
        'content-type': url.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8',
      })
      .end(files.get(url)),
  )
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath: chromiumPath, args: CHROMIUM_FLAGS })
  try {
    const open = async (path) => {
      const tab = await browser.newPage()
      tab.on('pageerror', (error) => counts.push({ passed: 0, failed: [`${path}: ${error.stack}`] }))
      await tab.goto(`http://localhost:${server.address().port}/${path}`)
      return tab
    }
    counts.push(
      JSON.parse(
        await (await open('page.html')).evaluate((args) => globalThis.runPage(...args), [peer, apiKey]),
      ),
    )
    if (conformance)
      counts.push(JSON.parse(await (await open('conformance.html')).evaluate(() => globalThis.result)))
  } finally {
    await browser.close()
    server.close()
    server.closeAllConnections()
  }
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.flatMap((count) => count.failed),
  }
}
