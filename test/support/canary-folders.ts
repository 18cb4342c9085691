/**
 * Where tests have folders: what one of them leaves in there is looked through just before it takes the
 * folder away.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tracesIn } from './canary'
import { searchFolder } from './canary-files.mjs'
import { report } from './canary-setup'

const look = (path: unknown) =>
  void (typeof path === 'string' && report(searchFolder(fs, path, tracesIn).found))

/** Files may share a process, which is watched once. */
const WATCHED = Symbol.for('smileid-edge.canary-folders')
const known = globalThis as { [WATCHED]?: boolean }
if (!known[WATCHED]) {
  known[WATCHED] = true
  const { rmSync } = fs
  const { rm } = fs.promises
  fs.rmSync = (path, ...rest) => (look(path), rmSync(path, ...rest))
  fs.promises.rm = (path, ...rest) => (look(path), rm(path, ...rest))
  syncBuiltinESMExports()
}
