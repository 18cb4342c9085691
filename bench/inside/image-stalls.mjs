/** node image-stalls.mjs <url> <folder>: as stalls.mjs, of an image job with eight photos of 6 MB. */
import { inTurn } from './rounds.mjs'
import { longestStall } from './longest-stall.mjs'
import { imageJobs } from './image-uploads.mjs'

const [url, folder] = process.argv.slice(2)
const { ours, files, core } = await imageJobs(
  url,
  folder,
  Array.from({ length: 8 }, (_, i) => `large-${i}.jpg`),
)
const candidates = {
  ours: longestStall(() => ours('stall')),
  files: longestStall(() => files('stall')),
  core: longestStall(() => core('stall')),
}
await inTurn(2, candidates)
console.log(JSON.stringify(await inTurn(9, candidates)))
