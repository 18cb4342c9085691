/** Many document verifications of v3 at once: speed and memory. */
import { inTurn } from './inside/rounds.mjs'
import { insideOf, line, print, withServer } from './lib.mjs'

const CANDIDATES = ['ours', 'ofCamera', 'streamed', 'formData']

export async function v3Documents() {
  const runtimes = await withServer(async (url) => {
    const rounds = (runtime) => {
      const run = (name) => () => insideOf(runtime, 'submit-documents.mjs', url, name)
      return inTurn(5, Object.fromEntries(CANDIDATES.map((name) => [name, run(name)])))
    }
    return { Node: await rounds('Node'), Bun: await rounds('Bun') }
  })
  print(
    '100 document verifications with 8 images of 500 kB, 32 at once, a fresh process each',
    ['ours', 'alternative'],
    Object.entries(runtimes).flatMap(([runtime, taken]) => {
      const perSecond = (name) => taken[name].map(({ perJob }) => 1000 / perJob)
      const peak = (name) => taken[name].map(({ mb }) => mb)
      return [
        line(
          `${runtime}, beside a bare fetch that streams the same bytes`,
          '/s',
          perSecond('ours'),
          perSecond('streamed'),
          { minRatio: 0.95 },
        ),
        line(
          `${runtime}, pixels as of a camera, beside the same bare fetch`,
          '/s',
          perSecond('ofCamera'),
          perSecond('streamed'),
        ),
        line(`${runtime}, beside a FormData of Blobs`, '/s', perSecond('ours'), perSecond('formData')),
        line(
          `${runtime}, peak RSS over start, beside a FormData of Blobs`,
          'MB',
          peak('ours'),
          peak('formData'),
          { maxRatio: 0.35 },
        ),
        line(`${runtime}, peak RSS over start, beside the bare fetch`, 'MB', peak('ours'), peak('streamed')),
      ]
    }),
  )
}
