/** Submissions of v3 with images: what is sent, what is refused, and that nothing is sent then. */
import { isSmileIdError } from 'smileid-edge/errors'
import { submitBiometricKyc } from 'smileid-edge/v3/biometric-kyc'
import { createTokenClient } from 'smileid-edge/v3/client'
import { submitResidencyDocumentVerification } from 'smileid-edge/v3/document-verification'
import { submitAuthentication, submitRegistration } from 'smileid-edge/v3/smart-selfie'
import { type ImageCall, imageCalls, jpeg, jpegOf, png } from '../../support/v3-images'
import { accept, type Got, JOB_ID, jwt, KYC, refuse, startV3Service } from '../../support/v3-service'
import { describe, equal, issuesOf, ok, rejection, test } from '../harness'

const MAX_REQUEST_BYTES = 4_718_592
const { consent, user_details } = KYC
const person = { consent, user_details }
const frames = [11, 12, 13, 14, 15, 16].map((seed) => jpeg(seed))
const nine = [...frames, jpeg(17), jpeg(18), jpeg(19)]
const selfie = { selfie_image: jpeg(1), liveness_images: frames }
const residency = { ...person, ...selfie, country: 'NG', document: jpeg(2), visa: png(3) }

const exp = 4_000_000_000
const payload = { given_names: 'pii_1', last_name: 'pii_2', email: 'pii_3', consent }
const bound = { partner_id: '85', exp, user_id: 'user-1', payload: { ...payload, country: 'NG' } }

function startPage(claims: object) {
  const service = startV3Service()
  const page = createTokenClient({ token: jwt(claims), environment: 'sandbox', fetch: service.fetch })
  return { ...service, page }
}

const bytesOf = (member: unknown) => (member === undefined ? [] : [member].flat()) as Uint8Array[]
const mimeOf = (bytes: Uint8Array) => (bytes[0] === 0x89 ? 'image/png' : 'image/jpeg')

/** The image parts that are due, by name, type and size. */
function dueImages({ input, images }: ImageCall): string[][] {
  return images.flatMap((name) =>
    bytesOf(input[name]).map((bytes) => [name, `${mimeOf(bytes)} ${bytes.length}`]),
  )
}

/** The same of what came; of files that have names, since some servers look for them. */
function sentImages({ form }: Got): string[][] {
  return form.flatMap(([name, value]) => {
    const [, file] = /^image_\d+\.(?:jpg|png) (image\/.+)$/.exec(value) ?? []
    return file === undefined ? [] : [[name, file]]
  })
}

