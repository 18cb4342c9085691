/** node build/exports.mjs: writes the doors of src into package.json and jsr.json. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const root = new URL('..', import.meta.url)
const doors = ['', 'v3/']
  .flatMap((folder) => readdirSync(new URL(`src/${folder}`, root)).map((name) => folder + name))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3))
  .sort()
  // The root entry first.
  .sort((a, b) => Number(b === 'index') - Number(a === 'index'))
const byDoor = (write) => Object.fromEntries(doors.map((door) => write(door)))

change('package.json', (manifest) => {
  manifest.exports = {
    ...byDoor((door) => [
      door === 'index' ? '.' : `./${door}`,
      {
        import: { types: `./dist/${door}.d.ts`, default: `./dist/${door}.js` },
        require: { types: `./dist/${door}.d.cts`, default: `./dist/${door}.cjs` },
      },
    ]),
    './package.json': './package.json',
  }
  manifest.typesVersions['*'] = {
    ...byDoor((door) => [door === 'index' ? '.' : door, [`./dist/${door}.d.cts`]]),
    'package.json': ['./package.json'],
  }
})
change('jsr.json', (manifest) => {
  manifest.exports = byDoor((door) => [door === 'index' ? '.' : `./${door}`, `./src/${door}.ts`])
})

function change(name, edit) {
  const file = new URL(name, root)
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  edit(manifest)
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`)
}
