/**
 * Five processes that want one journal at the same moment, again and again: one gets it, whatever lies there.
 * `LOCK_ROUNDS` is how often; a machine that is busy tries less (see property.ts).
 */
import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFileJournal } from 'smileid-edge/node'
import { ended, nodeProgram, start } from '../support/node-child.ts'

const STARTERS = 5
const MOST_ROUNDS = Number(process.env.LOCK_ROUNDS ?? 300)
const LEAST_ROUNDS = 40
/** After this time, no further round begins, unless so many are asked for. */
const MOST_MS = process.env.LOCK_ROUNDS === undefined ? 15_000 : Infinity

let dir = ''
let starters: ChildProcess[] = []
/** What a lock file of this machine says. */
let own: object = {}
/** A process that has ended. */
let gone = 0

beforeAll(async () => {
  dir = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'locks-'))
  const path = join(dir, 'own.ndjson')
  const journal = await openFileJournal(path)
  own = JSON.parse(await readFile(`${path}.lock`, 'utf8')) as object
  await journal.close()
  const child = start(await nodeProgram(dir, 'nothing.mjs', ''))
  await ended(child)
  gone = child.pid!
  const program = await nodeProgram(
    dir,
    'starter.mjs',
    `
    let journal
    process.on('message', async ({ path }) => {
      if (!path) {
        await journal?.close()
        journal = undefined
        process.send('closed')
        return
      }
      try {
        journal = await node.openFileJournal(path)
        process.send('held')
      } catch (error) {
        process.send(error.message)
      }
    })
    process.on('disconnect', () => process.exit())`,
  )
  starters = Array.from({ length: STARTERS }, () => fork(program))
})
afterAll(async () => {
  for (const starter of starters) starter.disconnect()
  await rm(dir, { recursive: true })
})

/** Tells all starters at once, and gives what each of them says. */
const tellAll = (message: object): Promise<string[]> =>
  Promise.all(
    starters.map(
      (starter) =>
        new Promise<string>((resolve) => {
          starter.once('message', (answer) => resolve(answer as string))
          starter.send(message)
        }),
    ),
  )

const lockOf = (token: string, more: object = {}) => JSON.stringify({ ...own, pid: gone, token, ...more })
/** What lies there when a round begins. */
const LEFT: ((lock: string, token: string) => Promise<void>)[] = [
  (lock, token) => writeFile(lock, lockOf(token)),
  async () => {},
  // Who was to be the successor has ended as well, and so has the next one.
  async (lock, token) => {
    await writeFile(lock, lockOf(token))
    await writeFile(`${lock}.next-${token}`, lockOf(`${token}-2`))
    await writeFile(`${lock}.next-${token}-2`, lockOf(`${token}-3`))
  },
  // Another process has the number by now.
  (lock, token) => writeFile(lock, lockOf(token, { pid: process.pid, started: '1' })),
]

it('go to one of five who want one, over what was left by any before', async () => {
  const began = performance.now()
  let rounds = 0
  while (rounds < MOST_ROUNDS && (rounds < LEAST_ROUNDS || performance.now() - began < MOST_MS)) {
    const path = join(dir, `${rounds % 8}.ndjson`)
    await LEFT[rounds % LEFT.length]!(`${path}.lock`, `round-${rounds}`)
    const answers = await tellAll({ path })
    const others = answers.filter((answer) => answer !== 'held')
    expect(answers.length - others.length, `round ${rounds}: ${others.join()}`).toBe(1)
    for (const answer of others) expect(answer).toMatch(/^journal is in use by process \d+: wait/)
    await tellAll({})
    rounds++
  }
  if (process.env.LOCK_ROUNDS) console.log(`${rounds} rounds, one holder each`)
  const names = await readdir(dir)
  expect(names.filter((name) => basename(name).includes('.lock'))).toEqual([])
}, 3_600_000)
