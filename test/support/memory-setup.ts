/** Around each file of test/abuse: the most memory that it takes, and what it keeps of it. */
import { afterAll, beforeAll, expect } from 'vitest'

const MB = 1_000_000
/** Counts what the tests themselves make and send, too. */
const MOST_MB = 400
const KEPT_MB = 30

/**
 * Not large-replies: there, this process serves what is enormous, and the one that reads it is measured by
 * the test.
 */
const isMeasured = () => /[\\/]test[\\/]abuse[\\/](?!large-replies)/.test(expect.getState().testPath!)

async function reachable(): Promise<number> {
  // Streams and sockets that were just closed let go of their buffers a few turns later.
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc!()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

let before = { resident: 0, reachable: 0 }

beforeAll(async () => {
  if (!isMeasured()) return
  before = { reachable: await reachable(), resident: process.memoryUsage.rss() }
})

// The process is the file's own, so its highest mark is, too.
afterAll(async () => {
  if (!isMeasured()) return
  const most = (process.resourceUsage().maxRSS * 1024 - before.resident) / MB
  const kept = ((await reachable()) - before.reachable) / MB
  expect(most, 'MB at the most').toBeLessThan(MOST_MB)
  expect(kept, 'MB kept').toBeLessThan(KEPT_MB)
})
