/**
 * node memory.mjs <url> <candidate>: 50 uploads of one photo at once; prints the peak of RSS over what it was
 * before, and the time.
 */
import { largePhoto } from './photo.mjs'
import { uploads } from './uploads.mjs'
import { watchRss } from './watch-rss.mjs'

const [url, name] = process.argv.slice(2)
const upload = uploads(url, largePhoto())[name]

const watched = watchRss()
const started = performance.now()
await Promise.all(Array.from({ length: 50 }, (_, i) => upload(`user-${i}`)))
const ms = performance.now() - started
console.log(JSON.stringify({ ...watched(), ms }))
