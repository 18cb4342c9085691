/** What is measured by calls per second, by name; each takes the URL of server.mjs. */
import { backfillUsers, createMemoryJournal } from '../../dist/bulk.js'
import { createClient } from '../../dist/client.js'
import { imageJobs } from './image-uploads.mjs'
import { lookups } from './lookups.mjs'
import { credentials, largePhoto } from './photo.mjs'
import { uploads } from './uploads.mjs'

const ROWS = 200

/** Each gives its candidates by name: functions that make one call under the name that they are given. */
export const OPERATIONS = {
  backfill: (url) => uploads(url, largePhoto(500_000)),
  lookup: lookups,
  image: (url, folder) => imageJobs(url, folder, ['selfie.jpg', 'card.jpg']),
  bulk: bulkRuns,
}

/** One call is a run of 200 rows, eight at once. */
function bulkRuns(url) {
  const client = createClient({ ...credentials, environment: 'sandbox', baseUrl: url })
  const photo = largePhoto(2_000)
  return {
    async ours(run) {
      const rows = Array.from({ length: ROWS }, (_, i) => ({
        user_id: `${run}-${i}`,
        user_created_at: '2021-08-12',
        photo,
      }))
      const options = { journal: createMemoryJournal(), concurrency: 8 }
      for await (const { state, code } of backfillUsers(client, rows, options))
        if (state !== 'enrolled') throw new Error(`${state} ${code}`)
    },
  }
}

let calls = 0

/** Calls again and again for so many milliseconds; calls per second, and CPU milliseconds of each. */
export async function keepCalling(call, { atOnce, whileMs }) {
  const [started, cpu, before] = [performance.now(), process.cpuUsage(), calls]
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      do await call(`call-${calls++}`)
      while (performance.now() - started < whileMs)
    }),
  )
  const made = calls - before
  const ms = performance.now() - started
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: (made / ms) * 1000, cpuMs: (user + system) / 1000 / made }
}
