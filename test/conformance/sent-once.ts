/**
 * Neither the runtime nor the SDK may send a request again by itself: each is counted at a bare socket. Not
 * for browsers, which send again what a reused connection lost (Chromium up to three times in all): nothing
 * keeps them from it, as `dangerouslyAllowBrowser` says.
 */
import { createClient, type Client } from 'smileid-edge/client'
import { backfillUser } from 'smileid-edge/backfill'
import { samplePhoto } from 'smileid-edge/emulator'
import { submitImageJob } from 'smileid-edge/image-jobs'
import { submitOneTimeAmlSync } from 'smileid-edge/v3/aml'
import { createToken } from 'smileid-edge/v3/token'
import { calls } from '../abuse/calls'
import { CANARY } from '../support/canary'
import type { Cut, SeenRequest } from '../support/cutting-server'
import { SCREENED, v3Calls } from '../support/v3-calls'
import { imageCalls, jpegOf } from '../support/v3-images'
import { jwt } from '../support/v3-service'
import { describe, type Env, equal, rejection, test } from './harness'

/** Its base64, or what it is part of, is sent piece by piece. */
const large = () => jpegOf(300_000)

const imageJob = (client: Client, selfie: Uint8Array) =>
  submitImageJob(
    client,
    { partner_params: { user_id: 'u', job_id: 'j', job_type: 4 }, images: { selfie } },
    { willWait: true },
  )

interface Operation {
  call(client: Client): Promise<unknown>
  method?: 'PUT'
  /** What may not be repeated, is not, whatever the caller asks for. @default 0 */
  maxRetries?: number
  /** What may be repeated, is sent so often in all. @default 1 */
  attempts?: number
  /** @default all */
  cuts?: readonly Cut[]
}

const CUTS = (['reset', 'close'] as const).flatMap((end) =>
  (['fresh', 'reused'] as const).map((connection): Cut => ({ end, connection })),
)
/** On which runtimes send again. */
const REUSED = CUTS.filter(({ connection }) => connection === 'reused')

const neverAgain = (call: Operation['call']): Operation => ({ call, maxRetries: 3 })
/** What is sent in the same way as others. */
const likeOthers = (operation: Operation): Operation => ({ ...operation, cuts: REUSED })

/** All that has a body: a GET changes nothing. */
const { getServices: _, submitImageJob: prepUpload, ...single } = calls
const operations: Record<string, Operation> = {
  ...Object.fromEntries(Object.entries(single).map(([name, call]) => [name, { call }])),
  'backfillUser, a large photo': {
    call: (client) => backfillUser(client, { user_id: 'u', user_created_at: '2021-08-12', photo: large() }),
  },
  'submitImageJob, as it opens the job': { call: prepUpload! },
  'submitImageJob, as it uploads the zip': {
    call: (client) => imageJob(client, samplePhoto()),
    method: 'PUT',
  },
  'submitImageJob, as it uploads a large zip': {
    call: (client) => imageJob(client, large()),
    method: 'PUT',
  },
  ...Object.fromEntries(
    Object.entries(imageCalls).map(([name, { submit, input }]) => [
      name,
      neverAgain((client) => submit(client, { ...input, selfie_image: large() })),
    ]),
  ),
  'submitRegistration, small images': neverAgain((client) =>
    imageCalls.submitRegistration!.submit(client, imageCalls.submitRegistration!.input),
  ),
  ...Object.fromEntries(Object.entries(v3Calls).map(([name, call]) => [name, likeOthers(neverAgain(call))])),
  createToken: likeOthers({ call: (client) => createToken(client, { user_id: 'u' }) }),
  submitOneTimeAmlSync: likeOthers({ call: (client) => submitOneTimeAmlSync(client, SCREENED) }),
  'submitOneTimeAmlSync, again under its key': {
    call: (client) => submitOneTimeAmlSync(client, SCREENED),
    maxRetries: 1,
    attempts: 2,
  },
}

/** What calls of v3 begin with is a call of its own. */
const token = jwt({ partner_id: '85', exp: 4_000_000_000 })
const tokenStore = {
  get: async () => ({ token, expiresAt: 4_000_000_000_000 }),
  set: async () => {},
  drop: async () => {},
}

/** What a server saw that cuts off whatever is sent. */
async function cutOff({ peer }: Env, cut: Cut, { call, maxRetries = 0 }: Operation) {
  const ask = async (what: Record<string, string>) =>
    (await fetch(`${peer}/cutting-servers?${new URLSearchParams(what)}`)).json()
  const url: string = await ask({ ...cut })
  const warmUp = async () => {
    await (await fetch(`${url}/warm-up`)).text()
    // The connection is free a moment later.
    await new Promise((resolve) => setTimeout(resolve))
  }
  if (cut.connection === 'reused') await warmUp()
  const client = createClient({
    partnerId: '085',
    apiKey: CANARY.apiKey,
    environment: 'sandbox',
    baseUrl: url,
    dangerouslyAllowBrowser: true,
    maxRetries,
    v3: { tokenStore },
    sleep: async () => {},
    async fetch(target, init) {
      // The connection that opened the job may not be free yet.
      if (cut.connection === 'reused' && init.method === 'PUT') await warmUp()
      return fetch(target, init)
    },
  })
  const { code, outcome, attempts } = await rejection(call(client))
  const seen: SeenRequest[] = await ask({ url })
  return { error: [code, outcome, attempts], seen }
}

/** Runtimes may take a moment to find a connection free again. */
const MOST_TRIES = 20

describe('one request for each attempt', () => {
  for (const [name, operation] of Object.entries(operations))
    test(name, async (env) => {
      const { method = 'POST', attempts = 1, cuts = CUTS } = operation
      for (const cut of cuts) {
        const what = `${cut.end}, ${cut.connection}`
        let wasReused: boolean | undefined
        for (let tries = 0; tries < MOST_TRIES && wasReused !== (cut.connection === 'reused'); tries++) {
          const { error, seen } = await cutOff(env, method === 'PUT' ? { ...cut, method } : cut, operation)
          equal(error, ['network_error', 'unknown', attempts], what)
          // Looking for the zip of a job is a call of its own.
          const sent = seen.filter((request) => request.method === method)
          equal(
            sent.map(({ framing }) => framing),
            Array(attempts).fill('content-length'),
            what,
          )
          equal(new Set(sent.map(({ idempotencyKey }) => idempotencyKey)).size, 1, 'keys')
          wasReused = sent[0]!.reused
        }
        equal(wasReused, cut.connection === 'reused', what)
      }
    })
})
