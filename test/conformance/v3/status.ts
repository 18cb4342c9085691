/** Status of v3, and waiting for a verdict. */
import { createTokenClient } from 'smileid-edge/v3/client'
import { submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
import { getVerificationStatus, waitForVerdict, watchStatus } from 'smileid-edge/v3/status'
import { createToken } from 'smileid-edge/v3/token'
import { JOB_ID, refuse, startV3Service } from '../../support/v3-service'
import { describe, equal, issuesOf, ok, rejection, test } from '../harness'
import { CLEARWATER, startJob } from './setup'

/** Answers to status calls one after the other, the last one again and again. */
function startStatuses(...answers: (object | number)[]) {
  return startV3Service({
    answer(_, count) {
      const said = answers[Math.min(count, answers.length) - 1]!
      if (typeof said === 'number') return refuse(said)
      return Response.json({ job_id: JOB_ID, user_id: 'shop-42', message: 'text', ...said })
    },
  })
}
const job = { job_id: JOB_ID }

describe('getVerificationStatus', () => {
  test('tells how a job stands, by GET', async () => {
    const { client, emulator, job: made } = await startJob({ jobDurationMs: 5000 })
    const running = await getVerificationStatus(client, made)
    equal([running.status, running.job_id, running.user_id], ['processing', made.job_id, 'shop-42'])
    await emulator.advance(5000)
    equal((await getVerificationStatus(client, { job_id: made.job_id })).status, 'clear')
    equal(
      emulator.v3.requests.map(({ method, operation }) => `${method} ${operation}`),
      ['POST v3/token', 'POST v3/enhanced_kyc', 'GET v3/status', 'GET v3/status'],
    )
  })

  test('refuses ids of v1 and what is none, and sends nothing', async () => {
    const { client, got } = startV3Service()
    for (const job_id of ['0000000001', 'order-77', `${JOB_ID}x`, JOB_ID.toUpperCase(), '../token', 7]) {
      const issues = await issuesOf(getVerificationStatus(client, { job_id } as never))
      equal(issues, [`job_id ${typeof job_id === 'string' ? 'wrong_format' : 'wrong_type'}`])
    }
    equal(await issuesOf(getVerificationStatus(client, JOB_ID as never)), ['job wrong_type'])
    equal(await issuesOf(getVerificationStatus(client, {} as never)), ['job_id missing'])
    const wrong = { maxWaitMs: 0, delayMs: 5, until: 'x' } as never
    equal(await issuesOf(waitForVerdict(client, job, wrong)), [
      'options.maxWaitMs wrong_type',
      'options.delayMs wrong_type',
      'options.until not_allowed',
    ])
    equal(got.length, 0)
  })

  test("takes no other job's status, and none that nobody knows", async () => {
    const other = JOB_ID.replace('ab', 'cd')
    for (const said of [
      { job_id: other, status: 'clear' },
      { status: 'complete' },
      { user_id: 7, status: 'clear' },
    ]) {
      const { client } = startStatuses(said)
      equal((await rejection(getVerificationStatus(client, job))).code, 'invalid_reply', JSON.stringify(said))
    }
  })

  test('names a job that is not there', async () => {
    const { client } = startStatuses(404)
    const error = await rejection(getVerificationStatus(client, job))
    equal([error.code, error.status, error.outcome], ['job_not_found', 404, 'rejected'])
  })
})

describe('waitForVerdict', () => {
  test('waits for the end with one token, however often it asks', async () => {
    const { client, emulator, job: made } = await startJob({ jobDurationMs: 200_000 })
    const verdict = await waitForVerdict(client, made, { maxWaitMs: 300_000 })
    equal([verdict.status, verdict.user_id], ['clear', 'shop-42'])
    const operations = emulator.v3.requests.map(({ operation }) => operation)
    const polls = operations.filter((operation) => operation === 'v3/status').length
    ok(polls > 50, `${polls} polls`)
    equal(operations.filter((operation) => operation === 'v3/token').length, 1)
  })

  test('ends with what the service decided', async () => {
    for (const status of ['clear', 'attention', 'block', 'error']) {
      const { client, callsOf } = startStatuses({ status: 'processing' }, { status })
      equal([(await waitForVerdict(client, job)).status, callsOf().length], [status, 2])
    }
  })

  test('does not take a status that nobody knows for an end', async () => {
    const { client } = startStatuses({ status: 'processing' }, { status: 'under_review' })
    const error = await rejection(waitForVerdict(client, job))
    equal([error.code, error.smileJobId], ['invalid_reply', JOB_ID])
  })

  test('gives up in time, and says that the job is not over', async () => {
    const { client, job: made, waited } = await startJob({ jobDurationMs: 1e9 })
    const error = await rejection(waitForVerdict(client, made, { maxWaitMs: 20_000 }))
    equal([error.code, error.retryable, error.smileJobId], ['wait_timeout', true, made.job_id])
    ok(/still processing/.test(error.message), error.message)
    ok(waited() <= 20_000, `${waited()} ms`)
  })

  test('an abort throws its own reason, also during a pause', async () => {
    const abort = new AbortController()
    const reason = new Error('closed')
    const sleep = async () => {
      abort.abort(reason)
      throw reason
    }
    const { client } = startV3Service(
      { answer: () => Response.json({ job_id: JOB_ID, user_id: 'u', message: '', status: 'processing' }) },
      { sleep },
    )
    ok((await rejection(waitForVerdict(client, job, { signal: abort.signal }))) === reason, 'the reason')
  })

  test('waits ten seconds for a job that is not known yet, and no longer', async () => {
    const late = await startJob({ v3: { statusDelayMs: 5000 } })
    equal((await waitForVerdict(late.client, late.job)).status, 'clear')
    const never = await startJob({ v3: { statusDelayMs: 1e9 } })
    const error = await rejection(waitForVerdict(never.client, never.job))
    equal(error.code, 'job_not_found')
    ok(never.waited() > 9000 && never.waited() < 20_000, `${never.waited()} ms`)
  })

  test('survives failures that pass, and ends with those that do not', async () => {
    const passing = startStatuses(500, 503, 429, 500, { status: 'clear' })
    equal((await waitForVerdict(passing.client, job)).status, 'clear')
    const lasting = startStatuses(500)
    equal((await rejection(waitForVerdict(lasting.client, job))).code, 'server_error')
    equal(lasting.callsOf().length, 5)
    const refused = startStatuses(403)
    equal((await rejection(waitForVerdict(refused.client, job))).code, 'forbidden')
    equal(refused.callsOf().length, 1)
  })

  test('works with a token instead of a key', async () => {
    const { client, emulator } = await startJob()
    const { token } = await createToken(client)
    const { fetch, now, sleep } = emulator.clientOptions
    const page = createTokenClient({ token, environment: 'sandbox', fetch, now, sleep })
    const { job_id } = await submitEnhancedKyc(page, CLEARWATER)
    equal((await waitForVerdict(page, { job_id })).status, 'clear')
  })
})

describe('watchStatus', () => {
  test('yields the first status and each change, and nothing twice', async () => {
    const running = { status: 'processing' }
    const { client } = startStatuses(running, running, 500, running, { status: 'attention' })
    const seen: string[] = []
    for await (const { status } of watchStatus(client, job)) seen.push(status)
    equal(seen, ['processing', 'attention'])
  })
})
