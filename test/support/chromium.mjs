/** The Chromium that tests run in. */
import { existsSync } from 'node:fs'

/** The Chromium of this machine, or the one that CHROMIUM_PATH names. */
export const chromiumPath =
  process.env.CHROMIUM_PATH ??
  [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ].find((path) => existsSync(path))

export const NO_CHROMIUM =
  'no Chromium found: `apt-get install -y --no-install-recommends chromium`, or name one in CHROMIUM_PATH'

/** Without these flags Chromium calls home, many times a second where the network is closed. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
