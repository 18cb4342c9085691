/** How late the end of a job is seen, and after how many calls. */
import { createClient } from '../dist/client.js'
import { createEmulator } from '../dist/emulator.js'
import { waitForJob } from '../dist/job-status.js'
import { line, print } from './lib.mjs'

const JOBS = 1000
const job = { user_id: 'user', job_id: 'job' }

/** Polls at the times that a cadence gives, on paper: how late it sees the end, and how often it asks. */
function onPaper(endsAt, pauseAfter) {
  let [at, calls] = [0, 1]
  while (at < endsAt) at += pauseAfter(calls++)
  return { late: at - endsAt, calls }
}

/** The real thing, on the emulator's clock. */
async function real(endsAt, seed) {
  const emulator = createEmulator({ seed })
  const began = emulator.clientOptions.now()
  emulator.startJob({ ...job, job_type: 4, durationMs: endsAt })
  await waitForJob(createClient(emulator.clientOptions), job)
  return { late: emulator.clientOptions.now() - began - endsAt, calls: emulator.calls.length }
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length

export async function polling() {
  const ends = Array.from({ length: JOBS }, (_, i) => ((i + 0.5) / JOBS) * 60_000)
  const ours = []
  for (const [i, end] of ends.entries()) ours.push(await real(end, i))
  // smile-identity-core 3.2.1, src/web-api.ts: at once, 2 s after each of the first four polls, then 4 s.
  const core = ends.map((end) => onPaper(end, (poll) => (poll <= 4 ? 2000 : 4000)))
  const fixed = ends.map((end) => onPaper(end, () => 2000))
  const of = (rows, name) => [mean(rows.map((row) => row[name]))]
  print(
    `${JOBS} jobs that end within a minute, evenly spread: means`,
    ['waitForJob', 'alternative'],
    [
      line('seen late, beside the cadence of smile-identity-core', 'ms', of(ours, 'late'), of(core, 'late'), {
        maxRatio: 1,
      }),
      line('polls, beside the cadence of smile-identity-core', '', of(ours, 'calls'), of(core, 'calls')),
      line('polls, beside one every 2 s', '', of(ours, 'calls'), of(fixed, 'calls'), { maxRatio: 1 }),
    ],
  )
}
