/** make-zips.mjs <internals>, on Node, Bun and Deno: prints milliseconds per zip, round by round. */
import { unzipSync, zipSync } from 'fflate'
import JSZip from 'jszip'
import { largePhoto } from './photo.mjs'
import { inTurn } from './rounds.mjs'

const { byTables, concat, zip } = await import(process.argv[2])
const CALLS = 4

const files = [
  { name: 'info.json', bytes: new TextEncoder().encode(JSON.stringify({ text: 'x'.repeat(1500) })) },
  ...Array.from({ length: 8 }, (_, i) => ({ name: `SID_${i}.jpg`, bytes: largePhoto(300_000 + i) })),
]

const ours = async (given = files) => [...(await zip(given)).pieces()]
const candidates = {
  ours,
  joined: async () => concat(await ours()),
  tables: async () =>
    concat(await ours(files.map(({ name, bytes }) => ({ name, bytes, crc: byTables(bytes, 0) })))),
  fflate: () => zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])), { level: 0 }),
  jszip() {
    const zip = new JSZip()
    for (const { name, bytes } of files) zip.file(name, bytes)
    return zip.generateAsync({ type: 'uint8array' })
  },
}

for (const [name, make] of Object.entries(candidates)) {
  const made = await make()
  const found = unzipSync(Array.isArray(made) ? concat(made) : made)
  for (const { name: file, bytes } of files)
    if (found[file]?.join() !== bytes.join()) throw new Error(`${name}: ${file} is not what it was`)
}

const timed = (make) => async () => {
  const started = performance.now()
  for (let i = 0; i < CALLS; i++) await make()
  return (performance.now() - started) / CALLS
}
const all = Object.fromEntries(Object.entries(candidates).map(([name, make]) => [name, timed(make)]))
await inTurn(3, all)
console.log(JSON.stringify(await inTurn(21, all)))
