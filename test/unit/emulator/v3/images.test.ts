/** Products with images: what is looked at, who is enrolled, and how they end. */
import { createClient } from 'smileid-edge/client'
import { backfillUser } from 'smileid-edge/backfill'
import { samplePhoto } from 'smileid-edge/emulator'
import { describe, expect, it, test } from 'vitest'
import { changed, CLEARWATER, frames, GOOD, jpeg, type Parts, png, startV3 } from './requests.ts'

const WITH_FRAMES = [
  '/v3/biometric_kyc',
  '/v3/document_verification',
  '/v3/enhanced_document_verification',
  '/v3/residency_document_verification',
  '/v3/registration',
  '/v3/authentication',
]
const PRODUCTS: Readonly<Record<string, string>> = {
  '/v3/biometric_kyc': 'biometric_kyc',
  '/v3/document_verification': 'document_verification',
  '/v3/enhanced_document_verification': 'enhanced_document_verification',
  '/v3/residency_document_verification': 'residency_document_verification',
  '/v3/registration': 'smart_selfie_registration',
  '/v3/authentication': 'smart_selfie_authentication',
  '/v3/compare': 'smart_selfie_compare',
}
const REGISTER = '/v3/registration'
const AUTHENTICATE = '/v3/authentication'

const person = (given_names: string, last_name: string) => ({
  given_names,
  last_name,
  email: `${given_names.split(' ')[0]}.${last_name}@example.com`.toLowerCase(),
})
const withFrames = (path: string, count: number): Parts => [
  ...changed(path, { liveness_images: undefined }),
  ...frames(count),
]

/** The result that the job's callback tells. */
async function ended(world: ReturnType<typeof startV3>): Promise<Record<string, any>> {
  await world.emulator.advance(20_000)
  return (await world.emulator.callbacks.at(-1)!.json()) as Record<string, any>
}

describe.each(Object.keys(PRODUCTS))('%s', (path) => {
  it('ends clear for whoever is known to be, with links to its images', async () => {
    const world = startV3()
    expect((await world.submit(path)).status).toBe(202)
    const result = await ended(world)
    expect(result).toMatchObject({
      status: 'clear',
      reason: null,
      product: PRODUCTS[path],
      image_links: { selfie_image: expect.stringMatching(/^https:/) },
      antifraud: { fraud_risk: { risk_level: 'low' }, summary: { fraud_detected: false } },
    })
    expect(result.message).toBe(`${path === REGISTER ? 'Enrollment' : 'Verification'} successful`)
  })

  it('takes one JPEG as selfie, declared as one', async () => {
    const { submit } = startV3()
    const asText = await submit(path, changed(path, { selfie_image: 'text' }))
    const named = await submit(path, changed(path, { selfie_image: { ...jpeg(), type: 'image/png' } }))
    const two = await submit(path, [...GOOD[path]!, ['selfie_image', jpeg()]])
    for (const { status, body } of [asText, named, two]) {
      expect([status, body.message]).toEqual([400, "Required field 'selfie_image' is missing or invalid."])
    }
  })

  it('ends in an error over an image that is cut off', async () => {
    const world = startV3()
    const cutOff = { ...jpeg(), bytes: jpeg().bytes.slice(0, 400) }
    expect((await world.submit(path, changed(path, { selfie_image: cutOff }))).status).toBe(202)
    expect(await ended(world)).toMatchObject({ status: 'error', reason: 'image_unavailable_or_invalid' })
  })
})

describe.each(WITH_FRAMES)('%s', (path) => {
  it.each([
    [0, "Required field 'liveness_images' is missing or invalid."],
    [5, 'liveness_images must contain at least 6 images.'],
    [9, 'liveness_images must contain at most 8 images.'],
  ])('refuses %i frames', async (count, message) => {
    const { status, body } = await startV3().submit(path, withFrames(path, count))
    expect([status, body.message]).toEqual([400, message])
  })

  it('takes eight frames, or as many as was chosen, and none under indexed names', async () => {
    expect((await startV3().submit(path, withFrames(path, 8))).status).toBe(202)
    const one = startV3({ v3: { livenessCount: [1, 8] } })
    expect((await one.submit(path, withFrames(path, 1))).status).toBe(202)
    const indexed = frames().map(([name, value], index) => [`${name}[${index}]`, value]) as Parts
    const without = changed(path, { liveness_images: undefined })
    expect((await startV3().submit(path, [...without, ...indexed])).status).toBe(400)
    expect(
      (await startV3().submit(path, [...without, ...frames(5), ['liveness_images', png()]])).status,
    ).toBe(400)
  })
})

