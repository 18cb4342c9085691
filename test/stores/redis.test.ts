/** The stores on a real Redis, by each client, and what becomes of a run when it goes away. */
import { Redis as Upstash } from '@upstash/redis'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import {
  createRedisJournal,
  createRedisReplayStore,
  fromIoredis,
  fromNodeRedis,
  fromUpstash,
} from 'smileid-edge/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { all } from '../support/all.ts'
import { missingDatabases, type Server, startRedis } from '../support/databases.ts'
import { interruptedRun } from '../support/interrupted-run.ts'
import { claimEach, keepsAll, keptInRedis, place } from '../support/kept-stores.ts'
import { serveUpstash } from '../support/upstash-bridge.ts'

const TOKEN = 'token-of-the-rest-api'

describe.runIf(!missingDatabases.some((name) => name.startsWith('Redis')))('on a real Redis', () => {
  let server: Server
  let ioredis: Redis
  let nodeRedis: ReturnType<typeof createClient>
  let upstash: Awaited<ReturnType<typeof serveUpstash>>

  beforeAll(async () => {
    server = await startRedis()
    ioredis = new Redis(server.port, '127.0.0.1', { maxRetriesPerRequest: 0 })
    ioredis.on('error', () => {})
    nodeRedis = createClient({ url: `redis://127.0.0.1:${server.port}`, disableOfflineQueue: true })
    nodeRedis.on('error', () => {})
    await nodeRedis.connect()
    upstash = await serveUpstash(ioredis, TOKEN)
  })
  afterAll(async () => {
    nodeRedis.destroy()
    ioredis.disconnect()
    await upstash.close()
    await server.close()
  })

  describe('by ioredis', () => keepsAll(() => keptInRedis(fromIoredis(ioredis))))
  describe('by node-redis', () => keepsAll(() => keptInRedis(fromNodeRedis(nodeRedis))))
  describe('by the REST API of Upstash', () =>
    keepsAll(() => keptInRedis(fromUpstash({ url: upstash.url, token: TOKEN }))))

  it('gives each row to one of those who make 10,000 claims at once', async () => {
    const key = place()
    const journals = Array.from({ length: 4 }, () => createRedisJournal(fromIoredis(ioredis), { key }))
    expect(await claimEach(journals, 2500)).toBe(0)
  })

  it('is what the client of Upstash reads, too, and rejects with what the API answers', async () => {
    const key = place()
    const store = createRedisReplayStore(fromUpstash({ url: upstash.url, token: TOKEN }), { key })
    expect(await store.claim('e', 1000)).toBe('claimed')
    const theirs = new Upstash({
      url: upstash.url,
      token: TOKEN,
      enableAutoPipelining: false,
      responseEncoding: false,
    })
    expect(await theirs.hget(`${key}:e`, 'state')).toBe('busy')
    const wrong = createRedisReplayStore(fromUpstash({ url: upstash.url, token: 'wrong' }), { key })
    await expect(wrong.claim('e', 1000)).rejects.toThrow('WRONGPASS')
  })

  it('lets Redis forget what need not be kept any more, and nothing of a journal', async () => {
    const key = place()
    const redis = fromIoredis(ioredis)
    await createRedisReplayStore(redis, { key }).claim('e', 60_000)
    expect(await ioredis.pttl(`${key}:e`)).toBeGreaterThan(0)
    const journal = createRedisJournal(redis, { key: `${key}_journal` })
    await journal.bind({ environment: 'sandbox', partnerId: '085' })
    expect(await ioredis.pttl(`${key}_journal`)).toBe(-1)
  })

  it('ends a run when it comes back without its data; the next one finds out who is enrolled', async () => {
    const journal = createRedisJournal(fromIoredis(ioredis), { key: place() })
    const comesBackEmpty = async () => {
      await server.restart()
      await connected()
    }
    // One at a time, so that nobody meets the moment in which it is away.
    const run = await interruptedRun(journal, comesBackEmpty, { concurrency: 1 })
    expect(run.error).toMatchObject({ code: 'invalid_input', issues: [{ path: 'options.journal' }] })
    expect(String(run.error)).toContain('does not have what was written to it')
    expect(await run.goOn()).toEqual({
      calls: run.rows,
      new: run.rows - run.enrolled,
      known: 0,
      settled: 0,
      exist: run.enrolled,
    })
  })

  it('ends a run when it goes away, and the next one settles what the journal has open', async () => {
    const journal = createRedisJournal(fromIoredis(ioredis), { key: place() })
    const run = await interruptedRun(journal, async () => {
      await ioredis.call('SHUTDOWN', 'SAVE').catch(() => {})
    })
    expect(run.error).toBeInstanceOf(Error)
    await server.restart()
    await connected()
    const open = (await all(journal.entries())).filter(({ state }) => state === 'sending').length
    expect(open).toBeGreaterThan(0)
    expect(await run.goOn()).toEqual({
      calls: run.rows - run.enrolled + open,
      new: run.rows - run.enrolled,
      known: run.enrolled - open,
      settled: open,
      exist: 0,
    })
  })

  /** Resolves once the client has found the server that came back. */
  async function connected(): Promise<void> {
    while (!(await ioredis.ping().catch(() => undefined)))
      await new Promise((resolve) => setTimeout(resolve, 5))
  }
})
