import { readdirSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { build, defineConfig, type Options } from 'tsup'
import { writeDeclarations } from './build/declarations.ts'
import { lean } from './build/lean.ts'
import { keepShippedSources } from './build/maps.ts'

/** Every file directly in src/ is one public entry. */
const entries = readdirSync('src')
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name}`)

/** Public entries as they lie beside the command in dist/, so that it has no copy of its own. */
const siblings: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'siblings',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ path, importer }) => {
      const file = resolve(dirname(importer), path)
      return dirname(file) === resolve('src')
        ? { path: `./${basename(file, '.ts')}.js`, external: true, sideEffects: false }
        : undefined
    })
  },
}

/** The command `smileid`: no entry of the package, and ESM alone. */
const command: Options = {
  entry: { cli: 'src/cli/main.ts' },
  format: 'esm',
  target: 'es2022',
  platform: 'node',
  removeNodeProtocol: false,
  sourcemap: true,
  silent: true,
  esbuildPlugins: [siblings],
}

export default defineConfig({
  entry: entries,
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/],
  removeNodeProtocol: false, // Deno and workerd know node:fs, not fs
  splitting: true, // one copy of shared code in both formats, so class identity holds between subpaths
  treeshake: false, // the user's bundler does it: "sideEffects": false and PURE marks survive
  sourcemap: true,
  clean: true,
  esbuildPlugins: [lean],
  // Splitting leaves empty chunks behind, each of which costs half a millisecond of every cold start.
  async onSuccess() {
    const scripts = await Promise.all(
      (await readdir('dist'))
        .filter((name) => /\.c?js$/.test(name))
        .map(async (name) => ({ name, text: await readFile(`dist/${name}`, 'utf8') })),
    )
    const empty = scripts
      .filter(({ text }) => text.replace(/^(\/\/# .*|"use strict";)/gm, '').trim() === '')
      .map(({ name }) => name)
    for (const { name, text } of scripts) {
      if (empty.includes(name)) await Promise.all(['', '.map'].map((more) => rm(`dist/${name}${more}`)))
      // The lines stay, so that the maps still fit.
      else
        await writeFile(
          `dist/${name}`,
          text.replace(/^(?:import|require\()\s*['"]\.\/(.+?)['"]\)?;$/gm, (line: string, file: string) =>
            empty.includes(file) ? '' : line,
          ),
        )
    }
    await build({ ...command, config: false })
    await writeDeclarations(entries, 'dist')
    await keepShippedSources('dist')
  },
})
