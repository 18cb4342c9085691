import {
  type CompatExtras,
  IdApi,
  IDApi,
  ServerError,
  Signature,
  Utilities,
  ValueError,
  WebApi,
} from 'smileid-edge/compat'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { readPhoto } from 'smileid-edge/photo'
import vectors from '../vectors/sec-key.json'
import { equal, ok, rejection, test } from './harness'

const inBrowser = typeof document === 'object'
/**
 * These classes are for servers: in a browser the key would be public, and there is no way to say that it may
 * be.
 */
const onServers: typeof test = (name, run) => test(name, (env) => (inBrowser ? undefined : run(env)))

const params = (job_type: number, more: object = {}) => ({ user_id: 'u1', job_id: 'j1', job_type, ...more })
const bvn = {
  country: 'NG',
  id_type: 'BVN',
  id_number: '00000000000',
  first_name: 'Leo',
  last_name: 'Doe',
  entered: true,
}

function withEmulator() {
  const emulator = createEmulator()
  const { partnerId, apiKey, fetch, now, sleep } = emulator.clientOptions
  const extras = { fetch: fetch!, now: now!, sleep: sleep! }
  const key = apiKey as string
  return {
    emulator,
    partnerId,
    key,
    extras,
    web: (callback: string | null = null) => new WebApi(partnerId, callback, key, 0, extras),
    id: () => new IDApi(partnerId, key, '0', extras),
    utilities: () => new Utilities(partnerId, key, 0, extras),
  }
}

/** A service that answers as it is told, and time that passes when it is waited for. */
function answering(answer: (body: Record<string, any>, url: string, count: number) => Response) {
  const sent: { url: string; body: Record<string, any> }[] = []
  const pauses: number[] = []
  let now = 1_700_000_000_000
  const extras: CompatExtras = {
    now: () => now,
    sleep: async (ms) => void (pauses.push(ms), (now += ms)),
    fetch: async (url, init) => {
      const text = init.body ? await new Response(init.body).text() : '{}'
      const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, any>
      sent.push({ url, body })
      return answer(body, url, sent.length)
    },
  }
  return { sent, pauses, extras }
}

onServers('compat: a job of each kind, from base64, bytes and a Blob', async () => {
  const { emulator, web } = withEmulator()
  const [selfie, card] = [samplePhoto({ seed: 1 }), samplePhoto({ seed: 2, type: 'image/png' })]
  const kyc = await web().submit_job(
    params(1, { note: 'x' }),
    [
      { image_type_id: '2', image: (await readPhoto(selfie)).base64() },
      { image_type_id: 6, image: selfie },
    ],
    bvn,
    { return_job_status: true, return_history: true },
  )
  equal(
    [
      kyc.job_complete,
      kyc.job_success,
      kyc.success,
      kyc.result.PartnerParams.note,
      Array.isArray(kyc.history),
    ],
    [true, true, true, 'x', true],
  )
  equal(kyc.smile_job_id, kyc.result.SmileJobID)
  const document = await web('https://app.example/cb').submit_job(
    params(6, { user_id: 'u2', job_id: 'j2' }),
    [
      { image_type_id: 0, image: new Blob([selfie]) },
      { image_type_id: 1, image: card },
    ],
    { country: 'GH' },
  )
  equal(Object.keys(document), ['success', 'smile_job_id'])
  await emulator.advance(60_000)
  equal((await web().get_job_status({ user_id: 'u2', job_id: 'j2', job_type: 6 })).job_complete, true)
  equal(emulator.callbacks.length, 1)
})

onServers('compat: lookups, async ones, tokens and status', async () => {
  const { id, web, utilities } = withEmulator()
  equal((await id().submit_job(params(5), bvn)).ResultCode, '1012')
  equal((await web().submit_job(params(5, { job_id: 'j2' }), null, bvn)).ResultCode, '1012')
  equal(await id().submitAsyncjob(params(5, { job_id: 'j3' }), bvn, 'https://app.example/cb'), {
    success: true,
  })
  equal(
    (
      await id().submit_job(params(7, { job_id: 'j4' }), {
        country: 'NG',
        id_type: 'BUSINESS_REGISTRATION',
        id_number: '0000000',
        business_type: 'co',
      })
    ).Actions.Verify_Business,
    'Verified',
  )
  equal((await utilities().get_job_status('u1', 'j1', { return_history: true })).job_complete, true)
  equal(
    typeof (
      await web('https://app.example/cb').get_web_token({
        user_id: 'u1',
        job_id: 'j9',
        product: 'biometric_kyc',
      })
    ).token,
    'string',
  )
})

