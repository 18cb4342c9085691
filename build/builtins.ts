/** What yauzl requires of Node, as modules that can be imported: an ES module has no `require`. */
import type { Plugin } from 'esbuild'

/** Without `node:`, as yauzl has them. */
const NAMES = /^(events|fs|stream|util|zlib)$/

export const builtins: Plugin = {
  name: 'builtins',
  setup(build) {
    build.onResolve({ filter: NAMES }, ({ path, importer }) =>
      /[\\/]yauzl[\\/]/.test(importer) ? { path, namespace: 'builtin' } : undefined,
    )
    build.onLoad({ filter: NAMES, namespace: 'builtin' }, ({ path }) => ({
      contents: `export * from 'node:${path}'`,
    }))
  },
}
