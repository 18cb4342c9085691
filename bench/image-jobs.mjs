import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { largePhoto } from './inside/photo.mjs'
import { inTurn } from './inside/rounds.mjs'
import { at, inside, line, output, print, withServer } from './lib.mjs'

const BUN = at('node_modules/.bin/bun')

export async function imageJobs() {
  const folder = await mkdtemp(join(tmpdir(), 'image-jobs-'))
  try {
    const photos = { 'selfie.jpg': 500_000, 'card.jpg': 498_000, ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`large-${i}.jpg`, 6_000_000])) }
    await Promise.all(Object.entries(photos).map(([name, size]) => writeFile(join(folder, name), largePhoto(size))))
    await withServer(async (url) => {
      const rounds = (run) => inTurn(7, Object.fromEntries(['ours', 'core', 'streamed'].map((name) => [name, () => run(name)])))
      const node = await rounds((name) => inside('image-jobs.mjs', url, name, folder))
      const bun = await rounds(async (name) => JSON.parse(await output(BUN, [at('bench/inside/image-jobs.mjs'), url, name, folder])))
      const of = (taken, name, what) => taken[name].map((round) => round[what])
      const perSecond = (taken, name) => of(taken, name, 'perJob').map((ms) => 1000 / ms)
      print('100 image jobs with a zip of 1 MB each, 32 at once, a fresh process each: jobs per second', ['ours', 'alternative'], [
        line('Node, beside smile-identity-core 3.2.1', '/s', perSecond(node, 'ours'), perSecond(node, 'core'), { minRatio: 1.4 }),
        line('Node, beside a bare streamed fetch of the same bytes', '/s', perSecond(node, 'ours'), perSecond(node, 'streamed'), { minRatio: 0.9 }),
        line('Bun, beside smile-identity-core 3.2.1', '/s', perSecond(bun, 'ours'), perSecond(bun, 'core'), { minRatio: 2.5 }),
        line('Bun, beside a bare streamed fetch of the same bytes', '/s', perSecond(bun, 'ours'), perSecond(bun, 'streamed'), { minRatio: 0.9 }),
      ])
      const stalls = await inside('image-stalls.mjs', url, folder)
      print('The same, and one job with eight photos of 6 MB, Node', ['ours', 'smile-identity-core'], [
        line('peak RSS over start', 'MB', of(node, 'ours', 'mb'), of(node, 'core', 'mb'), { maxRatio: 0.5 }),
        line('longest stall of the event loop', 'ms', stalls.ours, stalls.core, { max: 20 }),
      ])
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