onServers('compat: errors of the service are as old code reads them, and hold nothing personal', async () => {
  const { partnerId, extras, id } = withEmulator()
  const wrong = await rejection(new IDApi(partnerId, 'another-key', 0, extras).submit_job(params(5), bvn))
  equal(
    [wrong.name, wrong.response.status, typeof wrong.response.data.code, typeof wrong.response.data.error],
    ['SmileIdApiError', 400, 'string', 'string'],
  )
  ok(isSmileIdError(wrong, 'unauthorized') && wrong instanceof ServerError, 'an error of the SDK')
  await id().submit_job(params(5), bvn)
  const twice = await rejection(id().submit_job(params(5), bvn))
  equal([twice.code, `${twice.response.data.code}`], ['job_exists', '2215'])
  for (const secret of [bvn.id_number, 'Leo', 'another-key'])
    ok(
      ![String(wrong), JSON.stringify(wrong), String(twice), JSON.stringify(twice)].join().includes(secret),
      'nothing personal',
    )
  equal(Object.keys(twice).includes('response'), false)
  const none = await rejection(id().submit_job(params(5), {}))
  ok(none.response === undefined && none instanceof ValueError, 'a mistake has no response')
})

onServers('compat: a wait has an end, whatever the service says', async () => {
  const status = (fields: object, code = 200) => Response.json(fields, { status: code })
  const submit = (extras: CompatExtras) =>
    rejection(
      new WebApi('085', null, 'k', 0, extras).submit_job(
        params(4),
        [{ image_type_id: 2, image: 'aGk=' }],
        {},
        { return_job_status: true },
      ),
    )
  const opened = (url: string) =>
    url.endsWith('/upload')
      ? status({ code: '2202', smile_job_id: '1', upload_url: 'https://b.s3.amazonaws.com/x' })
      : url.includes('s3')
        ? new Response('')
        : undefined

  const failing = answering((_, url) => opened(url) ?? status({}, 500))
  equal((await submit(failing.extras)).code, 'server_error')
  equal(failing.sent.length, 2 + 22)
  equal(failing.pauses, [2000, 2000, 2000, 2000, ...Array<number>(17).fill(4000)])
  equal(
    new Set(failing.sent.map(({ body }) => body.signature).filter(Boolean)).size,
    22,
    'the first poll is at the time of the upload',
  )

  const refused = answering((_, url) => opened(url) ?? status({ code: '2205', error: 'unauthorized' }, 400))
  const { code, response } = await submit(refused.extras)
  equal(
    [code, response.data, refused.sent.length],
    ['unauthorized', { code: '2205', error: 'unauthorized' }, 3],
  )

  const unsigned = answering((_, url) => opened(url) ?? status({ job_complete: true }))
  equal([(await submit(unsigned.extras)).code, unsigned.sent.length], ['signature_missing', 3])
})

onServers('compat: a job that is not over in time is said so, as before, with its last status', async () => {
  const by = new Signature('085', 'k')
  let pair: object = await by.generate_signature()
  const service = answering((_, url) =>
    url.endsWith('/upload')
      ? Response.json({ code: '2202', smile_job_id: '1', upload_url: 'https://b.s3.amazonaws.com/x' })
      : url.includes('s3')
        ? new Response('')
        : Response.json({ job_complete: false, code: '2302', ...pair }),
  )
  const late = await rejection(
    new WebApi('085', null, 'k', 0, service.extras).submit_job(
      params(4),
      [{ image_type_id: 2, image: 'aGk=' }],
      {},
      { return_job_status: true },
    ),
  )
  equal(
    [late.message, late.code, late.lastStatus.job_complete],
    ['Timeout waiting for job status response.', 'wait_timeout', false],
  )

  const polled = answering(() => Response.json({ job_complete: false, code: '2302', ...pair }))
  const api = new IDApi('085', 'k', 0, polled.extras)
  equal((await api.pollJobStatus(params(5), 2, 700)).job_complete, false)
  equal(
    [polled.sent.length, polled.pauses, new Set(polled.sent.map(({ body }) => body.signature)).size],
    [3, [700, 700], 3],
  )
  pair = { timestamp: '2024-01-01T00:00:00.000Z', signature: 'AAAA' }
  equal((await rejection(api.pollJobStatus(params(5)))).code, 'signature_mismatch')
})

