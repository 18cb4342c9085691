import { backfillUser } from 'smileid-edge/backfill'
import { createClient } from 'smileid-edge/client'
import { createCallbackHandler, verifyCallback } from 'smileid-edge/callback'
import { submitAddress, submitId, verifyBusiness, verifyId } from 'smileid-edge/id-verification'
import { submitImageJob } from 'smileid-edge/image-jobs'
import { getJobStatus, waitForJob } from 'smileid-edge/job-status'
import { confirmSecKey, generateSecKey, secKeyAuth } from 'smileid-edge/legacy'
import { generateSignature } from 'smileid-edge/signature'
import { createEmulator, type EmulatorOptions, samplePhoto } from 'smileid-edge/emulator'
import vectors from '../vectors/sec-key.json'
import { equal, ok, rejection, test } from './harness'

type KeyName = keyof typeof vectors.keys
const forms = ['api_key_b64_of_pem', 'api_key_b64_of_der', 'public_pem_spki'] as const
const inBrowser = typeof document === 'object'
const client = (partnerId: string, apiKey: string | [string, ...string[]], more: object = {}) =>
  createClient({
    partnerId,
    apiKey,
    environment: 'sandbox',
    auth: secKeyAuth(),
    dangerouslyAllowBrowser: true,
    ...more,
  })
// In a browser the key would be public, so there only a client that was told so signs.
const credentials = (partnerId: string, apiKey: string) =>
  inBrowser ? client(partnerId, apiKey) : { partnerId, apiKey }
const hashOf = (sec_key: string) => sec_key.split('|')[1]

for (const { id, key, partner_id, timestamp, sec_key, expect_confirm } of vectors.server_generated) {
  test(`sec_key vector ${id} is ${expect_confirm ? 'confirmed' : 'refused'}, whatever form the key has`, async () => {
    for (const form of forms) {
      const by = credentials(partner_id, vectors.keys[key as KeyName][form].trim())
      equal(await confirmSecKey(by, { timestamp, sec_key }), expect_confirm, form)
      equal(
        await confirmSecKey(by, { timestamp, signature: sec_key }),
        expect_confirm,
        'as job_status carries it',
      )
    }
  })
}

for (const { partner_id, timestamp, sha256_hex } of [
  ...vectors.hash_vectors,
  ...vectors.golden_external_hashes,
]) {
  test(`the hash of ${partner_id} at ${timestamp} is that of the vector`, async () => {
    const made = await generateSecKey(credentials(partner_id, vectors.keys.rsa1024.api_key_b64_of_pem), {
      timestamp,
    })
    equal([made.timestamp, hashOf(made.sec_key)], [timestamp, sha256_hex])
  })
}

test("a sec_key has the length of its key, is another one each time, and is none of the service's", async () => {
  for (const [key, length] of [
    ['rsa1024', 172],
    ['rsa2048', 344],
  ] as const) {
    const by = credentials('125', vectors.keys[key].api_key_b64_of_der)
    const [a, b] = [
      await generateSecKey(by, { timestamp: 1570698930193 }),
      await generateSecKey(by, { timestamp: 1570698930193 }),
    ]
    equal(
      a.sec_key.split('|').map((part) => part.length),
      [length, 64],
    )
    ok(
      a.sec_key !== b.sec_key && hashOf(a.sec_key) === hashOf(b.sec_key),
      'the padding is random, the hash is not',
    )
    // What anybody makes who knows the public key proves nothing.
    equal(await confirmSecKey(by, a), false)
  }
  for (const { key, partner_id, timestamp, sec_key } of vectors.client_generated)
    equal(
      await confirmSecKey(credentials(partner_id, vectors.keys[key as KeyName].api_key_b64_of_pem), {
        timestamp,
        sec_key,
      }),
      false,
    )
})

test('a sec_key is of now in milliseconds, of a Date in milliseconds, and of a number or text as it is', async () => {
  const by = client('125', vectors.keys.rsa1024.api_key_b64_of_pem, { now: () => 1570698930193 })
  equal((await generateSecKey(by)).timestamp, 1570698930193)
  for (const [given, timestamp] of [
    [new Date(1570698930193), 1570698930193],
    [1570698930, 1570698930],
    ['1570698930', '1570698930'],
    ['2019-10-10T12:32:04.622Z', '2019-10-10T12:32:04.622Z'],
  ] as const) {
    equal((await generateSecKey(by, { timestamp: given })).timestamp, timestamp)
  }
  for (const timestamp of [Number.NaN, Infinity, new Date(Number.NaN), '', {}, true])
    equal(
      (await rejection(generateSecKey(by, { timestamp: timestamp as never }))).issues[0].path,
      'timestamp',
    )
})

