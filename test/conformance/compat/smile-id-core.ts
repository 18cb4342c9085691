/** What only smile_id_core of Python has. */
import { IdApi, IDApi, Signature, Utilities, WebApi } from 'smileid-edge/compat'
import { createEmulator } from 'smileid-edge/emulator'
import vectors from '../../vectors/sec-key.json'
import { describe, equal, ok, rejection } from '../harness'
import { answering, bvn, onServers, params } from './setup'

describe('smile_id_core', () => {
  onServers('ID info is checked by its decision table', async () => {
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

  onServers('a status by partner params signs with a sec_key, or as it is told', async () => {
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
    // An opaque key can make none: the call is signed, and where a sec_key is insisted on, the error says
    // which key could.
    pair = await new Signature('085', 'opaque').generate_signature()
    await new Utilities('085', 'opaque', 0, extras).get_job_status(job)
    equal([typeof last().signature, last().sec_key], ['string', undefined])
    equal(
      (await rejection(new Utilities('085', 'opaque', 0, extras).get_job_status(job, { signature: false })))
        .issues[0].path,
      'apiKey',
    )
  })

  onServers("a call that only Python writes has Python's defaults, any other JavaScript's", async () => {
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
  })

  onServers('generate_sec_key takes seconds, and confirm_sec_key checks', async () => {
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
    ok(
      Number.isInteger(made.timestamp) && Math.abs(Number(made.timestamp) - Date.now() / 1000) < 60,
      'seconds',
    )
    equal((await by.generate_sec_key(5)).timestamp, 5)
  })
})
