/** Every Node that the package promises to run on, whichever of them runs the tests. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { install } from './install.mjs'
import { besideThis } from './paths.mjs'

const exec = promisify(execFile)
const folder = besideThis('nodes')
const MAJORS = [20, 22, 24]

/**
 * Resolves to the command and version of each; where this platform has no package for one, or it can't be
 * had, `missing` says why.
 */
export async function nodes() {
  const own = { command: process.execPath, version: process.versions.node }
  const wanted = MAJORS.filter((major) => major !== Number.parseInt(own.version, 10))
  const commandOf = (major) =>
    join(folder, `node_modules/node${major}-${process.platform}-${process.arch}/bin/node`)
  let reason = `no package for ${process.platform}-${process.arch}`
  if (!wanted.every((major) => existsSync(commandOf(major)))) reason = (await install(folder)) ?? reason
  const there = wanted.filter((major) => existsSync(commandOf(major)))
  const versions = await Promise.all(
    there.map(async (major) => ({
      command: commandOf(major),
      version: (await exec(commandOf(major), ['-p', 'process.versions.node'])).stdout.trim(),
    })),
  )
  return { found: [own, ...versions], missing: wanted.filter((major) => !there.includes(major)), reason }
}