describe('submissions with images', () => {
  for (const [name, call] of Object.entries(imageCalls)) {
    const { path, submit, input } = call
    const change = (changes: object) => ({ ...input, ...changes })
    const issues = async (changes: object) => {
      const { client, got } = startV3Service()
      const found = await issuesOf(submit(client, change(changes)))
      equal(got.length, 0, 'requests')
      return found
    }

    test(`${name} sends each image once, after the texts`, async () => {
      const { client, callsOf } = startV3Service()
      const reply = await submit(client, change({ partner_params: { application: 'A-1' } }))
      equal([reply.status, reply.job_id], ['accepted', JOB_ID])
      const [got] = callsOf() as [Got]
      equal([got.method, got.url.pathname], ['POST', path])
      equal(sentImages(got), dueImages(call))
      const texts = Object.entries(input).filter(
        ([member, value]) => !call.images.includes(member) && value !== undefined,
      )
      const due = texts.map(([member, value]) => [
        member,
        typeof value === 'string' ? value : JSON.stringify(value),
      ])
      due.push(['partner_params', '{"application":"A-1"}'])
      equal(got.form.slice(0, due.length), due)
      equal(got.form.length, due.length + dueImages(call).length, 'parts')
    })

    test(`${name} lists all that is wrong`, async () => {
      const wrong = {
        consent: { ...consent, granted: false, granted_at: '2026-05-04', notice_language: 'E' },
        user_details: { given_names: 'Ada', last_name: 'Sample' },
        callback_url: 'http://shop.example',
        selfie_image: png(1),
        liveness_images: [...frames.slice(0, 3), png(4), frames[4]!.subarray(0, -40)],
        selfie: jpeg(1),
      }
      const found = await issues(wrong)
      for (const due of [
        'consent.granted wrong_type',
        'consent.granted_at wrong_format',
        'consent.notice_language wrong_format',
        'user_details.email missing',
        'callback_url wrong_format',
        'selfie_image photo_format',
        'liveness_images wrong_type',
        'liveness_images[3] photo_format',
        'liveness_images[4] photo_truncated',
        'selfie not_allowed',
      ])
        ok(found.includes(due), `${due} is not among ${found.join(', ')}`)
      equal(found.length, 10, 'issues')
    })

    test(`${name} misses what is not there`, async () => {
      const { client } = startV3Service()
      const isNeeded = (member: string) =>
        input[member] !== undefined &&
        member !== 'document_back' &&
        !(name === 'submitCompare' && member === 'liveness_images')
      const found = await issuesOf(submit(client, {}))
      const texts = Object.keys(input).filter((member) => !call.images.includes(member))
      const due = [...texts, ...call.images].filter(isNeeded).map((member) => `${member} missing`)
      equal(found.sort(), due.sort())
    })

    test(`${name} takes six to eight frames`, async () => {
      const { client } = startV3Service()
      const of = (count: number) => nine.slice(0, count)
      for (const count of [6, 7, 8]) {
        equal((await submit(client, change({ liveness_images: of(count) }))).status, 'accepted')
      }
      for (const count of [0, 1, 5, 9]) {
        equal(await issues({ liveness_images: of(count) }), ['liveness_images wrong_type'], `${count}`)
      }
      equal(await issues({ liveness_images: jpeg(1) }), ['liveness_images wrong_type'])
      const hole = [...frames.slice(0, 5), undefined]
      equal(await issues({ liveness_images: hole }), ['liveness_images[5] wrong_type'])
    })
  }
})

describe('images', () => {
  test('JPEG and PNG where both will do, JPEG alone elsewhere', async () => {
    const { submit, input } = imageCalls.submitResidencyDocumentVerification!
    const { client } = startV3Service()
    for (const image of [jpeg(1), png(1)]) {
      const documents = { document: image, document_back: image, visa: image }
      equal((await submit(client, { ...input, ...documents })).status, 'accepted')
    }
    const gif = new TextEncoder().encode('GIF89a, and so on')
    const documents = { document: gif, document_back: gif, visa: gif }
    equal(await issuesOf(submit(client, { ...input, ...documents })), [
      'document photo_format',
      'document_back photo_format',
      'visa photo_format',
    ])
    const { submit: compare, input: pair } = imageCalls.submitCompare!
    equal(
      await issuesOf(compare(client, { ...pair, comparison_image: png(1), comparison_image_type: 'FACE' })),
      ['comparison_image_type wrong_format', 'comparison_image photo_format'],
    )
  })

  test('from any source, their bytes as they were', async () => {
    let form: FormData | undefined
    const page = createTokenClient({
      token: jwt(bound),
      environment: 'sandbox',
      async fetch(url, init) {
        form = await new Request(url, init).formData()
        return accept()
      },
    })
    const [first, second, third, fourth, ...others] = frames as [
      Uint8Array<ArrayBuffer>,
      ...Uint8Array<ArrayBuffer>[],
    ]
    const base64 = btoa(String.fromCharCode(...third!))
    await submitRegistration(page, {
      selfie_image: new Blob([first]),
      liveness_images: [
        () => second!,
        `data:image/jpeg;base64,${base64}`,
        new Response(fourth).body!,
        first.buffer.slice(first.byteOffset, first.byteOffset + first.byteLength),
        ...others,
      ],
    })
    const sent = [...form!.getAll('selfie_image'), ...form!.getAll('liveness_images')] as File[]
    const due = [first, second, third, fourth, first, ...others]
    equal(sent.length, due.length)
    for (const [index, file] of sent.entries()) {
      equal([...new Uint8Array(await file.arrayBuffer())], [...due[index]!], `image ${index}`)
    }
  })

  test('of more than 4.5 MB in all are not sent', async () => {
    const { submit, input } = imageCalls.submitDocumentVerification!
    const { client, got } = startV3Service()
    const large = jpegOf(560_000)
    const images = {
      selfie_image: large,
      liveness_images: [large, large, large, large, large, large],
      document: large,
    }
    // 5 MB of images; other problems are told beside it.
    equal(await issuesOf(submit(client, { ...input, ...images, document_back: large, country: 'gh' })), [
      'country wrong_format',
      'input photo_too_large',
    ])
    // The texts of the form count, too.
    const eighth = jpegOf(MAX_REQUEST_BYTES - 500 - 8 * large.length)
    equal(await issuesOf(submit(client, { ...input, ...images, document_back: eighth })), [
      'input photo_too_large',
    ])
    equal(await issuesOf(submit(client, { ...input, document: jpegOf(MAX_REQUEST_BYTES + 1) })), [
      'document photo_too_large',
    ])
    equal(got.length, 0)
    const ninth = jpegOf(100_000)
    equal((await submit(client, { ...input, ...images, document_back: ninth })).status, 'accepted')
  })

  test('that are not read in time, or no longer wanted', async () => {
    const { client, got } = startV3Service()
    const never = () => new Promise<never>(() => {})
    const input = { ...person, ...selfie, selfie_image: never }
    const late = await rejection(submitRegistration(client, input, { timeoutMs: 20 }))
    ok(isSmileIdError(late, 'request_timeout'), String(late))
    equal([late.operation, late.outcome, late.attempts], ['v3/registration', 'not_sent', 0])
    const controller = new AbortController()
    const aborted = rejection(submitRegistration(client, input, { signal: controller.signal }))
    controller.abort('enough')
    equal([await aborted, got.length], ['enough', 0])
  })

  test('go out again with a fresh token, when the first was refused', async () => {
    const refused = new Set<string>()
    const { client, callsOf } = startV3Service({
      answer({ headers }) {
        const token = headers.get('smileid-token')!
        if (!refused.size) refused.add(token)
        return refused.has(token) ? refuse(401) : accept()
      },
    })
    await submitRegistration(client, { ...person, ...selfie })
    const [first, second] = callsOf() as [Got, Got]
    equal(first.form, second.form)
  })
})