onServers(
  'compat: what breaks off is repeated where that bills nothing, and said to be unknown where it may have',
  async () => {
    const { emulator, id, web } = withEmulator()
    const selfie = [{ image_type_id: 2, image: samplePhoto() }]
    emulator.addFault({ on: 'id_verification', fault: { kind: 'reset', commit: true } })
    const broken = await rejection(id().submit_job(params(5), bvn))
    equal([broken.code, broken.outcome, broken.response], ['network_error', 'unknown', undefined])
    emulator.addFault({ on: 'upload', fault: { kind: 'status', status: 503 } })
    emulator.addFault({ on: 'upload_zip', fault: { kind: 'status', status: 503, retryAfter: 1 } })
    for (const fault of [
      { kind: 'status', status: 500 },
      { kind: 'body', body: 'not_json' },
      { kind: 'reset', commit: false },
    ] as const)
      emulator.addFault({ on: 'job_status', fault })
    const kyc = await web().submit_job(
      params(4, { user_id: 'u5', job_id: 'j5' }),
      selfie,
      {},
      { return_job_status: true },
    )
    equal([kyc.job_success, emulator.isEnrolled('u5')], [true, true])
    emulator.addFault({ on: 'job_status', times: 1, fault: { kind: 'body', body: 'bad_signature' } })
    equal(
      (await rejection(id().pollJobStatus(params(4, { user_id: 'u5', job_id: 'j5' })))).code,
      'signature_mismatch',
    )
  },
)

onServers('compat: images that cannot be read are all named, before anything is sent', async () => {
  const { sent, extras } = answering(() => Response.json({}))
  const web = new WebApi('085', 'https://app.example', 'k', 0, extras)
  const error = await rejection(
    web.submit_job(
      params(4),
      [
        { image_type_id: 0, image: '/nowhere/at all/jane-doe.jpg' },
        { image_type_id: 2, image: 'not base64!' },
        { image_type_id: 6, image: '' },
        { image_type_id: 6 } as never,
        { image_type_id: 'x', image: 'aGk=' },
        null as never,
        { image_type_id: 4, image: new Uint8Array() },
      ],
      {},
    ),
  )
  equal(
    [...new Set(error.issues.map(({ path }: { path: string }) => path))],
    [
      'image_details[0].image',
      'image_details[1].image',
      'image_details[2].image',
      'image_details[3].image',
      'image_details[4].image_type_id',
      'image_details[5].image_type_id',
      'image_details[5].image',
      'image_details[6].image',
    ],
  )
  ok(
    !error.message.includes('jane') && /could not be read|pass bytes/.test(error.issues[0].message),
    'what is wrong, but no path',
  )
  equal(sent.length, 0)
})

onServers('compat: sid_server is 0, 1 or a URL; a constructor never throws', async () => {
  const at = async (server: unknown) => {
    const { sent, extras } = answering(() => Response.json({}))
    const failure = await rejection(
      new IDApi('085', 'k', server as string, extras).submit_job(params(5), bvn),
    )
    return sent[0]?.url ?? failure.issues[0].path
  }
  for (const [server, url] of [
    [0, 'https://testapi.smileidentity.com'],
    ['0', 'https://testapi.smileidentity.com'],
    [1, 'https://api.smileidentity.com'],
    ['1', 'https://api.smileidentity.com'],
    ['api.smileidentity.com/v1', 'https://api.smileidentity.com'],
    ['https://proxy.example/v1/', 'https://proxy.example'],
    ['proxy.example:8443', 'https://proxy.example:8443'],
    ['http://proxy.example/v1', 'https://proxy.example'],
    ['HTTPS://proxy.example', 'https://proxy.example'],
    ['http://127.0.0.1:8787/v1', 'http://127.0.0.1:8787'],
    ['localhost:1', 'https://localhost:1'],
  ] as const)
    equal(await at(server), `${url}/v1/id_verification`, String(server))
  for (const server of [undefined, null, 2, '', ' ', 'https://', {}, Number.NaN])
    equal(await at(server), 'sid_server', String(server))
  equal(await at('https://proxy.example/smile'), 'baseUrl')
  const bad = new WebApi(undefined as never, null, undefined as never, 0)
  equal(
    (await rejection(bad.get_job_status(params(1)))).issues.map(({ path }: { path: string }) => path),
    ['partnerId', 'apiKey'],
  )
})

