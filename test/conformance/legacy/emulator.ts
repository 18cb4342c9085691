/** sec_key between a client and the emulator. */
import { backfillUser } from 'smileid-edge/backfill'
import { createClient } from 'smileid-edge/client'
import { createCallbackHandler, verifyCallback } from 'smileid-edge/callback'
import { submitId, verifyBusiness, verifyId } from 'smileid-edge/id-verification'
import { submitImageJob } from 'smileid-edge/image-jobs'
import { getJobStatus, waitForJob } from 'smileid-edge/job-status'
import { confirmSecKey, generateSecKey, secKeyAuth } from 'smileid-edge/legacy'
import { createEmulator, type EmulatorOptions, samplePhoto } from 'smileid-edge/emulator'
import vectors from '../../vectors/sec-key.json'
import { describe, equal, ok, rejection, test } from '../harness'
import { client, type KeyName } from './setup'

/** The emulated service and a client of one partner, who have the two halves of a key pair. */
function withEmulator(options: EmulatorOptions = {}, key: KeyName = 'rsa2048') {
  const { api_key_b64_of_pem: apiKey, private_pem_pkcs8: privateKey } = vectors.keys[key]
  const emulator = createEmulator({ partners: [{ partnerId: '007', apiKey, privateKey }], ...options })
  return {
    emulator,
    by: createClient({ ...emulator.clientOptions, auth: secKeyAuth(), dangerouslyAllowBrowser: true }),
  }
}

