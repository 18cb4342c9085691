/** The command `smileid` of the installed tarball, on the runtime that `command` starts. */
import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { canary } from '../support/canary-files.mjs'
import { HUNG_MS } from './steps.mjs'

const { CANARY, tracesIn } = await canary()

/**
 * Enrols the users of a CSV, is interrupted, and goes on, and submits a job with images; each exit code and
 * what was said must be right.
 */
export async function theCommand({ dir, name, command, peer }) {
  const place = join(dir, `command-${name}`)
  await mkdir(place)
  await writeInputs({ dir, name, place, peer })
  const failed = []
  let passed = 0
  for (const { words, code, said = /./, interrupt } of CALLS) {
    const { ended, text } = await run({ command: [...command, ...words], place, interrupt })
    if (ended === code && said.test(text) && !tracesIn(text).length) passed++
    else failed.push(`${words.join(' ')}: exit ${ended}, ${text}`)
  }
  return { passed, failed }
}

const LIVENESS = ['--liveness', 'photo.jpg']
const IMAGES = ['--selfie', 'photo.jpg', '--front', 'photo.jpg', ...LIVENESS, ...LIVENESS]
const CALLS = [
  { words: ['--version'], code: 0, said: /^\d+\.\d+\.\d+$/m },
  { words: ['backfill', 'users.csv', '--jsn'], code: 1, said: /did you mean --json\?/ },
  { words: ['doctor'], code: 0, said: /credentials {2}are taken/ },
  {
    words: ['sign', '--timestamp', '2024-08-06T09:15:30.123Z'],
    code: 0,
    said: /^signature {2}[\w+/]{43}=$/m,
  },
  { words: ['backfill', 'same.csv'], code: 6, said: /^warning: photo is that of an earlier row/m },
  { words: ['backfill', 'same.csv', '--duplicate-photos'], code: 6 },
  { words: ['backfill', 'users.csv', '--limit', '2'], code: 7, said: /^enrolled {2}2$/m },
  {
    words: ['backfill', 'users.csv', '--rate', '1', '--concurrency', '1', '--json'],
    code: 5,
    said: /"exit":"interrupted"/,
    interrupt: /"line":4,"state":"enrolled"/,
  },
  {
    words: ['backfill', 'users.csv', '--report', 'report.html', '--errors', 'errors.csv'],
    code: 0,
    said: /^enrolled +6$/m,
  },
  {
    words: ['submit', '--job-type', '4', '--selfie', 'none.jpg'],
    code: 1,
    said: /^smileid: --selfie could not be read \(ENOENT\)$/m,
  },
  {
    words: ['submit', '--job-type', 'document-verification', '--country', 'GH', ...IMAGES, '--wait'],
    code: 0,
    said: /^decision +approved$/m,
  },
]

async function writeInputs({ dir, name, place, peer }) {
  const emulator = join(dir, 'node_modules/smileid-edge/dist/emulator.js')
  const { samplePhoto } = await import(pathToFileURL(emulator).href)
  const photos = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `${letter}.jpg`)
  const csvOf = (photoOf) =>
    [
      'user_id,user_created_at,photo',
      ...photos.map((photo) => `${name}-${photo},2021-08-12,${photoOf(photo)}`),
    ].join('\n')
  await writeFile(
    join(place, 'users.csv'),
    csvOf((photo) => photo),
  )
  await writeFile(
    join(place, 'same.csv'),
    csvOf(() => 'photo.jpg'),
  )
  for (const [index, photo] of ['photo.jpg', ...photos].entries())
    await writeFile(join(place, photo), samplePhoto({ seed: index + 1 }))
  const variables = {
    SMILE_ID_PARTNER_ID: '085',
    SMILE_ID_API_KEY: CANARY.apiKey,
    SMILE_ID_ENVIRONMENT: 'sandbox',
    SMILE_ID_BASE_URL: peer,
  }
  const lines = Object.entries(variables).map(([key, value]) => `${key}=${value}\n`)
  await writeFile(join(place, '.env'), lines.join(''))
}

/** Its exit code and all that it printed; it is interrupted as soon as that is like `interrupt`. */
async function run({ command: [file, ...args], place, interrupt }) {
  const child = spawn(file, args, {
    cwd: place,
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: HUNG_MS,
  })
  let text = ''
  let interrupted = false
  const take = (piece) => {
    text += piece
    // Once: a second one ends it at once, and leaves the lock.
    if (interrupt?.test(text) && !interrupted) interrupted = child.kill('SIGINT')
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const ended = await new Promise((resolve) => child.on('close', resolve))
  return { ended, text }
}