describe('biometric KYC', () => {
  test('is checked against the supported ID types', async () => {
    const { client } = startV3Service()
    const idTypes = { id_types: [{ country: 'NG', type: 'NIN_V2', label: 'NIN', regex: '^\\d{9}$' }] }
    equal(await issuesOf(submitBiometricKyc(client, { ...KYC, ...selfie }, { idTypes })), [
      'id_number wrong_format',
    ])
  })

  test('has a result of the sandbox at will, which documents have not', async () => {
    const { client, callsOf } = startV3Service()
    await submitBiometricKyc(client, { ...KYC, ...selfie, sandbox_result: 1220 })
    ok(
      callsOf()[0]!.form.some(([name, value]) => name === 'sandbox_result' && value === '1220'),
      'sandbox_result',
    )
    equal(await issuesOf(submitBiometricKyc(client, { ...KYC, ...selfie, sandbox_result: '1' as never })), [
      'sandbox_result wrong_type',
    ])
    const { submit, input } = imageCalls.submitDocumentVerification!
    equal(await issuesOf(submit(client, { ...input, sandbox_result: 1 })), ['sandbox_result not_allowed'])
  })
})

describe('verification of a residency', () => {
  const submit = submitResidencyDocumentVerification
  const idsOf = ({ headers, form }: Got) => [
    headers.get('smileid-partner-id'),
    headers.get('user-id'),
    form.some(([name]) => name === 'user_id'),
  ]

  test('has the ids in headers, the partner id with three digits', async () => {
    for (const [partnerId, header] of [
      ['085', '085'],
      ['7', '007'],
      ['0007654', '7654'],
    ] as const) {
      const { client, callsOf } = startV3Service({}, { partnerId })
      await submit(client, { ...residency, id_type: 'PASSPORT', user_id: 'shop 42' })
      equal(idsOf(callsOf()[0]!), [header, 'shop 42', false])
    }
    const { client, callsOf } = startV3Service()
    await submit(client, { ...residency, id_type: 'PASSPORT' })
    equal(idsOf(callsOf()[0]!).slice(1), [null, false])
  })

  test('takes passports alone, and ids that a header can hold', async () => {
    const { client, got } = startV3Service()
    const wrong = { ...residency, id_type: 'NIN' as never, user_id: 'Zoë' }
    equal(await issuesOf(submit(client, wrong)), ['user_id wrong_format', 'id_type wrong_format'])
    for (const user_id of [' a', 'a ', 'a\r\nb: c', 'a\u2028', 'x'.repeat(4097)]) {
      equal(await issuesOf(submit(client, { ...residency, id_type: 'PASSPORT', user_id })), [
        'user_id wrong_format',
      ])
    }
    equal(got.length, 0)
  })

  test('with a token, has the user of the token, since browsers may not send that header', async () => {
    const { page, callsOf } = startPage(bound)
    const { consent: _, user_details: __, country: ___, ...rest } = residency
    await submit(page, { ...rest, id_type: 'PASSPORT' })
    await submit(page, { ...rest, id_type: 'PASSPORT', user_id: 'user-1' })
    equal(callsOf().map(idsOf), [
      ['085', null, false],
      ['085', null, false],
    ])
    const { page: unbound, got } = startPage({ ...bound, user_id: undefined })
    equal(await issuesOf(submit(unbound, { ...rest, id_type: 'PASSPORT', user_id: 'user-1' })), [
      'user_id not_allowed',
    ])
    equal(got.length, 0)
  })

  test('does without the header where the token names no partner by number', async () => {
    const { page, callsOf } = startPage({ ...bound, partner_id: 'x\r\ny' })
    const { consent: _, user_details: __, ...rest } = residency
    await submit(page, { ...rest, id_type: 'PASSPORT' })
    equal(idsOf(callsOf()[0]!)[0], null)
  })
})

