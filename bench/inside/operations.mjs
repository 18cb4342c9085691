/** What is measured by calls per second, by name; each takes the URL of server.mjs. */
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { backfillUsers, checkRows, createMemoryJournal } from '../../dist/bulk.js'
import { createCallbackHandler } from '../../dist/callback.js'
import { createClient } from '../../dist/client.js'
import { csvRows } from '../../dist/node.js'
import { readPhoto } from '../../dist/photo.js'
import { imageJobs } from './image-uploads.mjs'
import { lookups } from './lookups.mjs'
import { credentials, densePhoto, largePhoto } from './photo.mjs'
import { uploads } from './uploads.mjs'

const ROWS = 200

/** Each gives its candidates by name: functions that make one call under the name that they are given. */
export const OPERATIONS = {
  backfill: (url) => uploads(url, largePhoto(500_000)),
  smallBackfill: (url) => uploads(url, largePhoto(20_000)),
  largeBackfill: (url) => uploads(url, largePhoto(5_000_000)),
  lookup: lookups,
  image: (url, folder) => imageJobs(url, folder, ['selfie.jpg', 'card.jpg']),
  bulk: bulkRuns,
  callback: callbacks,
  photo: photoChecks,
  check: (_, folder) => rowChecks(folder),
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

/** One call is a genuine callback of 1 kB, verified and handed on; nothing is asked of the service. */
function callbacks() {
  const client = createClient({ ...credentials, environment: 'sandbox' })
  const { partnerId, apiKey } = credentials
  let received = 0
  const handle = createCallbackHandler(client, { confirm: false, onResult: () => void received++ })
  return {
    async ours(job_id) {
      const timestamp = new Date().toISOString()
      const signature = createHmac('sha256', apiKey)
        .update(`${timestamp}${partnerId}sid_request`)
        .digest('base64')
      const body = JSON.stringify({
        SmileJobID: job_id,
        PartnerParams: { user_id: 'user', job_id, job_type: 5 },
        ResultType: 'ID Verification',
        ResultText: 'ID Number Validated',
        ResultCode: '1012',
        IsFinalResult: 'true',
        Actions: { Verify_ID_Number: 'Verified', Return_Personal_Info: 'Returned' },
        FullData: { text: 'x'.repeat(600) },
        timestamp,
        signature,
      })
      const before = received
      const request = new Request('https://example.com/callback', { method: 'POST', body })
      const { status } = await handle(request)
      if (status !== 200 || received === before) throw new Error(`not taken: ${status}`)
    },
  }
}

/** One call is the check of a photo of 1 MB, pixels as dense as those of cameras. */
function photoChecks() {
  const bytes = densePhoto(1_000_000)
  return { ours: async () => void (await readPhoto(bytes)) }
}

/** One call is the check of a CSV with its photos, as `backfill --dry-run` does it. */
function rowChecks(folder) {
  return {
    async ours() {
      const rows = csvRows(join(folder, 'users.csv'), { photoRoot: join(folder, 'photos') })
      for await (const { error } of checkRows(rows, { photos: true })) throw error
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
