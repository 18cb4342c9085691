/**
 * "sideEffects": false, proved: one function out of the root entry weighs what it weighs out of its own,
 * whoever bundles.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build, transform } from 'esbuild'
import { rollup } from 'rollup'
import { expect, it } from 'vitest'
import webpack from 'webpack'

const root = new URL('../..', import.meta.url).pathname
const dir = `${root}.cache/tree-shaking`
const { sideEffects, exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  sideEffects: boolean
  exports: Record<string, { import: { default: string } }>
}

/** Each bundles the file, as ESM where it can, with nothing but what the package says of itself. */
const bundlers: Record<string, (file: string) => Promise<string>> = {
  async esbuild(file) {
    return (
      await build({
        entryPoints: [file],
        bundle: true,
        write: false,
        format: 'esm',
        target: 'es2022',
        logLevel: 'error',
      })
    ).outputFiles[0]!.text
  },
  async rollup(file) {
    const packages = {
      name: 'packages',
      resolveId: (name: string) => {
        if (name.startsWith('smileid-edge'))
          return {
            id: `${root}${exports[name.replace('smileid-edge', '.')]!.import.default}`,
            moduleSideEffects: sideEffects,
          }
        return null
      },
    }
    const { generate } = await rollup({ input: file, plugins: [packages], logLevel: 'silent' })
    return (await generate({ format: 'es' })).output[0].code
  },
  async webpack(file) {
    const compiler = webpack({
      mode: 'production',
      target: ['web', 'es2022'],
      entry: file,
      output: { path: dir, filename: 'webpack.mjs', module: true, library: { type: 'module' } },
      experiments: { outputModule: true },
      optimization: { minimize: false },
      performance: false,
    })!
    await new Promise<void>((resolve, reject) =>
      compiler.run((error, stats) =>
        error || stats?.hasErrors() ? reject(error ?? new Error(stats?.toString())) : resolve(),
      ),
    )
    return readFileSync(`${dir}/webpack.mjs`, 'utf8')
  },
}

const functions = {
  generateSignature: 'signature',
  readPhoto: 'photo',
  interpretResult: 'result',
  verifyCallback: 'callback',
  waitForJob: 'job-status',
}

it.each(Object.keys(bundlers))('%s', async (name) => {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const size = async (code: string) => {
    writeFileSync(`${dir}/entry.mjs`, code)
    return (
      await transform(await bundlers[name]!(`${dir}/entry.mjs`), {
        minify: true,
        format: 'esm',
        target: 'es2022',
      })
    ).code.length
  }
  expect(await size(`import 'smileid-edge'`)).toBeLessThanOrEqual(1)
  const whole = await size(`export * from 'smileid-edge'`)
  for (const [one, entry] of Object.entries(functions)) {
    const own = await size(`export { ${one} } from 'smileid-edge/${entry}'`)
    const fromRoot = await size(`export { ${one} } from 'smileid-edge'`)
    expect(fromRoot, one).toBeLessThanOrEqual(own * 1.01 + 10)
    expect(fromRoot, one).toBeLessThan(whole / 2)
  }
})