describe('authentication', () => {
  const user_id = 'user-1'

  test('by the image on file has no others', async () => {
    const { client, callsOf } = startV3Service()
    await submitAuthentication(client, { ...person, user_id, use_enrolled_image: true })
    equal(
      callsOf()[0]!.form.map(([name, value]) => (name in person ? name : [name, value])),
      ['consent', 'user_details', ['user_id', user_id], ['use_enrolled_image', 'true']],
    )
    const both = { ...person, ...selfie, user_id, use_enrolled_image: true } as never
    equal(await issuesOf(submitAuthentication(client, both)), [
      'selfie_image not_allowed',
      'liveness_images not_allowed',
    ])
  })

  test('by a fresh selfie needs it', async () => {
    const { client, callsOf } = startV3Service()
    await submitAuthentication(client, { ...person, ...selfie, user_id, use_enrolled_image: false })
    equal(sentImages(callsOf()[0]!).length, 7)
    const neither = { ...person, user_id, use_enrolled_image: false } as never
    equal(await issuesOf(submitAuthentication(client, neither)), [
      'selfie_image missing',
      'liveness_images missing',
    ])
    // Which of the two is wanted, nobody can tell.
    const unclear = { ...person, user_id, use_enrolled_image: 'true' } as never
    equal(await issuesOf(submitAuthentication(client, unclear)), ['use_enrolled_image wrong_type'])
    const unclearToo = { ...(unclear as object), selfie_image: new Uint8Array(3) } as never
    equal(await issuesOf(submitAuthentication(client, unclearToo)), [
      'use_enrolled_image wrong_type',
      'selfie_image photo_format',
    ])
  })

  test('needs a user, be it of the token', async () => {
    const { client } = startV3Service()
    const nobody = { ...person, use_enrolled_image: true } as never
    equal(await issuesOf(submitAuthentication(client, nobody)), ['user_id missing'])
    const { page } = startPage(bound)
    equal((await submitAuthentication(page, { use_enrolled_image: true })).status, 'accepted')
    const { page: unbound } = startPage({ ...bound, user_id: undefined })
    equal(await issuesOf(submitAuthentication(unbound, { use_enrolled_image: true })), ['user_id missing'])
  })
})
