/**
 * node keep-calling.mjs <operation> <candidate> <folder> <url …>: for a while each, calls one, eight and 32 at
 * once at every URL; prints calls per second and CPU milliseconds per call of each, and the peak of RSS.
 */
import { imageJobs } from './image-uploads.mjs'
import { lookups } from './lookups.mjs'
import { largePhoto } from './photo.mjs'
import { uploads } from './uploads.mjs'
import { watchRss } from './watch-rss.mjs'

const AT_ONCE = [1, 8, 32]
const WHILE_MS = 700
const WARM_MS = 2000

const [operation, name, folder, ...urls] = process.argv.slice(2)
const OPERATIONS = {
  backfill: (url) => uploads(url, largePhoto(500_000)),
  lookup: lookups,
  image: (url) => imageJobs(url, folder, ['selfie.jpg', 'card.jpg']),
}
let number = 0

async function keepCalling(call, atOnce, whileMs = WHILE_MS) {
  const [started, cpu] = [performance.now(), process.cpuUsage()]
  let calls = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      do {
        await call(`${name}-${number++}`)
        calls++
      } while (performance.now() - started < whileMs)
    }),
  )
  const ms = performance.now() - started
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: (calls / ms) * 1000, cpuMs: (user + system) / 1000 / calls }
}

const calls = []
for (const url of urls) calls.push((await OPERATIONS[operation](url))[name])
const watched = watchRss()
// as in a service: at first, it is the compiler that is measured
await keepCalling(calls[0], Math.max(...AT_ONCE), WARM_MS)
const cells = []
for (const call of calls) {
  for (const atOnce of AT_ONCE) cells.push(await keepCalling(call, atOnce))
}
console.log(JSON.stringify({ cells, ...watched() }))
