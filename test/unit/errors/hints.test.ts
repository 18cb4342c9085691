/** What is said to do about each of Smile ID's codes: by errors, the command and the report of a run. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backfillUsers, createMemoryJournal } from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { verifyId } from 'smileid-edge/id-verification'
import { createEmulatorServer } from 'smileid-edge/node'
import { API_REFUSALS } from '../../../src/errors/api-codes.ts'
import { buildCommand, type Command } from '../../support/cli.ts'

const FIELD = 'A field is missing, or has a wrong type or format: body.error of this error says which.'
const ASK = 'Find out whether the server acted.'

/** By Smile ID's code: what its documentation calls it, the code of the SDK, and the cure. */
const HINTS: readonly [smileCode: string, name: string, code: string, hint: string][] = [
  ['2201', 'a system error', 'server_error', ASK],
  ['2203', 'no JSON', 'invalid_request', 'The body did not arrive as it was sent: check proxies.'],
  ['2204', 'a wrong type or format', 'invalid_request', FIELD],
  ['2205', 'not authorized', 'unauthorized', 'Check partner id, API key, environment and clock.'],
  ['2207', 'a user that is disabled', 'user_disabled', 'Enable the user.'],
  ['2208', 'a user that is deleted', 'user_deleted', 'Choose another user_id.'],
  ['2209', 'a user that exists', 'user_exists', 'Nothing is left to do, or choose another user_id.'],
  ['2210', 'no such user', 'user_not_found', 'Enrol the user.'],
  ['2211', 'a user that must enrol again', 'user_must_reenroll', 'Let the user re-enrol.'],
  [
    '2212',
    'a wrong job type',
    'invalid_request',
    'The endpoint does not take this job type: check partner_params.job_type.',
  ],
  ['2213', 'a parameter that is missing', 'invalid_request', FIELD],
  ['2215', 'a job that exists', 'job_exists', 'Ask for the status of the job.'],
  ['2216', 'a user without a photo', 'user_has_no_photo', 'Enrol a photo.'],
  [
    '2217',
    'no such product',
    'invalid_request',
    'The service does not know the product, or it is not for this call: check product.',
  ],
  ['2220', 'what is not enabled', 'not_enabled', 'Ask Smile ID to enable it.'],
  [
    '2222',
    'a number that is blocked',
    'id_number_blocked',
    'Do not send this number again: each try prolongs the block.',
  ],
  ['2301', 'a system error', 'server_error', ASK],
  ['2304', 'no such job', 'job_not_found', 'Check ids and environment.'],
  ['2401', 'a system error', 'server_error', ASK],
  ['2405', 'not authorized', 'unauthorized', 'Check partner id, API key, environment and clock.'],
  [
    '2413',
    'an ID type that is not known',
    'invalid_request',
    'The ID type is not known for the country, or a field that it needs is missing or wrong: getServices ' +
      'lists both.',
  ],
]

const hintOfCode = (smileCode: string) => HINTS.find(([known]) => known === smileCode)![3]

const JOB = {
  partner_params: { user_id: 'u1', job_id: 'j1', job_type: 5 },
  id_info: { country: 'NG', id_type: 'BVN', id_number: '00000000000' },
} as const

const refusing = (smileCode: string, { after = 0 } = {}) =>
  createEmulator({ faults: [{ after, times: Infinity, fault: { kind: 'code', code: smileCode } }] })

it.each(HINTS)('%s, %s: %s, and what to do', async (smileCode, _, code, hint) => {
  const client = createClient({
    partnerId: '085',
    apiKey: 'a key',
    environment: 'sandbox',
    maxRetries: 0,
    fetch: async () => Response.json({ error: 'no', code: smileCode, success: false }, { status: 400 }),
  })
  const error: unknown = await verifyId(client, JOB).catch((thrown: unknown) => thrown)
  expect(isSmileIdError(error) && { code: error.code, hint: error.hint }).toEqual({ code, hint })
})

it('has one for each code that is known', () => {
  const known = Object.values(API_REFUSALS).flatMap(({ smileCodes = [] }) => smileCodes)
  expect(HINTS.map(([smileCode]) => smileCode)).toEqual([...known].sort())
})

it.each(['2213', '2217', '2413'])('a row that %s rejects is reported with it', async (smileCode) => {
  // What the first row of a run is refused with may be about all of them.
  const client = createClient(refusing(smileCode, { after: 1 }).clientOptions)
  const rows = ['u1', 'u2'].map((user_id) => ({
    user_id,
    user_created_at: '2021-08-12',
    photo: samplePhoto(),
  }))
  const outcomes: unknown[] = []
  for await (const outcome of backfillUsers(client, rows, {
    journal: createMemoryJournal(),
    concurrency: 1,
  })) {
    outcomes.push([outcome.state, outcome.code, outcome.text])
  }
  expect(outcomes[1]).toEqual(['rejected', smileCode, hintOfCode(smileCode)])
})

describe('the command', () => {
  let smileid: Command
  beforeAll(async () => {
    smileid = await buildCommand()
  })
  afterAll(() => smileid.remove())

  it.each(['2212', '2217', '2413'])(
    'says it at %s, on the line after the refusal',
    async (smileCode) => {
      const server = await createEmulatorServer(refusing(smileCode))
      const env = {
        SMILE_ID_PARTNER_ID: '085',
        SMILE_ID_API_KEY: 'emulator-key-of-085',
        SMILE_ID_ENVIRONMENT: 'sandbox',
        SMILE_ID_BASE_URL: server.url,
      }
      const args = 'verify-id --country NG --id-type BVN --id-number 00000000000'
      const { code, err } = await smileid.run(args.split(' '), { env })
      await server.close()
      const [target, refusal, cure, ...rest] = err.split('\n')
      expect(target).toMatch(/^smileid: sending to sandbox /)
      expect(refusal).toContain(smileCode)
      expect([cure, rest, code]).toEqual([
        hintOfCode(smileCode),
        ['--json --full shows what the service said.', ''],
        2,
      ])
    },
    300_000,
  )
})
