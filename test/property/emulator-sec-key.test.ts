/**
 * The emulator's sec_keys against node:crypto, and against a client that breaks off, is refused, or is lied
 * to.
 */
import {
  constants,
  createHash,
  generateKeyPairSync,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
} from 'node:crypto'
import fc from 'fast-check'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { IdApi, Utilities, WebApi } from 'smileid-edge/compat'
import { createClient } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import { submitImageJob } from 'smileid-edge/image-jobs'
import { getJobStatus, waitForJob } from 'smileid-edge/job-status'
import { secKeyAuth } from 'smileid-edge/legacy'
import { describe, expect, it } from 'vitest'
import { checkProperty } from '../support/property.ts'

const [ours, theirs] = [1024, 1024].map((modulusLength) => generateKeyPairSync('rsa', { modulusLength })) as [
  Pair,
  Pair,
]
type Pair = ReturnType<typeof generateKeyPairSync>

const apiKey = Buffer.from(ours.publicKey.export({ type: 'spki', format: 'pem' })).toString('base64')
const forms = [
  ours.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  ours.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
]
const withKeys = (options: object = {}, privateKey: string | undefined = forms[0]) =>
  createEmulator({ partners: [{ partnerId: '085', apiKey, privateKey }], ...options })

const hashOf = (timestamp: string | number, partner = 85) =>
  createHash('sha256').update(`${partner}:${timestamp}`).digest('hex')
const encrypted = ({ publicKey }: Pair, text: string) =>
  publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text)).toString(
    'base64',
  )

async function ask(
  emulator: ReturnType<typeof createEmulator>,
  timestamp: unknown,
  sec_key: unknown,
): Promise<Record<string, any>> {
  const reply = await emulator.fetch('https://testapi.smileidentity.com/v1/job_status', {
    method: 'POST',
    body: JSON.stringify({ partner_id: '085', user_id: 'u1', job_id: 'j1', timestamp, sec_key }),
  })
  return (await reply.json()) as Record<string, any>
}

const timestamp = fc.oneof(
  fc.integer({ min: 1e9, max: 2e9 }),
  fc.integer({ min: 1e12, max: 2e12 }),
  fc.integer({ min: 1e12, max: 2e12 }).map(String),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
)

describe('the emulator', () => {
  it('takes what was encrypted under the key, and answers what only the private key can make', async () => {
    await checkProperty(
      fc.asyncProperty(timestamp, fc.constantFrom(...forms), async (time, form) => {
        const emulator = withKeys({}, form)
        emulator.startJob({ user_id: 'u1', job_id: 'j1' })
        const reply = await ask(emulator, time, `${encrypted(ours, hashOf(time))}|${hashOf(time)}`)
        const [cipher = '', printed] = (reply.signature as string).split('|')
        expect(printed).toBe(hashOf(reply.timestamp as string))
        expect(
          publicDecrypt(
            { key: ours.publicKey, padding: constants.RSA_PKCS1_PADDING },
            Buffer.from(cipher, 'base64'),
          ).toString(),
        ).toBe(printed)
      }),
      { numRuns: 40 },
    )
  })

  it('refuses every other', async () => {
    const emulator = withKeys()
    emulator.startJob({ user_id: 'u1', job_id: 'j1' })
    await checkProperty(
      fc.asyncProperty(timestamp, timestamp, fc.nat(), fc.nat(), async (time, otherTime, at, bit) => {
        const [hash, cipher] = [hashOf(time), encrypted(ours, hashOf(time))]
        const { RSA_PKCS1_PADDING, RSA_NO_PADDING } = constants
        const byService = privateEncrypt(
          { key: ours.privateKey, padding: RSA_PKCS1_PADDING },
          Buffer.from(hash),
        )
        const zeros = Buffer.from(hash.padStart(128, '\0'))
        const unpadded = publicEncrypt({ key: ours.publicKey, padding: RSA_NO_PADDING }, zeros)
        const flipped = Buffer.from(cipher, 'base64')
        flipped[at % flipped.length]! ^= 1 << (bit % 8)
        const wrong = [
          `${encrypted(theirs, hash)}|${hash}`,
          `${flipped.toString('base64')}|${hash}`,
          `${cipher}|${hash}`.slice(0, at % (cipher.length + 65)),
          `${encrypted(ours, hashOf(time, 86))}|${hash}`,
          `${cipher}|${hashOf(time, 86)}`,
          `${encrypted(ours, hash.slice(1))}|${hash}`,
          `${encrypted(ours, ` ${hash}`)}|${hash}`,
          `${Buffer.from(hash).toString('base64')}|${hash}`,
          // What the service itself would make, sent back to it.
          `${byService.toString('base64')}|${hash}`,
          `${unpadded.toString('base64')}|${hash}`,
        ]
        for (const sec_key of wrong)
          expect(await ask(emulator, time, sec_key)).toEqual({ code: '2205', error: 'unauthorized' })
        if (`${otherTime}` !== `${time}`)
          expect((await ask(emulator, otherTime, `${cipher}|${hash}`)).code).toBe('2205')
        expect((await ask(emulator, time, `${cipher}|${hash}`)).code).toBe('2302')
      }),
      { numRuns: 40 },
    )
  })

  it('answers whatever comes as a sec_key, and lets none of it in', async () => {
    const emulator = withKeys()
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.string(),
      fc.tuple(fc.base64String(), fc.string()).map((parts) => parts.join('|')),
    )
    await checkProperty(
      fc.asyncProperty(fc.oneof(timestamp, fc.jsonValue()), anything, async (time, sec_key) => {
        expect((await ask(emulator, time, sec_key)).code).toBe('2205')
      }),
      { numRuns: 300 },
    )
  })
})

