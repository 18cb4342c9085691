/** How long others wait for the event loop while a large photo is read or sent. */
import { inside, line, print, withServer } from './lib.mjs'

export async function eventLoop() {
  const stalls = await withServer((url) => inside('stalls.mjs', url))
  const beside = (what, name) => line(what, 'ms', stalls[name], stalls.stringified, { max: 10 })
  print(
    'Longest stall of the event loop with a photo of 5 MB, Node, beside JSON.stringify and fetch',
    ['ours', 'alternative'],
    [
      line('nothing at all, which is the noise', 'ms', stalls.nothing),
      beside('readPhoto(bytes)', 'bytes'),
      beside('readPhoto(base64)', 'text'),
      beside('backfillUser with bytes', 'upload'),
    ],
  )
}
