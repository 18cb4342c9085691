/** Many image jobs at once: speed, memory, and how long others wait. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { largePhoto } from './inside/photo.mjs'
import { inTurn } from './inside/rounds.mjs'
import { inside, insideOf, line, print, withServer } from './lib.mjs'

export async function imageJobs() {
  const folder = await mkdtemp(join(tmpdir(), 'image-jobs-'))
  try {
    const photos = {
      'selfie.jpg': 500_000,
      'card.jpg': 498_000,
      ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`large-${i}.jpg`, 6_000_000])),
    }
    await Promise.all(
      Object.entries(photos).map(([name, size]) => writeFile(join(folder, name), largePhoto(size))),
    )
    await withServer(async (url) => {
      const rounds = (run) =>
        inTurn(
          5,
          Object.fromEntries(
            ['ours', 'files', 'core', 'streamed', 'streamedFiles'].map((name) => [name, () => run(name)]),
          ),
        )
      const runtimes = {
        Node: await rounds((name) => inside('submit-image-jobs.mjs', url, name, folder)),
        Bun: await rounds((name) => insideOf('Bun', 'submit-image-jobs.mjs', url, name, folder)),
      }
      const of = (taken, name, what) => taken[name].map((round) => round[what])
      const perSecond = (taken, name) => of(taken, name, 'perJob').map((ms) => 1000 / ms)
      print(
        '100 image jobs with a zip of 1 MB each, 32 at once, a fresh process each: jobs per second',
        ['ours', 'alternative'],
        Object.entries(runtimes).flatMap(([runtime, taken]) => {
          const beside = (what, ours, other, minRatio) =>
            line(`${runtime}, ${what}`, '/s', perSecond(taken, ours), perSecond(taken, other), { minRatio })
          const faster = runtime === 'Node' ? 1.4 : 2.5
          return [
            beside('beside smile-identity-core 3.2.1', 'ours', 'core', faster),
            beside('beside a bare fetch that streams the same zip', 'ours', 'streamed', 0.9),
            beside('images from disk, beside smile-identity-core 3.2.1', 'files', 'core', faster),
            beside(
              'images from disk, beside a bare fetch that reads and streams them',
              'files',
              'streamedFiles',
              0.9,
            ),
          ]
        }),
      )
      const { Node: node } = runtimes
      const stalls = await inside('image-stalls.mjs', url, folder)
      print(
        'The same on Node, and one job with eight photos of 6 MB',
        ['ours', 'smile-identity-core'],
        [
          line('peak RSS over start', 'MB', of(node, 'ours', 'mb'), of(node, 'core', 'mb'), {
            maxRatio: 0.5,
          }),
          line(
            'peak RSS over start, images from disk',
            'MB',
            of(node, 'files', 'mb'),
            of(node, 'core', 'mb'),
            { maxRatio: 0.5 },
          ),
          line('longest stall of the event loop', 'ms', stalls.ours, stalls.core, { max: 20 }),
          line('longest stall of the event loop, images from disk', 'ms', stalls.files, stalls.core, {
            max: 20,
          }),
        ],
      )
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
