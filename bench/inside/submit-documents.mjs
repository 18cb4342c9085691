/**
 * node or bun submit-documents.mjs <url> <candidate>: document verifications with 4 MB of images each, 32 at
 * once; prints the time of each when warm, and the peak of RSS over the start during the first 100.
 */
import { documentUploads } from './document-uploads.mjs'
import { watchRss } from './watch-rss.mjs'

const JOBS = 100
const AT_ONCE = 32
const WARM_MS = 3000
/** A hundred jobs take less than a second, in which a collection of garbage falls or does not. */
const TIMES = 4

const [url, name] = process.argv.slice(2)
const submit = (await documentUploads(url))[name]

async function all(count) {
  let left = count
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await submit()
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