test.each([
  ['/v3/document_verification', 'Ade Ogundimu', 'Forgeman', 'block', 'document_check_failed'],
  ['/v3/document_verification', 'Olumide Fashola', 'Oddpaper', 'block', 'unsupported_document'],
  ['/v3/document_verification', 'Adaeze Nnamdi', 'Xeroxley', 'attention', 'document_copy_detected'],
  ['/v3/document_verification', 'Tunde Bakare', 'Oldfield', 'attention', 'document_expired'],
  ['/v3/document_verification', 'Segun Olawale', 'Puzzleton', 'error', 'document_unclassifiable'],
  ['/v3/enhanced_document_verification', 'Ifeanyi Okeke', 'Missingley', 'block', 'identifier_not_found'],
  ['/v3/enhanced_document_verification', 'Wale Oladipo', 'Badnumber', 'error', 'invalid_id_number'],
  ['/v3/biometric_kyc', 'Fatima Bello', 'Ghostwell', 'block', 'identifier_not_found'],
  ['/v3/biometric_kyc', 'Ngozi Ifeoma', 'Downsworth', 'error', 'service_unavailable'],
  ['/v3/registration', 'Obinna Chukwu', 'Twinley', 'block', 'face_verification_failed'],
  ['/v3/registration', 'Taiwo Adeyemi', 'Masquero', 'block', 'spoof_detected'],
  ['/v3/compare', 'Kofi Mensah', 'Blurton', 'error', 'image_unavailable_or_invalid'],
  ['/v3/compare', 'Chidinma Obi', 'Glitchford', 'error', 'internal_error'],
  ['/v3/authentication', 'Rashid Omar', 'Dangerfield', 'block', 'high_risk'],
  ['/v3/authentication', 'Any', 'Lockhart', 'block', 'account_locked_fraud'],
])('%s of %s %s ends in %s, %s', async (path, given, last, status, reason) => {
  const world = startV3()
  await world.submit(path, changed(path, { user_details: person(given, last) }))
  const result = await ended(world)
  expect(result).toMatchObject({ status, reason })
  // What was read is told neither with a block nor with an error.
  if (status !== 'attention') expect('id_fields' in result).toBe(false)
})

test('a residency document tells of its visa, and of nothing once it is blocked', async () => {
  const path = '/v3/residency_document_verification'
  const world = startV3()
  await world.submit(path)
  expect((await ended(world)).additional_documents).toHaveLength(1)
  await world.submit(path, changed(path, { user_details: person('Ade Ogundimu', 'Forgeman') }))
  expect((await ended(world)).additional_documents).toEqual([])
})

test('residency takes its user from the header, and wants the partner there, in three digits', async () => {
  const path = '/v3/residency_document_verification'
  const world = startV3()
  const named = await world.submit(path, changed(path, { user_id: 'body' }), { 'User-ID': 'head' })
  expect(named.body.user_id).toBe('head')
  const token = await world.token()
  const bare = await world.post(path, GOOD[path]!, token)
  expect([bare.status, bare.body.message]).toEqual([400, "Header 'SmileID-Partner-ID' is required."])
  expect((await world.post(path, GOOD[path]!, { ...token, 'SmileID-Partner-ID': '85' })).status).toBe(400)
  const chosen = startV3({ v3: { residencyNeedsPartnerId: false } })
  expect((await chosen.post(path, GOOD[path]!, await chosen.token())).status).toBe(202)
})

test.each([
  ['0', 'clear', null],
  ['1', 'block', 'face_verification_failed'],
  ['840', 'clear', null],
  ['1013', 'block', 'identifier_not_found'],
  ['1220', 'error', 'internal_error'],
])('sandbox_result %s forces %s', async (code, status, reason) => {
  const world = startV3()
  await world.submit('/v3/compare', changed('/v3/compare', { sandbox_result: code }))
  expect(await ended(world)).toMatchObject({ status, reason })
})

test('sandbox_result counts for selfies and biometric KYC alone, and not in production', async () => {
  const document = startV3()
  const path = '/v3/document_verification'
  await document.submit(path, changed(path, { sandbox_result: '1' }))
  expect(await ended(document)).toMatchObject({ status: 'clear' })
  const live = startV3({}, { origin: 'https://api.smileidentity.com' })
  await live.submit('/v3/compare', changed('/v3/compare', { sandbox_result: '1' }))
  expect(await ended(live)).toMatchObject({ status: 'clear' })
})

describe('sizes', () => {
  it('end at 4.5 MB, at what was chosen, and for the gateway at 10 MB', async () => {
    const path = REGISTER
    const pad = (bytes: number): Parts => [...GOOD[path]!, ['padding', 'x'.repeat(bytes)]]
    const { submit } = startV3()
    expect((await submit(path, pad(4_500_000))).status).toBe(202)
    const large = await submit(path, pad(4_718_592))
    expect([large.status, large.body.message]).toEqual([413, 'selfie_image is too large.'])
    const huge = await submit(path, pad(10 * 1024 * 1024))
    expect([huge.status, huge.body.status]).toEqual([413, 'payload_too_large'])
    const chosen = startV3({ v3: { maxBodyBytes: 1_000 } })
    expect(
      (await chosen.submit('/v3/address', [...GOOD['/v3/address']!, ['x', 'x'.repeat(999)]])).status,
    ).toBe(413)
  })
})

