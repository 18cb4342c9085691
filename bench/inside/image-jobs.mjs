/** node or bun image-jobs.mjs <url> <candidate> <folder>: 100 image jobs with a zip of 1 MB each, 32 at once; prints the time when warm, and the peak of RSS over the start during the first 100. */
import { imageJobs } from './image-uploads.mjs'

const JOBS = 100
const AT_ONCE = 32

const [url, name, folder] = process.argv.slice(2)
const submit = (await imageJobs(url, folder, ['selfie.jpg', 'card.jpg']))[name]

async function all(count) {
  const numbers = Array.from({ length: count }, (_, i) => i).values()
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const i of numbers) await submit(`${name}-${i}`)
  }))
}

const rss = () => process.memoryUsage.rss()
const mark = () => process.resourceUsage().maxRSS * 1024
const [start, markBefore] = [rss(), mark()]
let sampled = start
const timer = setInterval(() => sampled = Math.max(sampled, rss()), 5)
await all(JOBS)
clearInterval(timer)
const peak = Math.max(sampled, rss(), mark() > markBefore ? mark() : 0)
await all(9 * JOBS) // as warm as in a service: at first, it is the compiler that is measured
const started = performance.now()
await all(JOBS)
const ms = performance.now() - started
console.log(JSON.stringify({ perJob: ms / JOBS, mb: (peak - start) / 1e6 }))
