/** The playground as it is started, and as it enrols; and what importing the SDK costs a Worker. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundle } from '../playground/platform.mjs'
import { at, line, print } from './lib.mjs'
import { workerImport } from './worker-import.mjs'

const ROWS = 5000
/** At least so many are to be enrolled. */
const ROWS_PER_SECOND = 150
const STARTS = 3

const perSecond = (seconds) => ROWS / seconds
const scriptBytes = async () => gzipSync(await bundle('worker/index.ts', { minify: true })).length

export async function playground() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-playground-'))
  try {
    await workerImport(folder)
    const [firstPage, seconds] = [[], []]
    for (let i = 0; i < STARTS; i++) {
      const { url, ms, stop } = await npmStart(join(folder, `data-${i}`))
      firstPage.push(ms / 1000)
      try {
        if (i === STARTS - 1) seconds.push(await enrol(url))
      } finally {
        await stop()
      }
    }
    print(
      'The playground, offline, on workerd with D1, R2 and Queues',
      ['ours', ''],
      [
        line('Worker script without the page, minified, gzip', 'B', [await scriptBytes()], undefined, {
          max: 80_000,
        }),
        line('npm start to first page', 's', firstPage, undefined, { max: 15 }),
        line(`${ROWS.toLocaleString('en')} rows through the queue`, 's', seconds, undefined, {
          max: Number((ROWS / ROWS_PER_SECOND).toFixed(1)),
        }),
        line('the same', '/s', seconds.map(perSecond)),
      ],
    )
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/**
 * The command of the README, and how long it takes until there is a page; `stop` ends it with all that it
 * started.
 */
async function npmStart(data) {
  const started = performance.now()
  const child = spawn('npm', ['start', '-s', '--', '--port', '0', '--data', data], {
    cwd: at(''),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    process.kill(-child.pid, 'SIGTERM')
    await ended
  }
  let said = ''
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (piece) => {
      const [found] = /http:\S+(?=\s)/.exec((said += piece)) ?? []
      if (found) resolve(found)
    })
    ended.then(([code]) => reject(new Error(`npm start ended with ${code}`)))
  })
  const page = await (await fetch(url)).text()
  if (!page.includes('</html>')) throw new Error('there is no page')
  return { url, ms: performance.now() - started, stop }
}

/** Seconds from the order to the end of an import, which the emulator must have enrolled row by row. */
async function enrol(url) {
  const signedIn = await fetch(`${url}/api/session`)
  const headers = {
    origin: url,
    cookie: signedIn.headers.get('set-cookie').split(';')[0],
    'x-csrf-token': (await signedIn.json()).csrf,
  }
  const call = (path, more) => fetch(`${url}/api/${path}`, { headers, ...more })
  const import_ = `imports/${crypto.randomUUID()}`
  await call(import_, {
    method: 'PUT',
    body: [
      'user_id,user_created_at,photo',
      ...Array.from({ length: ROWS }, (_, i) => `row-${i},2021-08-12,${i % 8}.jpg`),
    ].join('\n'),
  })
  for (let i = 0; i < 8; i++)
    await call(`${import_}/photos/${i}.jpg`, {
      method: 'PUT',
      body: await (await call(`emulator/photos/${i + 1}`)).arrayBuffer(),
    })
  const started = performance.now()
  await call(`${import_}/start`, { method: 'POST' })
  let view
  do {
    await new Promise((resolve) => setTimeout(resolve, 500))
    view = await (await call(import_)).json()
  } while (view.open && view.state === 'running')
  const seconds = (performance.now() - started) / 1000
  const { enrolments, users } = await (await call('emulator')).json()
  if (view.counts.enrolled !== ROWS || enrolments !== ROWS || users !== ROWS)
    throw new Error(`${view.counts.enrolled} rows, ${enrolments} enrolments, ${users} users`)
  return seconds
}
