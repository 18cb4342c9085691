/** How many tokens v3's calls ask for: of many callers at once, and of those who wait for a job. */
import { type Client, createClient } from 'smileid-edge/client'
import { submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
import { waitForVerdict } from 'smileid-edge/v3/status'
import { requestsShareWork } from '../../support/runtime'
import { accept, type Got, JOB_ID, KYC, startV3Service } from '../../support/v3-service'
import { describe, equal, ok, test } from '../harness'

type Service = ReturnType<typeof startV3Service>

/** As a server makes one for each request. */
function clientOf({ partnerId, fetch }: Service): Client {
  return createClient({
    partnerId,
    apiKey: 'v3-demo-key-alpha',
    environment: 'sandbox',
    fetch,
    sleep: async () => {},
    dangerouslyAllowBrowser: true,
  })
}

/** Answers submissions, and says of their job that it runs until it was asked for so often. */
function endingAfter(polls: number) {
  let count = 0
  return ({ method }: Got): Response => {
    if (method === 'POST') return accept()
    count++
    const status = count < polls ? 'processing' : 'clear'
    const created_at = '2026-05-04T08:00:00.000Z'
    const body = { status, job_id: JOB_ID, user_id: 'user_1', message: 'text', created_at }
    return Response.json(body, { status: count < polls ? 202 : 200 })
  }
}

describe('calls for tokens', () => {
  test('of 200 submissions at once, each by a client of its own: one', async () => {
    const service = startV3Service()
    await Promise.all(Array.from({ length: 200 }, () => submitEnhancedKyc(clientOf(service), KYC)))
    const asked = service.tokenCalls()
    equal(service.callsOf().length, 200, 'submissions')
    // In Workers, each asks that begins before one has the answer.
    ok(asked === 1 || (!requestsShareWork && asked <= 200), `${asked} calls for tokens`)
    await submitEnhancedKyc(clientOf(service), KYC)
    equal(service.tokenCalls(), asked, 'calls for tokens, with a later one')
  })

  test('of a wait that polls 60 times: one', async () => {
    const { client, callsOf, tokenCalls } = startV3Service({ answer: endingAfter(60) })
    const { status } = await waitForVerdict(client, { job_id: JOB_ID }, { delayMs: () => 0 })
    equal([status, callsOf().length, tokenCalls()], ['clear', 60, 1])
  })

  test('of a submission and the wait for its verdict: one', async () => {
    const { client, callsOf, tokenCalls } = startV3Service({ answer: endingAfter(3) })
    const job = await submitEnhancedKyc(client, KYC)
    await waitForVerdict(client, job, { delayMs: () => 0 })
    equal([callsOf().length, tokenCalls()], [4, 1])
  })

  test('of who comes when one has the answer: none, even while others still wait for theirs', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const { client, tokenCalls } = startV3Service({
      async answerToken(_, count) {
        if (count > 1) await held
        return undefined
      },
    })
    const both = [submitEnhancedKyc(client, KYC), submitEnhancedKyc(client, KYC)]
    await Promise.any(both)
    const asked = tokenCalls()
    await submitEnhancedKyc(client, KYC)
    equal(tokenCalls(), asked, 'calls for tokens, with a later one')
    release()
    await Promise.all(both)
    ok(asked === 1 || (!requestsShareWork && asked === 2), `${asked} calls for tokens`)
  })
})
