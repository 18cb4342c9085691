/** What 50 uploads at once take of memory and time. */
import { inTurn } from './inside/rounds.mjs'
import { inside, line, print, withServer } from './lib.mjs'

export async function backfillMemory() {
  const taken = await withServer((url) =>
    inTurn(
      11,
      Object.fromEntries(
        ['ours', 'streamed', 'stringified'].map((name) => [name, () => inside('memory.mjs', url, name)]),
      ),
    ),
  )
  const [ours, streamed, stringified] = [taken.ours, taken.streamed, taken.stringified].map((rounds) => ({
    mb: rounds.map(({ mb }) => mb),
    ms: rounds.map(({ ms }) => ms),
  }))
  print(
    '50 x backfillUser at once with one photo of 5 MB, Node, a fresh process each',
    ['ours', 'alternative'],
    [
      line('peak RSS over start, beside a streamed fetch', 'MB', ours.mb, streamed.mb, { max: 120 }),
      line('peak RSS over start, beside JSON.stringify and fetch', 'MB', ours.mb, stringified.mb),
      line('time, beside a streamed fetch', 'ms', ours.ms, streamed.ms, { maxRatio: 1.1 }),
      line('time, beside JSON.stringify and fetch', 'ms', ours.ms, stringified.ms),
    ],
  )
}
