/** The .d.ts and .d.cts files of every entry, with their maps. */
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'

/**
 * Types of the entries for ESM and CommonJS, bundled, with maps that lead an editor to the declaration in
 * src/.
 */
export async function writeDeclarations(entries: readonly string[], dir: string): Promise<void> {
  // Only the node entry sees Node's types; that the rest does without them, `npm run typecheck` proves.
  const plugin = dts({ sourcemap: true, compilerOptions: { types: ['node'] } })
  const input = Object.fromEntries(entries.map((file) => [file.replace(/^src\/|\.ts$/g, ''), file]))
  const types = await rollup({ input, plugins: [plugin], external: /^(node:|[^./])/ })
  for (const end of ['d.ts', 'd.cts'])
    await types.write({
      dir,
      sourcemap: true,
      entryFileNames: `[name].${end}`,
      chunkFileNames: `[name]-[hash].${end}`,
    })
  await types.close()
}
