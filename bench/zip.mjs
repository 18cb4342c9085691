/** Zips of stored photos, beside fflate and jszip. */
import { withInternals } from './internals.mjs'
import { insideOf, line, print, RUNTIMES } from './lib.mjs'

export async function zip() {
  await withInternals(['image-jobs/zip', 'image-jobs/crc32', 'platform/bytes'], async (internals) => {
    const lines = []
    for (const runtime of Object.keys(RUNTIMES)) {
      const taken = await insideOf(runtime, 'make-zips.mjs', internals)
      const add = (what, ours, theirs) => lines.push(line(`${runtime}: ${what}`, 'ms', ours, theirs))
      add('in pieces, as it is sent, beside jszip as smile-identity-core calls it', taken.ours, taken.jszip)
      add('in pieces, as it is sent, beside fflate', taken.ours, taken.fflate)
      add('joined to one, beside fflate', taken.joined, taken.fflate)
      add(
        'joined to one, with checksums in JavaScript, as where there is no zlib, beside fflate',
        taken.tables,
        taken.fflate,
      )
    }
    print('Zip of eight photos of 300 kB, stored', ['ours', 'alternative'], lines)
  })
}
