import { readdirSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { build, defineConfig, type Options } from 'tsup'
import { builtins } from './build/builtins.ts'
import { writeDeclarations } from './build/declarations.ts'
import { keepShippedSources } from './build/maps.ts'
import { createNotices } from './build/notices.ts'

/** Every file directly in src/, or in src/v3/, is one public entry. */
const entries = ['src', 'src/v3'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
)

const notices = createNotices()

/** Public entries as they lie beside the command in dist/, so that it has no copy of its own. */
const siblings: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'siblings',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ path, importer }) => {
      const file = relative('.', resolve(dirname(importer), path))
      if (!entries.includes(file)) return undefined
      const sibling = file.replace(/^src\//, './').replace(/\.ts$/, '.js')
      return { path: sibling, external: true, sideEffects: false }
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
  esbuildPlugins: [siblings, notices.plugin],
}

export default defineConfig({
  entry: entries,
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/],
  removeNodeProtocol: false, // Deno and workerd know node:fs, not fs
  splitting: true, // one copy of shared code in both formats, so class identity holds between subpaths
  // By Rollup, file by file: imports of chunks that are empty go, and maps of CommonJS lead to the line. The
  // rest is left to the user's bundler: "sideEffects": false and PURE marks survive.
  treeshake: { preset: 'safest', moduleSideEffects: false },
  sourcemap: true,
  clean: true,
  esbuildPlugins: [builtins, notices.plugin],
  esbuildOptions(options) {
    options.alias = { ofetch: resolve('build/ofetch.mjs') }
  },
  async onSuccess() {
    await build({ ...command, config: false })
    await writeDeclarations(entries, 'dist')
    await keepShippedSources('dist')
    notices.write('dist')
  },
})
