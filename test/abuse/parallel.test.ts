/**
 * A thousand callers share one client, over real connections: nobody gets what is another's, and nothing is
 * left behind.
 */
import { expect, it } from 'vitest'
import {
  backfillUser,
  createCallbackHandler,
  createClient,
  createMemoryReplayStore,
  getJobStatus,
  getServices,
  isSmileIdError,
  verifyBasicKyc,
  waitForJob,
} from 'smileid-edge'
import { backfillRow, createMemoryJournal } from 'smileid-edge/bulk'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { CANARY } from '../support/canary'
import { serveEmulator } from '../support/served-emulator'
import { until } from '../support/until'

const CALLERS = 1000
const each = <T>(work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: CALLERS }, (_, index) => work(index)))

/**
 * Node gives a connection ten seconds, which is too little for a thousand at once on a machine that is busy
 * with something else: then nothing was sent, and it is tried again.
 */
const patientFetch: typeof fetch = async (url, init) => {
  for (;;) {
    try {
      return await fetch(url, init)
    } catch (error) {
      const { cause } = error as { cause?: { code?: string } }
      if (cause?.code !== 'UND_ERR_CONNECT_TIMEOUT') throw error
    }
  }
}

async function start() {
  const server = await serveEmulator({
    jobDurationMs: 0,
    partners: [{ partnerId: '085', apiKey: CANARY.apiKey }],
    choices: { idNumberLimit: Infinity },
  })
  const events: string[] = []
  const client = server.connect({
    fetch: patientFetch,
    maxRetries: 0,
    timeoutMs: 250_000,
    hooks: { onResponse: ({ callId }) => void events.push(callId) },
  })
  return { emulator: server.emulator, server, client, events }
}

it('enrol, look up and ask, each for its own user', async () => {
  const { emulator, server, client, events } = await start()
  const photo = samplePhoto()
  const ids = await each(async (index) => {
    const user_id = `user-${index}`
    switch (index % 3) {
      case 0:
        return (await backfillUser(client, { user_id, user_created_at: '2021-08-12', photo })).PartnerParams
          .user_id
      case 1:
        return (
          await verifyBasicKyc(client, {
            partner_params: { user_id, job_id: `job-${index}` },
            id_info: { country: 'NG', id_type: 'BVN', id_number: CANARY.idNumber, first_name: 'Leo' },
          })
        ).PartnerParams.user_id
      default: {
        emulator.startJob({ user_id, job_id: `job-${index}`, durationMs: 0 })
        return (await waitForJob(client, { user_id, job_id: `job-${index}` })).result.PartnerParams.user_id
      }
    }
  })
  expect(ids).toEqual(Array.from({ length: CALLERS }, (_, index) => `user-${index}`))
  expect([...emulator.users].length).toBe(ids.filter((_, index) => index % 3 !== 1).length)
  expect(new Set(events).size).toBe(events.length)
  await server.close()
})

it('ask for the services document: it is fetched once', async () => {
  const { emulator, server, client } = await start()
  const documents = await each(() => getServices(client))
  expect([new Set(documents).size, emulator.calls.length]).toEqual([1, 1])
  await server.close()
})

it('give up, each for its own reason', async () => {
  const { emulator, server, client } = await start()
  emulator.addFault({ times: Infinity, fault: { kind: 'hang' } })
  const reasons = await each(async (index) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(index), 20 + (index % 50))
    return getJobStatus(client, { user_id: `${index}`, job_id: 'j' }, { signal: controller.signal }).catch(
      (reason: unknown) => reason,
    )
  })
  expect(reasons).toEqual(Array.from({ length: CALLERS }, (_, index) => index))
  await server.close()
})

it('fail, each with its own job on its own error', async () => {
  const { server, client } = await start()
  const jobs = await each((index) =>
    getJobStatus(client, { user_id: `u${index}`, job_id: `j${index}` }).catch((error: unknown) =>
      isSmileIdError(error, 'job_not_found') ? error.job : error,
    ),
  )
  expect(jobs).toEqual(
    Array.from({ length: CALLERS }, (_, index) => ({ user_id: `u${index}`, job_id: `j${index}` })),
  )
  await server.close()
})

it('send one and the same row: one call is made', async () => {
  const { emulator, server, client } = await start()
  const journal = createMemoryJournal()
  const states = await each(
    async () =>
      (
        await backfillRow(
          client,
          { user_id: 'one', user_created_at: '2021-08-12', photo: samplePhoto() },
          { journal },
        )
      ).state,
  )
  expect(states.filter((state) => state === 'enrolled').length).toBe(1)
  expect(states.every((state) => state === 'enrolled' || state === 'busy')).toBe(true)
  expect(emulator.calls).toHaveLength(1)
  await server.close()
})

it('deliver one and the same callback: it is acted on once', async () => {
  const emulator = createEmulator()
  const client = createClient(emulator.clientOptions)
  const SmileJobID = emulator.startJob({ user_id: 'user', job_id: 'job', durationMs: 0 })
  let acted = 0
  let answered = 0
  const handler = createCallbackHandler(client, {
    confirm: false,
    async onResult() {
      acted++
      await until(() => answered === CALLERS - 1)
    },
    replayStore: createMemoryReplayStore(),
  })
  const text = await (await emulator.callbackRequest('https://app.example/c', { SmileJobID })).text()
  const statuses = await each(async () => {
    const { status } = await handler(new Request('https://app.example/c', { method: 'POST', body: text }))
    answered++
    return status
  })
  expect([
    acted,
    statuses.filter((status) => status === 200).length,
    statuses.filter((status) => status === 409).length,
  ]).toEqual([1, 1, CALLERS - 1])
})
