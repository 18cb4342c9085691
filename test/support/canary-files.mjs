/** Looks through the files that a run left behind. */
import { readFileSync } from 'node:fs'
import { transform } from 'esbuild'

/** The markers, for scripts that run without a compiler. */
export async function canary() {
  const { code } = await transform(readFileSync(new URL('canary.ts', import.meta.url), 'utf8'), {
    loader: 'ts',
  })
  return import(`data:text/javascript,${encodeURIComponent(code)}`)
}

/** Files that hold such values on purpose, with the reason; everything else is searched. */
const EXPECTED = [
  [/(^|\/)\.env$/, 'the file that a user keeps the key in'],
  [/\.(jpe?g|png)$/i, 'photos that a test wrote as its input'],
  [/(^|\/)photos[^/]*\.zip$/, 'zips of photos that a test wrote as its input'],
  [/\.(mjs|cjs|js|ts|map)$/, 'programs of the tests, which name the values that they use'],
  [
    /(^|\/)(users|rows|in|input|job|any|columns)[^/]*\.(csv|ndjson|json)$/,
    'rows and jobs that a test wrote as its input',
  ],
  [/(^|\/)node_modules\//, 'installed packages'],
  [/\.tgz$/, 'the packed package'],
]

/** `found` names the marker, how it is written, and the file; `searched` counts files. */
export function searchFolder(fs, path, tracesIn) {
  const result = { searched: 0, found: [] }
  const visit = (place, name) => {
    const facts = fs.lstatSync(place, { throwIfNoEntry: false })
    if (facts?.isDirectory()) {
      if (name.split('/').at(-1) !== 'node_modules')
        for (const entry of fs.readdirSync(place))
          visit(`${place}/${entry}`, name ? `${name}/${entry}` : entry)
    } else if (
      facts?.isFile() &&
      facts.size < 64 * 1024 * 1024 &&
      !EXPECTED.some(([pattern]) => pattern.test(name || place))
    ) {
      const bytes = fs.readFileSync(place)
      result.searched++
      // Texts are in UTF-8, photos are any bytes.
      const traces = new Map(
        [...tracesIn(bytes.toString('utf8')), ...tracesIn(bytes.toString('latin1'))].map((trace) => [
          `${trace.marker} ${trace.form}`,
          trace,
        ]),
      )
      for (const trace of traces.values())
        result.found.push({ ...trace, place: name.replace(/^.*\//, '') || 'a file' })
    }
  }
  try {
    visit(path, '')
  } catch (error) {
    // Somebody else was quicker, or may not read it.
    if (!['ENOENT', 'EACCES', 'EBUSY', 'ENOTDIR'].includes(error.code)) throw error
  }
  return result
}
