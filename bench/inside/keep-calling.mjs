/**
 * node keep-calling.mjs <operation> <candidate> <folder> <url …>: calls one, eight and 32 at once for a while
 * at every URL; prints calls per second and CPU milliseconds per call of each, and the peak of RSS.
 */
import { keepCalling, OPERATIONS } from './operations.mjs'
import { watchRss } from './watch-rss.mjs'

const AT_ONCE = [1, 8, 32]
const WHILE_MS = 700
const WARM_MS = 2000

const [operation, name, folder, ...urls] = process.argv.slice(2)
const calls = []
for (const url of urls) calls.push((await OPERATIONS[operation](url, folder))[name])
const watched = watchRss()
// As in a service: at first, it is the compiler that is measured.
await keepCalling(calls[0], { atOnce: Math.max(...AT_ONCE), whileMs: WARM_MS })
const cells = []
for (const call of calls) {
  for (const atOnce of AT_ONCE) cells.push(await keepCalling(call, { atOnce, whileMs: WHILE_MS }))
}
console.log(JSON.stringify({ cells, ...watched() }))
