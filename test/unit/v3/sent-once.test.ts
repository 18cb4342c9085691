/** What is sent again when the answer is lost, and what is not: counted at a bare socket. */
import { afterEach, describe, expect, it } from 'vitest'
import { submitAddressVerification } from 'smileid-edge/v3/address'
import {
  getAmlMonitoringNews,
  submitAmlMonitoring,
  submitOneTimeAml,
  submitOneTimeAmlSync,
} from 'smileid-edge/v3/aml'
import { createTokenClient, type TokenClient } from 'smileid-edge/v3/client'
import {
  getBankCodes,
  getIdStatus,
  getSupportedDocuments,
  getSupportedIdTypes,
} from 'smileid-edge/v3/services'
import { createSmileLink, getSmileLink } from 'smileid-edge/v3/smile-links'
import { reportUserFraud } from 'smileid-edge/v3/users'
import { type Cut, type CuttingServer, startCuttingServer } from '../../support/cutting-server'
import { jwt, KYC } from '../../support/v3-service'

const { consent, user_details } = KYC
const SCREENED = { consent, user_details, countries: ['NG'], full_name: 'Ada Sample' } as const
const ADDRESS = { consent, user_details, address: '1 Sample Street', country: 'ZA', id_number: '1' } as const
const LINK = {
  name: 'Onboarding',
  id_types: [{ country: 'NG', id_type: 'NIN_V2', verification_method: 'enhanced_kyc' }],
  notice_privacy_policy_url: 'https://shop.example/privacy',
  is_single_use: true,
} as const
const REPORT = { user_id: 'u', is_fraud: true, reason: 'MULE_ACCOUNT', reported_by: 'a@b.example' } as const
const NEWS = { job_id: 'm', reference: 'r', news_category: 'other' } as const
const REF = { ref_id: '00000000-0000-4000-8000-000000000000' }

type Call = (client: TokenClient) => Promise<unknown>
const ONCE: Record<string, Call> = {
  submitOneTimeAml: (client) => submitOneTimeAml(client, SCREENED),
  submitAmlMonitoring: (client) => submitAmlMonitoring(client, SCREENED),
  submitAddressVerification: (client) => submitAddressVerification(client, ADDRESS),
  reportUserFraud: (client) => reportUserFraud(client, REPORT),
  createSmileLink: (client) => createSmileLink(client, LINK),
}
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
  it.each(Object.entries(ONCE))('%s is sent once', async (_, call) => {
    const { error, seen } = await cutOff(cut, call, { maxRetries: 3 })
    expect(error).toMatchObject({ code: 'network_error', outcome: 'unknown', attempts: 1, retryable: false })
    expect(seen.map(({ method, framing }) => [method, framing])).toEqual([['POST', 'content-length']])
  })

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
