/** node memory.mjs <url> <candidate>: 50 uploads of one photo at once; prints the peak of RSS over what it was before, and the time. */
import { largePhoto } from './photo.mjs'
import { uploads } from './uploads.mjs'

const [url, name] = process.argv.slice(2)
const upload = uploads(url, largePhoto())[name]

const rss = () => process.memoryUsage.rss()
const mark = () => process.resourceUsage().maxRSS * 1024
const [start, markBefore, started] = [rss(), mark(), performance.now()]
let sampled = start
const timer = setInterval(() => sampled = Math.max(sampled, rss()), 5)
await Promise.all(Array.from({ length: 50 }, (_, i) => upload(`user-${i}`)))
const ms = performance.now() - started
clearInterval(timer)
// The system's own mark misses nothing between two samples, but may stem from before the start, even from the parent process.
const peak = Math.max(sampled, rss(), mark() > markBefore ? mark() : 0)
console.log(JSON.stringify({ mb: (peak - start) / 1e6, ms }))