onServers('compat: nothing that prints an object shows the key', async () => {
  const all = [
    new WebApi('085', null, 'the-key', 0),
    new IDApi('085', 'the-key', 0),
    new Utilities('085', 'the-key', 0),
    new Signature('085', 'the-key'),
  ]
  for (const object of all) equal([JSON.stringify(object), Object.getOwnPropertyNames(object)], ['{}', []])
})

onServers('smile_id_core: ID info is checked by its decision table', async () => {
  const services = {
    id_types: { NG: { BVN: ['country', 'id_type', 'id_number', 'user_id', 'first_name'] } },
    hosted_web: {
      doc_verification: { GH: { name: 'Ghana', id_types: { PASSPORT: { label: 'Passport' } } } },
      enhanced_kyc: {
        NG: { name: 'Nigeria', id_types: { BVN: { label: 'BVN', id_number_regex: '^[0-9]{11}$' } } },
      },
    },
    bank_codes: [],
  }
  const info = { country: 'NG', id_type: 'BVN', id_number: '1', first_name: 'Leo', entered: true }
  for (const [job_type, change, useServices, paths, calls] of [
    [5, { entered: false, country: '' }, true, [], 0],
    [5, { entered: 'false' }, true, [], 1],
    [5, {}, true, [], 1],
    [5, {}, false, [], 0],
    [1, {}, true, [], 1],
    [5, { country: '' }, true, ['id_info.country'], 0],
    [5, { id_number: undefined, id_type: null }, false, ['id_info.id_type', 'id_info.id_number'], 0],
    [5, { country: 'XX' }, true, ['id_info.country'], 1],
    [5, { id_type: 'NIN' }, true, ['id_info.id_type'], 1],
    [5, { first_name: undefined }, true, ['id_info.first_name'], 1],
    [5, { first_name: '' }, true, ['id_info.first_name'], 1],
    [6, { entered: false }, true, ['id_info.country'], 1],
    [6, { entered: false, country: 'GH', id_type: 'PASSPORT', id_number: undefined }, true, [], 1],
    [6, { entered: false, country: 'GH' }, true, ['id_info.id_type'], 1],
    [6, { entered: false, id_type: '' }, false, ['id_info.id_type'], 0],
  ] as const) {
    const { sent, extras } = answering(() => Response.json(services))
    const asked = Utilities.validate_id_params(
      0,
      { ...info, ...change } as never,
      params(job_type),
      useServices,
      extras,
    ).then(
      () => [],
      ({ issues }) => issues.map(({ path }: { path: string }) => path),
    )
    const label = JSON.stringify([job_type, change, useServices])
    equal(
      [await asked, sent.map(({ url }) => url)],
      [paths, Array<string>(calls).fill('https://testapi.smileidentity.com/v1/services')],
      label,
    )
  }
  const { extras } = answering(() => Response.json(services))
  equal(Object.keys((await Utilities.get_smile_id_services('1', extras)).id_types), ['NG'])
  // Types as text, which JavaScript's callers write.
  equal(
    (
      await rejection(
        Utilities.validate_id_params(
          0,
          { ...info, entered: false, country: 'GH' },
          { ...params(6), job_type: '6' },
          true,
          extras,
        ),
      )
    ).issues[0].path,
    'id_info.id_type',
  )
  equal(
    (
      await rejection(
        new IDApi('085', 'k', 0, extras).submit_job(params(5), { ...info, id_type: 'NIN' }, true),
      )
    ).issues[0].path,
    'id_info.id_type',
  )
  equal(
    (
      await rejection(
        new WebApi('085', null, 'k', 0, extras).submit_job(
          params(1),
          [{ image_type_id: 2, image: 'aGk=' }],
          { ...info, id_type: 'NIN' },
          { return_job_status: true, use_validation_api: true },
        ),
      )
    ).issues[0].path,
    'id_info.id_type',
  )
  for (const given of [
    null,
    {},
    { user_id: 'u', job_id: 5, job_type: 1 },
    { user_id: 'u', job_id: 'j', job_type: '1' },
  ]) {
    equal((await rejection((async () => Utilities.validate_partner_params(given))())).code, 'invalid_input')
  }
  Utilities.validate_partner_params(params(1))
})

