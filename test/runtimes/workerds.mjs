/** The workerd that the tools of Node 20 bring, and the newest, which is what Workers run on today. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { folderOf, install } from './install.mjs'

const require = createRequire(import.meta.url)
const folder = folderOf('workerd')
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
