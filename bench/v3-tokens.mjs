/** How many tokens v3's calls ask for, beside one a request. */
import { insideOf, line, print, RUNTIMES, withServer } from './lib.mjs'

const ROUNDS = 3
/** Of each request: what a token more costs is a round trip. */
const LATENCY_MS = 20
const WHAT = {
  submissions: '200 submissions at once, from a cold start',
  polls: 'one job, asked for 60 times',
}

export const v3Tokens = () =>
  withServer(
    async (url) => {
      const lines = []
      for (const runtime of Object.keys(RUNTIMES)) {
        for (const what of Object.keys(WHAT)) lines.push(...(await beside({ runtime, what, url })))
      }
      const title = `Tokens of v3, over HTTP, at ${LATENCY_MS} ms of the server's latency`
      print(title, ['ours', 'one a request, as the official SDK 13'], lines)
    },
    'v3-server.mjs',
    LATENCY_MS,
  )

async function beside({ runtime, what, url }) {
  const taken = { ours: [], 'one-a-request': [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const candidate of Object.keys(taken)) {
      const { ms } = await insideOf(runtime, 'v3-calls.mjs', candidate, what, url)
      const counts = await (await fetch(`${url}/counts`)).json()
      // A candidate that does less has fewer tokens, too.
      const wanted = what === 'polls' ? 60 : 200
      if (counts[what] !== wanted) throw new Error(`${candidate}: ${counts[what]} ${what}, not ${wanted}`)
      taken[candidate].push({ ms, tokens: counts.tokens })
    }
  }
  const of = (name) => Object.values(taken).map((rounds) => rounds.map((round) => round[name]))
  return [
    line(`${runtime}: ${WHAT[what]}: calls for tokens`, 'calls', ...of('tokens'), { max: 1 }),
    line(`${runtime}: the same, until all were answered`, 'ms', ...of('ms')),
  ]
}
