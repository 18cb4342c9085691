/**
 * smile-identity-core 3.2.1 as published, which bench/ has; installed, without its scripts, when it is not
 * there yet.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const bench = new URL('../../bench/', import.meta.url)

/** Its classes, loosely typed: old code was. Fails loudly where it can't be had. */
export function loadPeer(): any {
  const manifest = new URL('node_modules/smile-identity-core/package.json', bench)
  if (!existsSync(manifest))
    execFileSync(
      'npm',
      ['ci', '--prefix', bench.pathname, '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
      { stdio: 'pipe' },
    )
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  if (version !== '3.2.1')
    throw new Error(`bench/ has smile-identity-core ${version}: what is compared with is 3.2.1`)
  const require = createRequire(bench)
  const axios = require('axios')
  const send = axios.getAdapter('http')
  const plain = (url?: string) => url?.replace(/^https:\/\/127\.0\.0\.1/, 'http://127.0.0.1')
  // It takes https for whatever it is told; the server of the tests is plain.
  axios.defaults.adapter = (config: { url?: string; baseURL?: string }) =>
    send({ ...config, url: plain(config.url), baseURL: plain(config.baseURL) })
  return require('smile-identity-core')
}
