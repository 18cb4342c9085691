/** Timestamps mean the same moment wherever they are read. */
import { createHmac } from 'node:crypto'
import { createClient } from 'smileid-edge/client'
import { verifyCallback } from 'smileid-edge/callback'
import { createEmulator } from 'smileid-edge/emulator'
import { confirmSignature } from 'smileid-edge/signature'
import { afterEach, describe, expect, it } from 'vitest'
import { parseTimestamp } from '../../../src/signature/timestamp.ts'

/** 2024-08-06T09:15:30.000Z, counted by `date -u +%s`. */
const MOMENT = 1_722_935_730_000
const ZONELESS = [
  '2024-08-06T09:15:30',
  '2024-08-06T09:15:30.000',
  '2024-08-06T09:15:30.000000',
  '2024-08-06 09:15:30',
  '2024/08/06 09:15:30',
  'Tue Aug 06 2024 09:15:30',
  'Aug 6, 2024 09:15:30 AM',
]
const ZONED = [
  '2024-08-06T09:15:30Z',
  '2024-08-06T14:45:30+05:30',
  '2024-08-06T05:15:30-0400',
  '2024-08-06 09:15:30 UTC',
  '2024-08-06 12:15:30+03',
  'Tue, 06 Aug 2024 09:15:30 GMT',
  'Tue Aug 06 2024 12:15:30 GMT+0300 (East Africa Time)',
]
const NUMBERS = ['1722935730', '1722935730000', '1722935730.0']

const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

const signatureOf = (timestamp: string) =>
  createHmac('sha256', 'key').update(`${timestamp}085sid_request`).digest('base64')

describe.each([
  ['UTC', 0],
  ['America/New_York', 240],
  ['Asia/Kathmandu', -345],
  ['Pacific/Kiritimati', -840],
])('with a machine in %s', (name, offset) => {
  it.each([...ZONELESS, ...ZONED, ...NUMBERS])('%s is one moment', (text) => {
    process.env.TZ = name
    expect(new Date(MOMENT).getTimezoneOffset()).toBe(offset)
    expect(parseTimestamp(text)).toBe(MOMENT)
  })

  it('a date alone is its midnight in UTC', () => {
    process.env.TZ = name
    expect(['2024-08-06', '2024/08/06', 'Aug 6, 2024'].map(parseTimestamp)).toEqual(
      Array(3).fill(MOMENT - (9 * 3600 + 15 * 60 + 30) * 1000),
    )
  })

  it.each(['2024-08-06T09:15:30', '2024-08-06 09:15:30', '1722935730', '1722935730000'])(
    'signature, callback and emulator agree on the age of %s',
    async (timestamp) => {
      process.env.TZ = name
      const credentials = { partnerId: '085', apiKey: 'key' }
      const proof = { timestamp, signature: signatureOf(timestamp) }
      for (const [ageMs, isFresh] of [
        [60_000, true],
        [61_000, false],
      ] as const) {
        const now = () => MOMENT + ageMs
        expect(await confirmSignature(credentials, proof, { maxAgeMs: 60_000, now })).toBe(isFresh)

        const client = createClient({ ...credentials, environment: 'sandbox', now })
        const body = {
          ...proof,
          SmileJobID: '1',
          ResultCode: '0810',
          PartnerParams: { user_id: 'u', job_id: 'j', job_type: 1 },
        }
        const verified = await verifyCallback(client, body, { maxAgeMs: 60_000 }).then(
          () => true,
          () => false,
        )
        expect(verified).toBe(isFresh)

        const emulator = createEmulator({
          partners: [credentials],
          startAt: new Date(now()),
          choices: { maxSignatureAgeMs: 60_000 },
        })
        const response = await emulator.fetch('https://testapi.smileidentity.com/v1/job_status', {
          method: 'POST',
          body: JSON.stringify({ partner_id: '085', user_id: 'u', job_id: 'j', ...proof }),
        })
        // 2304: asked by the partner, of no job; 2205: not the partner.
        expect(await response.json()).toMatchObject({ code: isFresh ? '2304' : '2205' })
      }
    },
  )
})

it.each(['', ' ', 'yesterday', '2024-13-06T09:15:30', '17229x35730', '-'])('%j is no timestamp', (text) => {
  expect(parseTimestamp(text)).toBeNaN()
})