test('what is malformed is no sec_key, and never a throw', async () => {
  const { key, partner_id, timestamp, sec_key } = vectors.server_generated[0]!
  const by = credentials(partner_id, vectors.keys[key as KeyName].api_key_b64_of_pem)
  const [cipher = '', hash = ''] = sec_key.split('|')
  ok(await confirmSecKey(by, { timestamp, sec_key }), 'itself')
  const flipped = (cipher[5] === 'A' ? 'B' : 'A') + cipher.slice(6)
  for (const received of [
    undefined,
    null,
    {},
    [],
    'text',
    { timestamp },
    { sec_key },
    { timestamp, sec_key: 5 },
    { timestamp: {}, sec_key },
    { timestamp: null, sec_key },
    { timestamp, sec_key: '' },
    { timestamp, sec_key: '|' },
    ...[
      `${sec_key}|`,
      `${sec_key}|${hash}`,
      `|${sec_key}`,
      `${cipher}|${hash.toUpperCase()}`,
      `${cipher}|${hash} `,
      `${cipher.slice(4)}|${hash}`,
      `AAAA${cipher}|${hash}`,
      `${cipher.slice(0, 5)}${flipped}|${hash}`,
      `${cipher.replaceAll('+', '-').replaceAll('/', '_')}|${hash}`,
      `${'/'.repeat(cipher.length - 1)}=|${hash}`,
      `${cipher}é|${hash}`,
      `${' '.repeat(1e6)}${sec_key}`,
    ].map((text) => ({ timestamp, sec_key: text })),
    { timestamp: `${timestamp} `, sec_key },
    { timestamp: Date.parse(`${timestamp}`), sec_key },
  ])
    equal(await confirmSecKey(by, received as object), false, JSON.stringify(received)?.slice(0, 120))
})

test('keys and partner ids that can make no sec_key are named', async () => {
  const { rsa1024 } = vectors.keys
  const pem = rsa1024.public_pem_spki.trim()
  const ec =
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg=='
  for (const [partnerId, apiKey, paths] of [
    ['125', 'an-api-key', ['apiKey']],
    ['125', ec, ['apiKey']],
    ['125', 'AAAA', ['apiKey']],
    ['125', pem.slice(0, 100), ['apiKey']],
    ['125', pem.replaceAll('PUBLIC', 'PRIVATE'), ['apiKey']],
    ['125', rsa1024.api_key_b64_of_der.slice(0, 100), ['apiKey']],
    ['partner', pem, ['partnerId']],
    ['1.5', 'x', ['partnerId', 'apiKey']],
    ['0x7d', pem, ['partnerId']],
  ] as const) {
    const error = await rejection((async () => generateSecKey(credentials(partnerId, apiKey)))())
    equal(
      [error.code, ...error.issues.map(({ path }: { path: string }) => path)],
      ['invalid_input', ...paths],
    )
    if (paths.some((path) => path === 'apiKey')) ok(!error.message.includes(apiKey), 'the key is not quoted')
  }
  // The portal's text as some mail programs hand it on.
  const wrapped = rsa1024.api_key_b64_of_pem.replace(/.{60}/g, '$&\n')
  ok((await generateSecKey(credentials('125', wrapped))).sec_key, 'wrapped base64 is read')
  equal(
    (
      await rejection(
        generateSecKey(
          createClient({
            partnerId: '125',
            apiKey: rsa1024.api_key_b64_of_pem,
            environment: 'sandbox',
            dangerouslyAllowBrowser: true,
          }),
        ),
      )
    ).issues[0].path,
    'client',
  )
})

const vector = (id: string) => vectors.server_generated.find((entry) => entry.id === id)!

test('a client of that kind puts sec_key and milliseconds in each body, and believes replies by the field that they carry', async () => {
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
      createClient({ partnerId: partner_id, apiKey, environment: 'sandbox', dangerouslyAllowBrowser: true }),
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
    (await rejection(verifyCallback(by, { ...result, timestamp: `${Number(timestamp) + 1}`, sec_key }))).code,
    'signature_mismatch',
  )
  const late = client(partner_id, vectors.keys[key as KeyName].api_key_b64_of_pem, {
    now: () => Number(timestamp) + 3_600_000,
  })
  equal((await rejection(verifyCallback(late, { ...result, timestamp, sec_key }))).code, 'signature_expired')
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

test('no sec_key and no key stands in an error, an event or a client, whatever the service quotes', async () => {
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

/** The emulated service and a client of one partner, who have the two halves of a key pair. */
function withEmulator(options: EmulatorOptions = {}, key: KeyName = 'rsa2048') {
  const { api_key_b64_of_pem: apiKey, private_pem_pkcs8: privateKey } = vectors.keys[key]
  const emulator = createEmulator({ partners: [{ partnerId: '007', apiKey, privateKey }], ...options })
  return {
    emulator,
    by: createClient({ ...emulator.clientOptions, auth: secKeyAuth(), dangerouslyAllowBrowser: true }),
  }
}

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

test('the emulator refuses a sec_key that is not of this partner, time or key, and what a client believes it has made itself', async () => {
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
      [typeof timestamp, reply.sec_key !== undefined, `${reply[lookupSecKeyField] as string}`.includes('|')],
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

test('the emulator takes the sec_keys of the vectors that clients made, and none that a service did', async () => {
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

test('without the private key the emulator looks at the hash, and can say nothing that is believed but of a job without a zip', async () => {
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
  const asked = { method: 'POST', body: JSON.stringify({ partner_id: '007', ...(await generateSecKey(by)) }) }
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
