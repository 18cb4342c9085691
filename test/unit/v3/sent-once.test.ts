/**
 * What is sent again when the answer is lost, counted at a bare socket. What is not, is counted on every
 * runtime by `conformance/sent-once.ts`: here, that it counts all of the documented operations.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { getAmlMonitoringNews, submitOneTimeAmlSync } from 'smileid-edge/v3/aml'
import { createTokenClient, type TokenClient } from 'smileid-edge/v3/client'
import {
  getBankCodes,
  getIdStatus,
  getSupportedDocuments,
  getSupportedIdTypes,
} from 'smileid-edge/v3/services'
import { getSmileLink } from 'smileid-edge/v3/smile-links'
import { type Cut, type CuttingServer, startCuttingServer } from '../../support/cutting-server'
import { SCREENED, v3Calls } from '../../support/v3-calls'
import { imageCalls } from '../../support/v3-images'
import { jwt, startV3Service } from '../../support/v3-service'
import documented from '../../vectors/v3-operations.json'

const NEWS = { job_id: 'm', reference: 'r', news_category: 'other' } as const
const REF = { ref_id: '00000000-0000-4000-8000-000000000000' }

type Call = (client: TokenClient) => Promise<unknown>
const AGAIN: Record<string, Call> = {
  submitOneTimeAmlSync: (client) => submitOneTimeAmlSync(client, SCREENED),
  getAmlMonitoringNews: (client) => getAmlMonitoringNews(client, NEWS),
  getSmileLink: (client) => getSmileLink(client, REF),
  getBankCodes: (client) => getBankCodes(client),
  getSupportedIdTypes: (client) => getSupportedIdTypes(client),
  getSupportedDocuments: (client) => getSupportedDocuments(client),
  getIdStatus: (client) => getIdStatus(client, { country: 'NG', id_type: 'BVN' }),
}
const CUTS = (['reset', 'close'] as const).flatMap((end) =>
  (['fresh', 'reused'] as const).map((connection): Cut => ({ end, connection })),
)

let server: CuttingServer | undefined
afterEach(() => server?.close())

/** What arrives of a call that is cut off each time. */
async function cutOff(cut: Cut, call: Call, { maxRetries }: { maxRetries: number }) {
  await server?.close()
  server = await startCuttingServer(cut)
  const warmUp = async () => void (await (await fetch(`${server!.url}/warm-up`)).text())
  if (cut.connection === 'reused') await warmUp()
  const client = createTokenClient({
    token: jwt({ partner_id: '85', exp: 4_000_000_000 }),
    environment: 'sandbox',
    baseUrl: server.url,
    maxRetries,
    sleep: async () => {},
  })
  const error = await call(client).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { error, seen: server.seen }
}

describe.each(CUTS)('cut off by $end, on a $connection connection', (cut) => {
  it.each(Object.entries(AGAIN))('%s is sent as often as it may be', async (name, call) => {
    for (const maxRetries of [0, 3]) {
      const { error, seen } = await cutOff(cut, call, { maxRetries })
      const attempts = maxRetries + 1
      expect(error).toMatchObject({ code: 'network_error', outcome: 'unknown', attempts, retryable: true })
      expect(seen).toHaveLength(attempts)
      const keys = new Set(seen.map(({ idempotencyKey }) => idempotencyKey))
      const sizes = new Set(seen.map(({ bodyBytes }) => bodyBytes))
      expect([keys.size, sizes.size]).toEqual([1, 1])
      expect([...keys][0] !== undefined).toBe(name === 'submitOneTimeAmlSync')
    }
  })
})

it('all other operations that are documented are counted', async () => {
  const { client, callsOf } = startV3Service({ answer: () => Response.json({}, { status: 400 }) })
  const submissions = Object.values(imageCalls).map(
    ({ submit, input }) =>
      () =>
        submit(client, input),
  )
  const others = Object.values(v3Calls).map((call) => () => call(client))
  for (const call of [...submissions, ...others]) await expect(call()).rejects.toThrow('invalid_request')
  const counted = callsOf().map(({ method, url }) => `${method} ${url.pathname}`)
  const repeatable = ['POST /v3/token', 'POST /v3/aml/sync']
  const wanted = documented.operations
    .map(({ id }) => id)
    .filter((id) => id.startsWith('POST ') && !repeatable.includes(id))
  const isCounted = (id: string) => {
    const path = new RegExp(`^${id.replace(/\{\w+\}/g, '[^/]+')}$`)
    return counted.some((one) => path.test(one))
  }
  expect(wanted.length).toBeGreaterThan(12)
  expect(wanted.filter((id) => !isCounted(id))).toEqual([])
})