describe('sec_key: emulator', () => {
  test('a private key is read as environment files have it', async () => {
    const { api_key_b64_of_pem: apiKey, private_pem_pkcs8 } = vectors.keys.rsa2048
    const privateKey = private_pem_pkcs8.replaceAll('\n', '\\n')
    const emulator = createEmulator({ partners: [{ partnerId: '007', apiKey, privateKey }] })
    const by = createClient({ ...emulator.clientOptions, auth: secKeyAuth(), dangerouslyAllowBrowser: true })
    const partner_params = { user_id: 'u1', job_id: 'j1' }
    const id_info = { country: 'NG', id_type: 'BVN', id_number: '00000000000' } as const
    equal((await verifyId(by, { partner_params, id_info })).ResultCode, '1012')
  })

  for (const key of ['rsa1024', 'rsa2048'] as const) {
    test(`the whole SDK runs on sec_keys against the emulator, ${key}`, async () => {
      const { emulator, by } = withEmulator({}, key)
      const id_info = { country: 'NG', id_type: 'BVN', id_number: '00000000000' } as const
      const job = (job_id: string, job_type: 1 | 2 | 4) => ({ user_id: 'u1', job_id, job_type })
      const submitted = await submitImageJob(by, {
        partner_params: job('j1', 4),
        images: { selfie: samplePhoto() },
        callback_url: 'https://app.example/cb',
      })
      equal((await getJobStatus(by, submitted)).job_complete, false)
      equal((await waitForJob(by, submitted)).job_success, true)
      equal(
        (await verifyId(by, { partner_params: { user_id: 'u1', job_id: 'j2' }, id_info })).ResultCode,
        '1012',
      )
      equal(
        (
          await verifyBusiness(by, {
            partner_params: { user_id: 'u1', job_id: 'j3' },
            id_info: {
              country: 'NG',
              id_type: 'BUSINESS_REGISTRATION',
              id_number: '0000000',
              business_type: 'co',
            },
          })
        ).ResultCode,
        '1012',
      )
      const later = await submitId(by, {
        partner_params: { user_id: 'u1', job_id: 'j4' },
        id_info,
        callback_url: 'https://app.example/cb',
      })
      equal((await waitForJob(by, later)).result?.ResultCode, '1012')
      equal(
        (await backfillUser(by, { user_id: 'u2', user_created_at: '2021-08-12', photo: samplePhoto() }))
          .ResultCode,
        '0840',
      )
      ok(emulator.uploads[0]!.problems.length === 0, 'info.json carries it, too')

      const seen: string[] = []
      const handle = createCallbackHandler(by, { onResult: ({ job }) => void seen.push(job.job_id) })
      equal(emulator.callbacks.length, 2)
      for (const callback of emulator.callbacks) {
        const body = (await callback.clone().json()) as Record<string, string>
        ok(
          (await confirmSecKey(by, body)) && body.signature!.includes('|'),
          'a callback is signed as its job was',
        )
        await verifyCallback(by, body)
        equal((await handle(callback)).status, 200)
      }
      equal(seen, ['j1', 'j4'])
    })
  }

  test('it refuses a sec_key that is not of this partner, time or key; clients believe its own', async () => {
    const { emulator, by } = withEmulator({ choices: { maxSignatureAgeMs: 60_000 } })
    const look = (sec_key: unknown, timestamp: unknown) =>
      emulator
        .fetch('https://testapi.smileidentity.com/v1/job_status', {
          method: 'POST',
          body: JSON.stringify({ partner_id: '007', user_id: 'u1', job_id: 'j1', sec_key, timestamp }),
        })
        .then((reply) => reply.json())
        .then(({ code }) => code as string)
    const now = emulator.clientOptions.now!()
    const made = async (timestamp: number | string, partnerId = '007', key: KeyName = 'rsa2048') =>
      (await generateSecKey(client(partnerId, vectors.keys[key].api_key_b64_of_der), { timestamp })).sec_key
    // Taken, though the job is unknown: milliseconds, seconds, text, and wrapped as Ruby did.
    for (const timestamp of [now, Math.floor(now / 1000), `${now}`, new Date(now).toISOString()])
      equal(await look(await made(timestamp), timestamp), '2304', String(timestamp))
    equal(await look((await made(now)).replace(/.{60}(?=.*\|)/g, '$&\n').replace('|', '\n|'), now), '2304')
    equal(await look(await made(now, '7'), now), '2304', 'the number is the same')
    const [cipher = '', hash = ''] = (await made(now)).split('|')
    const server = vectors.server_generated[0]!
    for (const [why, sec_key, timestamp] of [
      ['another time', await made(now), now + 1],
      ['stale', await made(now - 60_001), now - 60_001],
      ['to come', await made(now + 60_001), now + 60_001],
      ['another partner', await made(now, '8'), now],
      ['another key', await made(now, '007', 'rsa1024'), now],
      ['the hash alone', hash, now],
      ['no hash', cipher, now],
      ['no cipher', `|${hash}`, now],
      ['three parts', `${cipher}|${hash}|${hash}`, now],
      ['cut off', `${cipher.slice(0, -4)}|${hash}`, now],
      ['hash cut off', `${cipher}|${hash.slice(0, -1)}`, now],
      ['capitals', `${cipher}|${hash.toUpperCase()}`, now],
      ['no base64', `${cipher.slice(0, -1)}é|${hash}`, now],
      ["the service's own", server.sec_key, server.timestamp],
      ['empty', '', now],
      ['a number', 5, now],
      ['no time', await made(now), undefined],
      ['null', null, now],
    ] as const)
      equal(await look(sec_key, timestamp), '2205', why)
    // A forged reply, in either field, and one that is no more than a hash.
    for (const lookupSecKeyField of ['sec_key', 'signature'] as const) {
      const { emulator, by } = withEmulator({
        choices: { lookupSecKeyField },
        faults: [
          { fault: { kind: 'body', body: 'bad_signature' } },
          { after: 2, fault: { kind: 'body', body: 'unsigned' } },
        ],
      })
      const look = (job_id: string) =>
        verifyId(by, {
          partner_params: { user_id: 'u1', job_id },
          id_info: { country: 'NG', id_type: 'BVN', id_number: '00000000000' },
        })
      equal((await rejection(look('j1'))).code, 'signature_mismatch')
      const { timestamp, ...reply } = await look('j2')
      equal(
        [
          typeof timestamp,
          reply.sec_key !== undefined,
          `${reply[lookupSecKeyField] as string}`.includes('|'),
        ],
        ['number', lookupSecKeyField === 'sec_key', true],
      )
      equal((await rejection(look('j3'))).code, 'signature_missing')
      equal(
        emulator.calls.map(({ committed }) => committed),
        [true, true, true],
      )
    }
    const forged = await emulator.callbackRequest(
      'https://app.example/cb',
      {},
      { scheme: 'sec_key', apiKey: 'x' },
    )
    equal(
      (await rejection(verifyCallback(by, (await forged.json()) as Record<string, unknown>))).code,
      'signature_mismatch',
    )
    await verifyCallback(
      by,
      (await (
        await emulator.callbackRequest('https://app.example/cb', {}, { scheme: 'sec_key', envelope: true })
      ).json()) as Record<string, unknown>,
    )
  })

  test('it takes the sec_keys of the vectors that clients made, and none that a service did', async () => {
    for (const [list, code] of [
      [vectors.client_generated, '2304'],
      [vectors.server_generated, '2205'],
    ] as const) {
      for (const { id, key, partner_id, timestamp, sec_key } of list) {
        const { api_key_b64_of_pem: apiKey, private_pem_pkcs8: privateKey } = vectors.keys[key as KeyName]
        const emulator = createEmulator({ partners: [{ partnerId: partner_id, apiKey, privateKey }] })
        const reply = await emulator.fetch('https://testapi.smileidentity.com/v1/job_status', {
          method: 'POST',
          body: JSON.stringify({ partner_id, user_id: 'u', job_id: 'j', timestamp, sec_key }),
        })
        equal(((await reply.json()) as { code: string }).code, code, id)
      }
    }
  })

  test('without the private key it looks at the hash, and is believed about open jobs alone', async () => {
    const partners = [{ partnerId: '007', apiKey: vectors.keys.rsa2048.api_key_b64_of_pem }]
    const { emulator, by } = withEmulator({ partners })
    emulator.startJob({ user_id: 'u1', job_id: 'j1', zip: false })
    emulator.startJob({ user_id: 'u1', job_id: 'j2' })
    equal((await getJobStatus(by, { user_id: 'u1', job_id: 'j1' })).code, '2314')
    equal((await rejection(getJobStatus(by, { user_id: 'u1', job_id: 'j2' }))).code, 'signature_mismatch')
    for (const privateKey of ['', 'no key!', vectors.keys.rsa2048.public_pem_spki]) {
      const error = await rejection(
        (async () => createEmulator({ partners: [{ ...partners[0]!, privateKey }] }))(),
      )
      equal([error.issues[0].path, error.message.includes('KEY')], ['partners[0].privateKey', false])
    }
    // PKCS #8, but of another kind of key, is found out when it is used.
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ])
    const other = createEmulator({
      partners: [
        {
          ...partners[0]!,
          privateKey: btoa(
            String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))),
          ),
        },
      ],
    })
    const asked = {
      method: 'POST',
      body: JSON.stringify({ partner_id: '007', ...(await generateSecKey(by)) }),
    }
    equal(
      (await rejection(other.fetch('https://testapi.smileidentity.com/v1/job_status', asked))).issues[0].path,
      'partners[0].privateKey',
    )
  })

  test('the emulator answers each in the way that was asked', async () => {
    const { emulator, by } = withEmulator()
    const hmac = createClient({ ...emulator.clientOptions, dangerouslyAllowBrowser: true })
    for (const [asks, scheme] of [
      [by, 'sec_key'],
      [hmac, 'signature'],
    ] as const) {
      await submitImageJob(asks, {
        partner_params: { user_id: scheme, job_id: 'j1', job_type: 4 },
        images: { selfie: samplePhoto() },
        callback_url: 'https://app.example/cb',
      })
      equal((await waitForJob(asks, { user_id: scheme, job_id: 'j1' })).job_success, true)
      await verifyCallback(asks, (await emulator.callbacks.at(-1)!.json()) as Record<string, unknown>)
      emulator.startJob({ user_id: scheme, job_id: 'j2', scheme, callback_url: 'https://app.example/cb' })
      await emulator.advance(60_000)
      await verifyCallback(asks, (await emulator.callbacks.at(-1)!.json()) as Record<string, unknown>)
    }
  })
})
