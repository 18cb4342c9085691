/** The workerd that the tools of Node 20 bring, and the newest, which is what Workers run on today. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { install } from './install.mjs'
import { besideThis } from './paths.mjs'
import { HUNG_MS } from './steps.mjs'

const require = createRequire(import.meta.url)
const folder = besideThis('workerd')
/** A workerd takes compatibility dates up to a week after its own. */
const AHEAD_MS = 7 * 86_400_000

/**
 * Resolves to the command, the version and the newest compatibility date of each; where the newest can't be
 * had, `missing` says why.
 */
export async function workerds() {
  const found = [described(createRequire(require.resolve('miniflare'))('workerd'))]
  const isThere = existsSync(join(folder, 'node_modules/workerd'))
  const missing = isThere ? undefined : await install(folder)
  if (!missing) found.push(described(createRequire(join(folder, 'package.json'))('workerd')))
  return { found, missing }
}

function described({ default: command, version, compatibilityDate }) {
  const newest = new Date(Date.parse(compatibilityDate) + AHEAD_MS)
  return { command, version, date: newest.toISOString().slice(0, 10) }
}

/** Runs worker.mjs of `dir` on the bare binary, with exactly this compatibility date and these flags. */
export async function inWorkerd({ dir, command, date, flags, peer }) {
  const config = join(dir, `workerd-${date}-${flags.join('-')}.capnp`)
  await writeFile(config, configuration({ date, flags }))
  const child = spawn(command, ['serve', '--control-fd=3', config], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (piece) => {
    errors += piece
  })
  try {
    const port = await portOf(child, () => errors)
    const ask = async (path) => {
      const url = `http://127.0.0.1:${port}${path}?peer=${encodeURIComponent(peer)}`
      const response = await fetch(url, { signal: AbortSignal.timeout(HUNG_MS) })
      const text = await response.text()
      if (!response.ok) throw new Error(text || errors)
      return text
    }
    const { passed, failed } = JSON.parse(await ask('/'))
    // A client that is kept between requests: what an ended one began holds up no other.
    const seen = [await ask('/impatient'), await ask('/patient'), await ask('/impatient')].join()
    if (seen === 'ended,read,read') return { passed: passed + 1, failed }
    return { passed, failed: [...failed, `a client kept between requests: ${seen}`] }
  } finally {
    child.kill()
  }
}

const configuration = ({ date, flags }) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private"]))
  ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ]
);
const main :Workerd.Worker = (
  modules = [ (name = "worker.mjs", esModule = embed "worker.mjs") ],
  compatibilityDate = "${date}",
  compatibilityFlags = [${flags.map((flag) => `"${flag}"`).join()}],
  globalOutbound = "internet"
);
`

/** Resolves once it listens. */
function portOf(child, errors) {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdio[3].on('data', (piece) => {
      text += piece
      const found = /"port":(\d+)/.exec(text)
      if (found) resolve(found[1])
    })
    child.on('exit', (code) => reject(new Error(`workerd exited with ${code}: ${errors()}`)))
  })
}
