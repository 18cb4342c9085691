/** This build beside that of another commit: calls per second and CPU time, in one run. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { largePhoto } from './inside/photo.mjs'
import { inTurn } from './inside/rounds.mjs'
import { at, line, output, print, withServer } from './lib.mjs'

const CHECKED_ROWS = 500

const OPERATIONS = {
  lookup: { title: 'ID lookup', atOnce: 8 },
  backfill: { title: 'backfillUser with a photo of 500 kB', atOnce: 8 },
  image: { title: 'Image job with a zip of 1 MB', atOnce: 8 },
  bulk: { title: 'backfillUsers, runs of 200 rows', atOnce: 1 },
  callback: { title: 'Callback of 1 kB, handled', atOnce: 8, minRatio: 0.95 },
  // Beside a commit that looked at both ends alone, no ratio is of use: what counts is the time of a MB.
  check: { title: `checkRows, a CSV of ${CHECKED_ROWS} rows, photos of 2 kB`, atOnce: 1, minRatio: 1 },
  photo: { title: 'readPhoto of 1 MB', atOnce: 1, minRatio: undefined, maxCpuMs: 0.1 },
}
/** Two fresh processes each time, since what the compiler makes of the same code differs between them. */
const STARTS = 5
const ROUNDS = 40
const WARM_MS = 2000
const WHILE_MS = 100

/** Prints what this build does beside that of `commit`, for the operations by name, or all. */
export async function against(commit, chosen) {
  const operations = Object.entries(OPERATIONS).filter(([name]) => !chosen.length || chosen.includes(name))
  if (!operations.length) throw new Error(`--against takes ${Object.keys(OPERATIONS).join(', ')}`)
  const folder = mkdtempSync(join(tmpdir(), 'smileid-against-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  process.once('SIGINT', () => process.exit(130))
  const that = join(folder, 'that')
  await checkOut(commit, that)
  writeFileSync(join(folder, 'selfie.jpg'), largePhoto(500_000))
  writeFileSync(join(folder, 'card.jpg'), largePhoto(498_000))
  writeUsers(folder)

  await withServer(async (url) => {
    const [speed, cpu, spread] = [[], [], []]
    for (const [operation, { title, atOnce, ...limits }] of operations) {
      const { minRatio, maxCpuMs } = { minRatio: 0.97, ...limits }
      const rounds = { this: [], that: [] }
      for (let start = 0; start < STARTS; start++) {
        const taken = await inTwoProcesses({ that, args: [operation, folder, url], atOnce })
        rounds.this.push(...taken.this)
        rounds.that.push(...taken.that)
      }
      const of = (build, figure) => rounds[build].map((round) => round[figure])
      speed.push(line(title, '/s', of('this', 'perSecond'), of('that', 'perSecond'), { minRatio }))
      spread.push(`${operation} ${middleHalf(of('this', 'perSecond'), of('that', 'perSecond'))}`)
      cpu.push(line(title, 'ms', of('this', 'cpuMs'), of('that', 'cpuMs'), { max: maxCpuMs }))
    }
    print('Calls per second, Node', ['this build', commit], speed)
    print('CPU of the process per call, Node', ['this build', commit], cpu)
    // The wider, the less a ratio near 1 says: other work on the machine shows here.
    console.log(`\nMiddle half of the ratios of calls per second: ${spread.join(', ')}`)
  })
}

/** A CSV, and a photo for each of its rows, no two of them the same. */
function writeUsers(folder) {
  mkdirSync(join(folder, 'photos'))
  const lines = ['user_id,user_created_at,photo']
  for (let row = 0; row < CHECKED_ROWS; row++) {
    const photo = largePhoto(2000)
    photo.set([row >> 7, row & 127], photo.length - 4)
    writeFileSync(join(folder, 'photos', `${row}.jpg`), photo)
    lines.push(`user-${row},2021-05-18 15:14:43-0700,${row}.jpg`)
  }
  writeFileSync(join(folder, 'users.csv'), lines.join('\n'))
}

/** From which to which value half of the rounds' ratios lie. */
function middleHalf(ours, theirs) {
  const ratios = ours.map((value, round) => value / theirs[round]).toSorted((a, b) => a - b)
  return [1, 3].map((quarter) => ratios[(ratios.length * quarter) >> 2].toFixed(2)).join('–')
}

/** The commit and its dist/ in `folder`, with the files that measure from here. */
async function checkOut(commit, folder) {
  const archive = `${folder}.tar`
  await output('git', ['archive', '--output', archive, commit])
  mkdirSync(folder)
  await output('tar', ['-xf', archive, '-C', folder])
  const lock = (root) => readFileSync(join(root, 'package-lock.json'), 'utf8')
  if (lock(folder) === lock(at(''))) symlinkSync(at('node_modules'), join(folder, 'node_modules'))
  else await output('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--prefer-offline'])
  await output('npm', ['run', '-s', 'build', '--prefix', folder])
  cpSync(at('bench/inside'), join(folder, 'bench/inside'), { recursive: true })
  rmSync(join(folder, 'bench/node_modules'), { recursive: true, force: true })
  symlinkSync(at('bench/node_modules'), join(folder, 'bench/node_modules'))
}

/** Rounds of both builds in turn, each in a process of its own that waits while the other is measured. */
async function inTwoProcesses({ that, args, atOnce }) {
  const script = 'bench/inside/rounds-on-request.mjs'
  const builds = { this: start(at(script), args), that: start(join(that, script), args) }
  const measure = (name, whileMs) => {
    builds[name].child.send({ atOnce, whileMs })
    return builds[name].nextMessage()
  }
  const names = Object.keys(builds)
  try {
    await Promise.all(names.map((name) => builds[name].nextMessage()))
    // As in a service: at first, it is the compiler that is measured.
    for (const name of names) await measure(name, WARM_MS)
    return await inTurn(
      ROUNDS,
      Object.fromEntries(names.map((name) => [name, () => measure(name, WHILE_MS)])),
    )
  } finally {
    for (const name of names) builds[name].child.kill()
  }
}

function start(script, args) {
  const child = fork(script, args)
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ended with ${code}`)
  })
  // At the end, it is killed while nobody waits for it.
  ended.catch(() => {})
  const message = async () => (await once(child, 'message'))[0]
  return { child, nextMessage: () => Promise.race([message(), ended]) }
}