describe('users', () => {
  it('are enrolled once their registration is clear', async () => {
    const { emulator, submit } = startV3()
    await submit(REGISTER, [...GOOD[REGISTER]!, ['user_id', 'u']])
    expect(emulator.isEnrolled('u')).toBe(false)
    await emulator.advance(10_000)
    expect(emulator.isEnrolled('u')).toBe(true)
    await submit(REGISTER, [
      ...changed(REGISTER, { user_details: person('Taiwo Adeyemi', 'Masquero') }),
      ['user_id', 'v'],
    ])
    await emulator.advance(10_000)
    expect(emulator.isEnrolled('v')).toBe(false)
  })

  it('are enrolled again where that is allowed, and else fail by callback or at once', async () => {
    const again: Parts = [...GOOD[REGISTER]!, ['user_id', 'u']]
    const world = startV3()
    world.emulator.setUser('u', 'enrolled')
    expect((await world.submit(REGISTER, again)).status).toBe(202)
    expect(await ended(world)).toMatchObject({ status: 'block', reason: null, message: 'Enrollment failed' })
    await world.submit(REGISTER, [...again, ['allow_new_enroll', 'true']])
    expect(await ended(world)).toMatchObject({ status: 'clear' })
    const chosen = startV3({ v3: { enrolledAgain: 'refuse' } })
    chosen.emulator.setUser('u', 'enrolled')
    expect((await chosen.submit(REGISTER, again)).status).toBe(400)
  })

  it('of v1 can authenticate, unless the generations are apart', async () => {
    for (const sharedUsers of [true, false]) {
      const world = startV3({ v3: { sharedUsers, authenticationOfUnknown: 'refuse' } })
      const client = createClient(world.emulator.clientOptions)
      await backfillUser(client, { user_id: 'user-1', user_created_at: '2021-08-12', photo: samplePhoto() })
      expect((await world.submit(AUTHENTICATE)).status).toBe(sharedUsers ? 202 : 400)
    }
  })

  it('who are not enrolled authenticate as was chosen: the sandbox clears them', async () => {
    const cleared = startV3()
    await cleared.submit(AUTHENTICATE)
    expect(await ended(cleared)).toMatchObject({ status: 'clear' })
    const told = startV3({ v3: { authenticationOfUnknown: 'callback' } })
    await told.submit(AUTHENTICATE)
    expect(await ended(told)).toMatchObject({ status: 'block', reason: 'face_verification_failed' })
    const live = startV3({}, { origin: 'https://api.smileidentity.com' })
    await live.submit(AUTHENTICATE)
    expect(await ended(live)).toMatchObject({ status: 'block', reason: 'face_verification_failed' })
  })

  it('authenticate without a picture by the one on file', async () => {
    const world = startV3()
    const onFile = changed(AUTHENTICATE, { selfie_image: undefined, liveness_images: undefined })
    expect((await world.submit(AUTHENTICATE, onFile)).status).toBe(400)
    expect((await world.submit(AUTHENTICATE, [...onFile, ['use_enrolled_image', 'true']])).status).toBe(202)
    const wrong = await world.submit(AUTHENTICATE, [...onFile, ['use_enrolled_image', 'yes']])
    expect(wrong.body.message).toBe("Required field 'use_enrolled_image' is missing or invalid.")
  })

  it('are enrolled by a comparison that passes, where one is named', async () => {
    const { emulator, submit } = startV3()
    const { body } = await submit('/v3/compare')
    await submit('/v3/compare', [...GOOD['/v3/compare']!, ['user_id', 'u']])
    await emulator.advance(10_000)
    expect([emulator.isEnrolled('u'), emulator.isEnrolled(String(body.user_id))]).toEqual([true, false])
  })

  it('who are reported are locked, until the report is taken back', async () => {
    const world = startV3({ v3: { lockedReason: 'account_locked' } })
    world.emulator.setUser('user-1', 'enrolled')
    const report = (parts: Parts) =>
      world.submit('/v3/users/user-1/report_fraud', [['reported_by', 'team@partner.example'], ...parts])
    const flagged = await report([
      ['is_fraud', 'true'],
      ['reason', 'MULE_ACCOUNT'],
    ])
    expect({ status: flagged.status, body: flagged.body }).toEqual({
      status: 202,
      body: { status: 'accepted', message: 'Fraud report accepted', user_id: 'user-1' },
    })
    await world.submit(AUTHENTICATE)
    expect(await ended(world)).toMatchObject({ status: 'block', reason: 'account_locked' })
    await report([
      ['is_fraud', 'false'],
      ['reason', 'NONSENSE'],
      ['notes', 'A mistake.'],
    ])
    await world.submit(AUTHENTICATE)
    expect(await ended(world)).toMatchObject({ status: 'clear' })
  })
})

test('the next verdicts can be set, also for people whom the sandbox does not know', async () => {
  const world = startV3()
  world.emulator.v3.endNext({ status: 'attention', reason: 'medium_risk' }, { status: 'clear' })
  const nobody = changed(REGISTER, { user_details: { ...CLEARWATER, last_name: 'Nobody' } })
  await world.submit(REGISTER, nobody)
  expect(await ended(world)).toMatchObject({ status: 'attention', reason: 'medium_risk' })
  await world.submit(REGISTER, nobody)
  expect(await ended(world)).toMatchObject({ status: 'clear', reason: null })
  expect((await world.submit(REGISTER, nobody)).status).toBe(400)
})
