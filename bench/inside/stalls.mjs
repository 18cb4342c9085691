/** node stalls.mjs <url>: prints, of each candidate, round by round, the longest time in milliseconds for which a timer of 1 ms could not run. */
import { setTimeout as sleep } from 'node:timers/promises'
import { readPhoto } from '../../dist/photo.js'
import { largePhoto } from './photo.mjs'
import { inTurn } from './rounds.mjs'
import { uploads } from './uploads.mjs'

const photo = largePhoto()
const text = Buffer.from(photo).toString('base64')
const { ours, stringified } = uploads(process.argv[2], photo)

const stall = (work) => async () => {
  let longest = 0
  let last = 0
  const tick = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  await sleep(20) // what the candidate before left behind
  last = performance.now()
  const timer = setInterval(tick, 1)
  await work()
  await sleep(2)
  clearInterval(timer)
  tick()
  return longest
}

const candidates = {
  nothing: stall(() => sleep(50)),
  bytes: stall(() => readPhoto(photo)),
  text: stall(() => readPhoto(text)),
  upload: stall(() => ours('user')),
  stringified: stall(() => stringified('user')),
}
await inTurn(5, candidates)
console.log(JSON.stringify(await inTurn(25, candidates)))
