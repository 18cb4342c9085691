/** One signal for a thousand calls, in a process of its own, whose warnings would come on standard error. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundledProgram, ended } from '../../support/node-child'

const PROGRAM = `
import { getEventListeners } from 'node:events'
import { backfillUser, createClient, getServices, submitImageJob, verifyId, waitForJob } from 'smileid-edge'
import { backfillUsers, createMemoryJournal } from 'smileid-edge/bulk'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'

const THOUSAND = Array.from({ length: 1000 }, (_, index) => index)
const controller = new AbortController()
const { signal } = controller
const listeners = () => getEventListeners(signal, 'abort').length
const photo = samplePhoto()
const never = () => new Promise(() => {})
// Each its own: the emulator blocks a number that is looked up too often.
const numberOf = (index) => String(index).padStart(11, '0')
const lookUp = (client, index, options) => verifyId(client, {
  partner_params: ids(index),
  id_info: { country: 'NG', id_type: 'BVN', id_number: numberOf(index) },
}, options)
const answered = createClient(createEmulator().clientOptions)
const silent = createClient({ ...createEmulator().clientOptions, fetch: never })
const ids = (index) => ({ user_id: 'u' + index, job_id: 'j' + index })
const row = (index, photo) => ({ user_id: 'u' + index, user_created_at: '2021-08-12', photo })
const enrolAll = async (index) => {
  const options = { journal: createMemoryJournal(), signal }
  for await (const { state } of backfillUsers(silent, [row(index, photo)], options)) return state
}
const settle = (call) => call.then(() => 'done', (error) => error)

const done = await Promise.all(
  THOUSAND.map((index) => settle(lookUp(answered, index, { signal }))),
)
const afterwards = listeners()

const kinds = {
  calls: (index) => lookUp(silent, index, { signal }),
  photos: (index) => backfillUser(silent, row(index, never), { signal }),
  images: (index) =>
    submitImageJob(
      silent,
      { partner_params: { ...ids(index), job_type: 4 }, images: { selfie: never } },
      { willWait: true, signal },
    ),
  services: () => getServices(silent, { signal }),
  runs: enrolAll,
}
const pending = Object.entries(kinds).flatMap(([name, call]) =>
  THOUSAND.slice(0, name === 'calls' ? 1000 : 100).map((index) => settle(call(index))),
)
// Waits that pause between polls: a job that the service does not know yet.
const wait = (index) => waitForJob(answered, ids('x' + index), { signal })
pending.push(...THOUSAND.slice(0, 100).map((index) => settle(wait(index))))
await new Promise((resolve) => setTimeout(resolve, 200))
const meanwhile = listeners()
const reason = new Error('enough')
controller.abort(reason)
const aborted = await Promise.all(pending)
console.log(JSON.stringify({
  done: done.filter((end) => end === 'done').length,
  afterwards,
  meanwhile,
  pending: pending.length,
  aborted: aborted.filter((end) => end === reason).length,
  inTheEnd: listeners(),
}))
// Rows that were cut off leave nothing behind that keeps the process.
process.exit(0)`

let dir = ''
let program = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'signal-'))
  program = await bundledProgram(dir, 'call.mjs', PROGRAM)
})
afterAll(() => rm(dir, { recursive: true }))

it('a signal that a thousand calls share has one listener, draws no warning, and ends them all', async () => {
  const { stdout, stderr } = await ended(
    spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'pipe'] }),
  )
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({
    done: 1000,
    afterwards: 0,
    meanwhile: 1,
    pending: 1500,
    aborted: 1500,
    inTheEnd: 0,
  })
})
