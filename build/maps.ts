/** Source maps as they are published. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec'

interface SourceMap {
  file?: string
  sources: string[]
  sourcesContent?: unknown
  mappings: string
}

/**
 * Leaves in the maps of `dir` what leads to a source of the tarball: the files in src/ themselves, so no copy
 * of their text is needed. With splitting, the bundler also maps CommonJS files to a step between, by its
 * absolute path on this machine; and what is inlined is not shipped.
 */
export async function keepShippedSources(dir: string): Promise<void> {
  for (const name of (await readdir(dir)).filter((file) => file.endsWith('.map'))) {
    const map = JSON.parse(await readFile(`${dir}/${name}`, 'utf8')) as SourceMap
    await writeFile(`${dir}/${name}`, JSON.stringify(shippedOnly(map, name.replace(/\.map$/, ''))))
  }
}

function shippedOnly(map: SourceMap, file: string): SourceMap {
  const { sources } = map
  const shipped = sources.filter((source) => source.startsWith('../src/'))
  const place = sources.map((source) => shipped.indexOf(source))
  const segment = (whole: SourceMapSegment): SourceMapSegment => {
    const [column, source, ...rest] = whole
    if (source === undefined || place[source] === -1) return [column]
    return [column, place[source]!, ...rest] as SourceMapSegment
  }
  return {
    ...map,
    file,
    sources: shipped,
    sourcesContent: undefined,
    mappings: encode(decode(map.mappings).map((line) => line.map(segment))),
  }
}