onServers('smile_id_core: a status by partner params signs with a sec_key, or as it is told', async () => {
  const { key, partner_id, timestamp, sec_key } = vectors.server_generated.find(
    ({ id }) => id === 'sk-ok-string-ms',
  )!
  const apiKey = vectors.keys[key as 'rsa2048'].api_key_b64_of_pem
  let pair: object = { timestamp, signature: sec_key }
  const { sent, extras } = answering(() =>
    Response.json({ job_complete: true, job_success: true, code: '2302', ...pair }),
  )
  const utilities = new Utilities(partner_id, apiKey, 0, extras)
  const last = () => sent.at(-1)!.body
  const job = { user_id: 'u1', job_id: 'j1' }

  equal((await utilities.get_job_status(job, { return_images: true })).job_complete, true)
  equal(
    [last().timestamp, last().sec_key.length, last().signature, last().image_links, last().history],
    [1_700_000_000_000, 344 + 65, undefined, true, false],
  )
  await utilities.get_job_status(job, null, { timestamp: 7, sec_key: 'made elsewhere' })
  equal([last().timestamp, last().sec_key], [7, 'made elsewhere'])
  pair = await new Signature(partner_id, apiKey).generate_signature()
  await utilities.get_job_status(job, { signature: true })
  equal([typeof last().signature, last().sec_key], ['string', undefined])
  await utilities.get_job_status(job, {}, { timestamp: 't', signature: 's' })
  equal([last().timestamp, last().signature], ['t', 's'])
  await utilities.get_job_status('u1', 'j1')
  equal([typeof last().signature, last().sec_key], ['string', undefined])
  equal((await rejection(utilities.get_job_status(job, {}, { timestamp: 7 }))).issues[0].path, 'sec_params')
  equal(
    (await rejection(utilities.get_job_status({ user_id: 5, job_id: 'j' } as never, {}))).issues[0].path,
    'partner_params.user_id',
  )
  // An opaque key can make none: the call is signed, and where a sec_key is insisted on, the error says which
  // key could.
  pair = await new Signature('085', 'opaque').generate_signature()
  await new Utilities('085', 'opaque', 0, extras).get_job_status(job)
  equal([typeof last().signature, last().sec_key], ['string', undefined])
  equal(
    (await rejection(new Utilities('085', 'opaque', 0, extras).get_job_status(job, { signature: false })))
      .issues[0].path,
    'apiKey',
  )
})

