/**
 * node stalls.mjs <url>: prints, of each candidate, round by round, the longest stall of the event loop in
 * milliseconds.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { readPhoto } from '../../dist/photo.js'
import { longestStall } from './longest-stall.mjs'
import { largePhoto } from './photo.mjs'
import { inTurn } from './rounds.mjs'
import { uploads } from './uploads.mjs'

const photo = largePhoto()
const text = Buffer.from(photo).toString('base64')
const { ours, stringified } = uploads(process.argv[2], photo)

const candidates = {
  nothing: longestStall(() => sleep(50)),
  bytes: longestStall(() => readPhoto(photo)),
  text: longestStall(() => readPhoto(text)),
  upload: longestStall(() => ours('user')),
  stringified: longestStall(() => stringified('user')),
}
await inTurn(5, candidates)
console.log(JSON.stringify(await inTurn(25, candidates)))
