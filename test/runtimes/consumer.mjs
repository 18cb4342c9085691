/** What users write, compiled against the installed tarball in each way that TypeScript finds modules. */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)
/** By their folders: the one that most users have, and the newest. */
const COMPILERS = ['typescript', 'typescript-7']
const WAYS = {
  node16: ['mts', 'cts'],
  bundler: ['ts'],
}

/** The same programs as in test/types, and an import of every entry; declarations are checked as well. */
export async function compileConsumers(root, dir) {
  const { exports } = JSON.parse(await readFile(join(dir, 'node_modules/smileid-edge/package.json'), 'utf8'))
  const entries = Object.keys(exports).filter((name) => name !== './package.json')
  // An entry without types would be `any`, of which everything holds.
  const everyEntry = entries
    .flatMap((name, i) => [
      `import * as entry${i} from 'smileid-edge${name.slice(1)}'\n`,
      `export const isAny${i}: 0 extends 1 & typeof entry${i} ? true : false = false\n`,
    ])
    .join('')
  const failed = []
  for (const [way, ends] of Object.entries(WAYS)) {
    const place = join(dir, `types-${way}`)
    await mkdir(place)
    for (const end of ends) {
      await copyFile(join(root, 'test/types/programs.ts'), join(place, `programs.${end}`))
      await writeFile(join(place, `entries.${end}`), everyEntry)
    }
    await writeFile(
      join(place, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: way === 'bundler' ? 'esnext' : way,
          moduleResolution: way,
          target: 'es2022',
          lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'],
          types: ['node'],
          typeRoots: [join(root, 'node_modules/@types')],
          noEmit: true,
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
        },
        include: ['.'],
      }),
    )
    for (const compiler of COMPILERS) {
      const tsc = join(root, 'node_modules', compiler, 'bin/tsc')
      await exec(process.execPath, [tsc, '-p', place], { cwd: dir }).catch(({ stdout }) =>
        failed.push(`${compiler}, ${way}: ${stdout}`),
      )
    }
  }
  return { passed: Object.keys(WAYS).length * COMPILERS.length - failed.length, failed }
}