onServers(
  "smile_id_core: a call that only Python writes has Python's defaults, any other JavaScript's",
  async () => {
    const { key, partner_id, timestamp, sec_key } = vectors.server_generated.find(
      ({ id }) => id === 'sk-ok-string-ms',
    )!
    const apiKey = vectors.keys[key as 'rsa2048'].api_key_b64_of_pem
    const hmac = await new Signature(partner_id, apiKey).generate_signature()
    const services = {
      id_types: { NG: { BVN: ['country', 'id_type', 'id_number'] } },
      hosted_web: { doc_verification: {}, enhanced_kyc: {} },
      bank_codes: [],
    }
    const { sent, extras } = answering((body, url) => {
      if (url.endsWith('/services')) return Response.json(services)
      if (url.endsWith('/upload'))
        return Response.json({ code: '2202', smile_job_id: '1', upload_url: 'https://b.s3.amazonaws.com/x' })
      const proof = body.sec_key ? { timestamp, sec_key } : hmac
      return url.includes('s3')
        ? new Response('')
        : Response.json({
            ResultCode: '1012',
            ResultText: '',
            SmileJobID: '1',
            PartnerParams: body.partner_params,
            job_complete: true,
            code: '2302',
            ...proof,
          })
    })
    // New ones each time: an object asks for the services document once.
    const [python, js] = [
      () => new IdApi(partner_id, apiKey, 0, extras),
      () => new IDApi(partner_id, apiKey, 0, extras),
    ]
    const web = () => new WebApi(partner_id, 'https://app.example/cb', apiKey, 0, extras)
    const selfie = [{ image_type_id: 2, image: 'aGk=' }]
    const lookup = params(5)
    for (const [title, call, validated, proof] of [
      ['IdApi', () => python().submit_job(lookup, bvn), true, 'sec_key'],
      ['IdApi, told', () => python().submit_job(lookup, bvn, false), false, 'sec_key'],
      [
        'IdApi, told by the options',
        () => python().submit_job(lookup, bvn, undefined, { use_validation_api: false, signature: true }),
        false,
        'signature',
      ],
      ['IdApi, options None', () => python().submit_job(lookup, bvn, true, null), true, 'sec_key'],
      [
        'IdApi, nothing entered',
        () => python().submit_job(lookup, { ...bvn, entered: false }),
        false,
        'sec_key',
      ],
      [
        'IdApi, HMAC',
        () => python().submit_job(lookup, bvn, undefined, { signature: true }),
        true,
        'signature',
      ],
      ['IDApi', () => js().submit_job(lookup, bvn), false, 'signature'],
      ['IDApi, told', () => js().submit_job(lookup, bvn, true), true, 'signature'],
      [
        'IDApi, sec_key',
        () => js().submit_job(lookup, bvn, undefined, { signature: false }),
        false,
        'sec_key',
      ],
      [
        'IDApi, options of both',
        () => js().submit_job(lookup, bvn, undefined, { return_history: true }),
        false,
        'signature',
      ],
      ['WebApi, a lookup', () => web().submit_job(lookup, null, bvn, null), false, 'signature'],
      [
        "WebApi, a lookup, as JavaScript's examples have it",
        () => web().submit_job(lookup, null, bvn, { signature: true }),
        false,
        'signature',
      ],
      ['WebApi, images', () => web().submit_job(params(1), selfie, bvn, {}), false, 'signature'],
      ['WebApi, images, no options', () => web().submit_job(params(1), selfie, bvn), false, 'signature'],
      ['WebApi, images, told', () => web().submit_job(params(1), selfie, bvn, {}, true), true, 'signature'],
      [
        'WebApi, images, sec_key',
        () => web().submit_job(params(1), selfie, bvn, { return_job_status: false, signature: false }),
        false,
        'sec_key',
      ],
      [
        "WebApi, images, as JavaScript's examples have it",
        () => web().submit_job(params(1), selfie, bvn, { signature: true }),
        false,
        'signature',
      ],
      ['WebApi, status', () => web().get_job_status(lookup), false, 'signature'],
      [
        'Utilities.validate_id_params',
        () => Utilities.validate_id_params(0, bvn, lookup, undefined, extras),
        true,
        undefined,
      ],
      [
        'Utilities.validate_id_params, told',
        () => Utilities.validate_id_params(0, bvn, lookup, false, extras),
        false,
        undefined,
      ],
    ] as [string, () => Promise<unknown>, boolean, string | undefined][]) {
      sent.length = 0
      await call()
      const proofs = sent.flatMap(({ body }) => ['sec_key', 'signature'].filter((name) => name in body))
      equal([sent[0]?.url.endsWith('/services') ?? false, proofs[0]], [validated, proof], title)
    }
    // What smile_id_core 2 and later sign with, too.
    const opaque = createEmulator().clientOptions
    equal(
      (
        await new IdApi(opaque.partnerId, opaque.apiKey as string, 0, {
          fetch: opaque.fetch!,
          now: opaque.now!,
        }).submit_job(lookup, bvn)
      ).ResultCode,
      '1012',
    )
    ok(python() instanceof IDApi, 'with all methods')
  },
)

onServers('smile_id_core: generate_sec_key takes seconds, and confirm_sec_key checks', async () => {
  const { key, partner_id, timestamp, sec_key } = vectors.server_generated.find(
    ({ id }) => id === 'sk-ok-seconds',
  )!
  const by = new Signature(partner_id, vectors.keys[key as 'rsa2048'].api_key_b64_of_der)
  equal(
    [
      await by.confirm_sec_key(timestamp, sec_key),
      await by.confirm_sec_key(Number(timestamp) + 1, sec_key),
      await by.confirm_sec_key(timestamp, 'a|b'),
    ],
    [true, false, false],
  )
  const made = await by.generate_sec_key()
  ok(Number.isInteger(made.timestamp) && Math.abs(Number(made.timestamp) - Date.now() / 1000) < 60, 'seconds')
  equal((await by.generate_sec_key(5)).timestamp, 5)
})

test('compat: in a browser it is refused', async () => {
  if (inBrowser)
    equal(
      (await rejection(new IDApi('085', 'k', 0).submit_job(params(5), bvn))).issues[0].code,
      'not_allowed',
    )
})
