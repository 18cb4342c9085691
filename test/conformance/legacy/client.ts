/** A client that signs with sec_key. */
import { createClient } from 'smileid-edge/client'
import { verifyCallback } from 'smileid-edge/callback'
import { submitAddress, verifyId } from 'smileid-edge/id-verification'
import { submitImageJob } from 'smileid-edge/image-jobs'
import { getJobStatus } from 'smileid-edge/job-status'
import { generateSecKey } from 'smileid-edge/legacy'
import { generateSignature } from 'smileid-edge/signature'
import { samplePhoto } from 'smileid-edge/emulator'
import vectors from '../../vectors/sec-key.json'
import { describe, equal, ok, rejection, test } from '../harness'
import { client, hashOf, type KeyName } from './setup'

const vector = (id: string) => vectors.server_generated.find((entry) => entry.id === id)!

describe('sec_key: client', () => {
  test('it puts sec_key and milliseconds in each body, and believes replies by their field', async () => {
    const { key, partner_id, timestamp, sec_key } = vector('sk-ok-string-ms')
    const apiKey = vectors.keys[key as KeyName].api_key_b64_of_pem
    const sent: Record<string, any>[] = []
    let reply: object = {}
    const by = client(partner_id, apiKey, {
      now: () => 1700000000000,
      maxRetries: 0,
      fetch: async (_url: string, init: RequestInit) => {
        sent.push(JSON.parse(await new Response(init.body as BodyInit).text()) as Record<string, any>)
        return Response.json(reply)
      },
    })
    const job = { user_id: 'u1', job_id: 'j1' }
    const result = {
      ResultCode: '1012',
      ResultText: 'ID Number Validated',
      SmileJobID: '0000000001',
      PartnerParams: { ...job, job_type: 5 },
    }
    const look = () =>
      verifyId(by, {
        partner_params: job,
        id_info: { country: 'NG', id_type: 'BVN', id_number: '00000000000' },
      })

    for (const pair of [
      { timestamp, sec_key },
      { timestamp: Number(timestamp), sec_key },
      { timestamp, signature: sec_key },
    ]) {
      reply = { ...result, ...pair }
      equal((await look()).ResultCode, '1012')
    }
    for (const { timestamp, sec_key, signature } of sent as {
      timestamp: number
      sec_key: string
      signature?: string
    }[]) {
      equal(
        [timestamp, typeof sec_key, hashOf(sec_key), signature],
        [
          1700000000000,
          'string',
          hashOf((await generateSecKey(by, { timestamp: 1700000000000 })).sec_key),
          undefined,
        ],
      )
    }
    reply = { job_complete: true, job_success: true, code: '2302', result, timestamp, signature: sec_key }
    equal((await getJobStatus(by, job)).job_complete, true)

    for (const pair of [
      { timestamp: '1678216434435', sec_key },
      { timestamp },
      { timestamp, signature: hashOf(sec_key) },
      await generateSecKey(by, { timestamp }),
    ]) {
      reply = { ...result, ...pair }
      equal((await rejection(look())).name, 'SmileIdSignatureError')
    }
    // An HMAC under a public key can be made by everybody who has it.
    reply = {
      ...result,
      ...(await generateSignature(
        createClient({
          partnerId: partner_id,
          apiKey,
          environment: 'sandbox',
          dangerouslyAllowBrowser: true,
        }),
      )),
    }
    equal((await rejection(look())).code, 'signature_mismatch')
  })

  test('such a client reads callbacks of that time, and says where it cannot sign', async () => {
    const { key, partner_id, timestamp, sec_key } = vector('sk-ok-string-ms')
    const by = client(partner_id, vectors.keys[key as KeyName].api_key_b64_of_pem, {
      now: () => Number(timestamp) + 1000,
      fetch: () => Promise.reject(new Error('nothing is to be sent')),
    })
    const result = {
      ResultCode: '1012',
      ResultText: 'ID Number Validated',
      SmileJobID: '0000000001',
      PartnerParams: { user_id: 'u1', job_id: 'j1', job_type: 5 },
    }
    for (const pair of [
      { timestamp, sec_key },
      { timestamp: Number(timestamp), signature: sec_key },
    ])
      equal((await verifyCallback(by, { ...result, ...pair })).smileJobId, '0000000001')
    equal(
      (await rejection(verifyCallback(by, { ...result, timestamp: `${Number(timestamp) + 1}`, sec_key })))
        .code,
      'signature_mismatch',
    )
    const late = client(partner_id, vectors.keys[key as KeyName].api_key_b64_of_pem, {
      now: () => Number(timestamp) + 3_600_000,
    })
    equal(
      (await rejection(verifyCallback(late, { ...result, timestamp, sec_key }))).code,
      'signature_expired',
    )
    equal((await rejection(generateSignature(by))).issues[0].path, 'client')
    equal(
      (
        await rejection(
          submitAddress(by, {
            country: 'NG',
            address: 'x',
            utility_number: '1',
            utility_provider: 'y',
            callback_url: 'https://app.example/cb',
          } as never),
        )
      ).issues[0].path,
      'client',
    )
  })

  test('no sec_key and no key stands in an error, event or client, whatever the service quotes', async () => {
    const { api_key_b64_of_pem: apiKey } = vectors.keys.rsa1024
    const seen: unknown[] = []
    const note = (event: unknown) => void seen.push(event)
    let sent = { sec_key: '' }
    const by = client('125', apiKey, {
      maxRetries: 0,
      hooks: { onRequest: note, onResponse: note, onRetry: note, onError: note },
      fetch: async (_: string, init: RequestInit) => {
        const text = await new Response(init.body as BodyInit).text()
        sent = JSON.parse(text) as typeof sent
        return Response.json({ error: `${text} is wrong`, code: '2205', sent }, { status: 400 })
      },
    })
    const error = await rejection(getJobStatus(by, { user_id: 'u1', job_id: 'j1' }))
    const printed = [error, by, ...seen]
      .map((value) =>
        [
          String(value),
          JSON.stringify(value),
          ...Reflect.ownKeys(value as object).map((name) => {
            const member = (value as Record<PropertyKey, unknown>)[name]
            return `${JSON.stringify(member)} ${String(member)}`
          }),
        ].join(),
      )
      .join()
    equal(error.code, 'unauthorized')
    ok(sent.sec_key.length > 200, 'it was sent')
    for (const secret of [...sent.sec_key.split('|'), apiKey.slice(30, 60)])
      ok(!printed.includes(secret), 'quoted')
  })

  test('an image job carries it in both places', async () => {
    const { rsa1024 } = vectors.keys
    const bodies: Uint8Array[] = []
    const by = client('125', rsa1024.api_key_b64_of_pem, {
      fetch: async (url: string, init: RequestInit) => {
        bodies.push(new Uint8Array(await new Response(init.body as BodyInit).arrayBuffer()))
        return url.includes('amazonaws')
          ? new Response('')
          : Response.json({
              code: '2202',
              smile_job_id: '0000000001',
              upload_url: 'https://bucket.s3.amazonaws.com/x.zip',
            })
      },
    })
    await submitImageJob(
      by,
      { partner_params: { user_id: 'u1', job_id: 'j1', job_type: 4 }, images: { selfie: samplePhoto() } },
      { willWait: true },
    )
    const [opened, zip] = bodies.map((bytes) => new TextDecoder().decode(bytes))
    const { sec_key, timestamp } = JSON.parse(opened!) as { sec_key: string; timestamp: number }
    ok(zip!.includes(`"timestamp":${timestamp},"sec_key":"${sec_key}"`), 'info.json holds the same pair')
  })
})
