/**
 * smile-identity-core 3.2.1 as published, which bench/ has; installed, without its scripts, when it is not
 * there yet.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'

const bench = new URL('../../bench/', import.meta.url)
const manifest = new URL('node_modules/smile-identity-core/package.json', bench)
const require = createRequire(bench)
/** An installation takes some seconds. */
const LOCK_MS = 300_000

/** Its classes, loosely typed: old code was. Fails loudly where they cannot be had. */
export function loadOldSdk(): any {
  if (!existsSync(manifest)) install()
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  if (version !== '3.2.1')
    throw new Error(`bench/ has smile-identity-core ${version}: what is compared with is 3.2.1`)
  const send = require('axios').getAdapter('http')
  const plain = (url?: string) => url?.replace(/^https:\/\/127\.0\.0\.1/, 'http://127.0.0.1')
  // It takes https for whatever it is told; the server of the tests is plain.
  sendBy((config) => send({ ...config, url: plain(config.url), baseURL: plain(config.baseURL) }))
  return require('smile-identity-core')
}

/** What its requests are sent by from now on. */
export function sendBy(adapter: (config: { url?: string; baseURL?: string }) => unknown): void {
  require('axios').defaults.adapter = adapter
}

/** Once, also where several test files want it at the same time. */
function install(): void {
  const lock = new URL('.install-lock', bench)
  while (!taken(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  try {
    if (existsSync(manifest)) return
    const how = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund']
    execFileSync('npm', ['ci', '--prefix', bench.pathname, ...how], { stdio: 'pipe' })
  } finally {
    rmSync(lock, { recursive: true })
  }
}

function taken(lock: URL): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    // What a process left behind that was killed.
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Infinity
    if (since < Date.now() - LOCK_MS) rmSync(lock, { recursive: true, force: true })
    return false
  }
}