it('keys that the platform makes are keys for it', async () => {
  const pair = await crypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 2048,
      publicExponent: Uint8Array.of(1, 0, 1),
      hash: 'SHA-256',
    },
    true,
    ['sign', 'verify'],
  )
  const base64 = async (format: 'spki' | 'pkcs8', key: CryptoKey) =>
    btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey(format, key))))
  const emulator = createEmulator({
    partners: [
      {
        partnerId: '125',
        apiKey: await base64('spki', pair.publicKey),
        privateKey: await base64('pkcs8', pair.privateKey),
      },
    ],
  })
  emulator.startJob({ user_id: 'u1', job_id: 'j1' })
  expect(
    (
      await waitForJob(createClient({ ...emulator.clientOptions, auth: secKeyAuth() }), {
        user_id: 'u1',
        job_id: 'j1',
      })
    ).job_success,
  ).toBe(true)
})

describe('clients of that time', () => {
  const client = (emulator: ReturnType<typeof createEmulator>, more: object = {}) =>
    createClient({ ...emulator.clientOptions, auth: secKeyAuth(), ...more })
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => 'no error',
      (error: unknown) => (isSmileIdError(error) ? error.code : error),
    )

  it('end well in spite of many faults', async () => {
    const emulator = withKeys({
      faults: [
        { on: 'upload', fault: { kind: 'status', status: 503 } },
        { on: 'upload_zip', fault: { kind: 'status', status: 500 } },
        { on: 'job_status', fault: { kind: 'reset', commit: false } },
        { on: 'job_status', after: 1, fault: { kind: 'body', body: 'truncated' } },
        { on: 'job_status', after: 2, fault: { kind: 'status', status: 429, retryAfter: 3 } },
      ],
    })
    const submitted = await submitImageJob(
      client(emulator),
      { partner_params: { user_id: 'u1', job_id: 'j1', job_type: 4 }, images: { selfie: samplePhoto() } },
      { willWait: true },
    )
    expect((await waitForJob(client(emulator), submitted)).job_success).toBe(true)
    expect([emulator.isEnrolled('u1'), emulator.uploads.map(({ problems }) => problems)]).toEqual([
      true,
      [[]],
    ])
  })

  it('are refused when their clock is off, and by a service of other keys', async () => {
    const strict = withKeys({ choices: { maxSignatureAgeMs: 60_000 } })
    strict.startJob({ user_id: 'u1', job_id: 'j1' })
    const job = { user_id: 'u1', job_id: 'j1' }
    for (const [off, outcome] of [
      [-60_001, 'unauthorized'],
      [60_001, 'unauthorized'],
      [-59_000, 'no error'],
    ] as const) {
      expect(
        await failure(getJobStatus(client(strict, { now: () => strict.clientOptions.now!() + off }), job)),
      ).toBe(outcome)
    }
    const other = withKeys({}, theirs.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    expect(await failure(getJobStatus(client(other), job))).toBe('unauthorized')
    const deaf = withKeys({
      faults: [{ on: 'job_status', times: 9, fault: { kind: 'body', body: 'bad_signature' } }],
    })
    deaf.startJob(job)
    expect(await failure(getJobStatus(client(deaf), job))).toBe('signature_mismatch')
  })

  it('by the old classes: jobs, lookups and status', async () => {
    const emulator = withKeys()
    const { fetch, now, sleep } = emulator.clientOptions
    const extras = { fetch: fetch!, now: now!, sleep: sleep! }
    const bvn = {
      country: 'NG',
      id_type: 'BVN',
      id_number: '00000000000',
      first_name: 'Leo',
      last_name: 'Doe',
      entered: true,
    }
    const sent: string[] = []
    const noting = {
      ...extras,
      fetch: async (url: string, init: RequestInit) => {
        const text = await new Response(init.body).clone().text()
        const proof = ['sec_key', 'signature'].find((name) => text.includes(`"${name}"`)) ?? '-'
        sent.push(`${new URL(url).pathname.split('/').at(-1)} ${proof}`)
        return fetch!(url, init)
      },
    }
    const web = new WebApi('085', 'https://app.example/cb', apiKey, 0, noting)
    const status = await web.submit_job(
      { user_id: 'u1', job_id: 'j1', job_type: 1 },
      [{ image_type_id: 2, image: samplePhoto() }],
      bvn,
      { return_job_status: true, signature: false, use_validation_api: true },
    )
    expect([status.job_success, status.result.ResultCode]).toEqual([true, '0810'])
    expect(
      (await web.get_job_status({ user_id: 'u1', job_id: 'j1', job_type: 1 }, { signature: false }))
        .job_success,
    ).toBe(true)
    expect(
      (
        await new IdApi('085', apiKey, 0, noting).submit_job(
          { user_id: 'u1', job_id: 'j2', job_type: 5 },
          bvn,
        )
      ).ResultCode,
    ).toBe('1012')
    expect(
      (await new Utilities('085', apiKey, 0, noting).get_job_status({ user_id: 'u1', job_id: 'j2' }))
        .job_complete,
    ).toBe(true)
    expect([...new Set(sent)]).toEqual([
      'services -',
      'upload sec_key',
      'attachments.zip sec_key',
      'job_status sec_key',
      'id_verification sec_key',
    ])
    expect(emulator.uploads[0]!.problems).toEqual([])
    expect(emulator.uploads[0]!.info.misc_information).toMatchObject({
      sec_key: 'string',
      timestamp: 'number',
    })
  })
})
