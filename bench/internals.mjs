/** Modules of src/ that dist/ does not export, for the parts that measure them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { at } from './lib.mjs'

/** Modules of src/ that dist/ does not show, as one for all runtimes: `work` takes its URL. */
export async function withInternals(names, work) {
  const dir = await mkdtemp(join(tmpdir(), 'internals-'))
  try {
    const outfile = join(dir, 'internals.mjs')
    await build({
      stdin: {
        contents: names.map((name) => `export * from './${name}.ts'`).join('\n'),
        resolveDir: at('src'),
      },
      bundle: true,
      platform: 'neutral',
      format: 'esm',
      target: 'es2022',
      outfile,
      logLevel: 'error',
    })
    return await work(pathToFileURL(outfile).href)
  } finally {
    await rm(dir, { recursive: true })
  }
}
