/**
 * node or bun submit-image-jobs.mjs <url> <candidate> <folder>: 100 image jobs with a zip of 1 MB each, 32
 * at once; prints the time when warm, and the peak of RSS over the start during the first 100.
 */
import { imageJobs } from './image-uploads.mjs'
import { watchRss } from './watch-rss.mjs'

const JOBS = 100
const AT_ONCE = 32
const WARM_MS = 4000
/** A hundred jobs take some 100 ms, in which a collection of garbage falls or does not. */
const TIMES = 5

const [url, name, folder] = process.argv.slice(2)
const submit = (await imageJobs(url, folder, ['selfie.jpg', 'card.jpg']))[name]

async function all(count) {
  const numbers = Array.from({ length: count }, (_, i) => i).values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const i of numbers) await submit(`${name}-${i}`)
    }),
  )
}

const begun = performance.now()
const watched = watchRss()
await all(JOBS)
const memory = watched()
// As warm as in a service: at first, it is the compiler that is measured.
while (performance.now() - begun < WARM_MS) await all(JOBS)
const started = performance.now()
for (let i = 0; i < TIMES; i++) await all(JOBS)
const ms = performance.now() - started
console.log(JSON.stringify({ ...memory, perJob: ms / (TIMES * JOBS) }))
