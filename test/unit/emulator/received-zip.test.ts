/** What the emulator says about zips that were made without the SDK. */
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { interpretResult } from 'smileid-edge/result'
import {
  type Body,
  START,
  base64,
  selfie,
  front,
  params,
  SELFIE,
  FRONT,
  ID,
  service,
} from './image-job-service.ts'

/** Of one pixel's width, as its frame header says. */
const tiny = Uint8Array.from(selfie)
tiny.set([0, 1], tiny.findIndex((byte, i) => byte === 0xff && tiny[i + 1] === 0xc0) + 7)

describe('a zip', () => {
  const BAD_ZIP = {
    job_complete: true,
    job_success: false,
    code: '2302',
    result: { ResultCode: '0903', ResultText: 'Zip Corrupt', IsFinalResult: 'true' },
  }
  it.each<[string, number, Body, Record<string, Uint8Array>, string]>([
    [
      'an entry without its file',
      4,
      { images: [{ ...SELFIE, file_name: 'other.jpg' }] },
      {},
      'images[0].file_name: no such file',
    ],
    [
      'info.json as an image',
      4,
      { images: [{ ...SELFIE, file_name: 'info.json' }] },
      {},
      'images[0].file_name: no such file',
    ],
    [
      'a path where a file is meant',
      4,
      { images: [{ ...SELFIE, image: './selfie.jpg' }] },
      {},
      'images[0].image: must be empty where a file is meant',
    ],
    [
      'a liveness frame as a path',
      4,
      { images: [SELFIE, { image_type_id: 4, image: './l.jpg', file_name: '' }] },
      {},
      'images[1].file_name: no such file',
    ],
    [
      'inline without base64',
      4,
      { images: [{ image_type_id: 2, image: '?', file_name: '' }] },
      {},
      'images[0].image: must be base64',
    ],
    [
      'inline with a file',
      4,
      { images: [{ image_type_id: 2, image: base64(selfie), file_name: 'selfie.jpg' }] },
      {},
      'images[0].file_name: must be empty where base64 is meant',
    ],
    [
      'an unknown kind',
      4,
      { images: [{ ...SELFIE, image_type_id: 8 }] },
      {},
      'images[0].image_type_id: must be 0 to 7',
    ],
    [
      'a kind that is a list',
      4,
      { images: [{ ...SELFIE, image_type_id: [0] }] },
      {},
      'images[0].image_type_id: must be 0 to 7',
    ],
    ['no images', 4, { images: [] }, {}, 'images: must be a list'],
    ['images that are no list', 4, { images: {} }, {}, 'images: must be a list'],
    ['no selfie', 4, { images: [{ ...SELFIE, image_type_id: 4 }] }, {}, 'images: a selfie is required'],
    ['no ID card', 6, { images: [SELFIE] }, {}, 'images: the front of an ID card is required'],
    [
      'no ID card and no number',
      1,
      { id_info: { entered: 'false' } },
      {},
      'images: the front of an ID card is required',
    ],
    ['a number without its kind', 1, { id_info: { ...ID, id_type: '' } }, {}, 'id_info.id_type: is required'],
    ['no country', 6, { id_info: {} }, {}, 'id_info.country: is required'],
    ['no kind of document', 11, { id_info: { country: 'GH' } }, {}, 'id_info.id_type: is required'],
    [
      'a country in words',
      6,
      { id_info: { country: 'Ghana' } },
      {},
      'id_info.country: must be two capital letters',
    ],
    ['entered as a word', 4, { id_info: { entered: 'yes' } }, {}, 'id_info.entered: must be true or false'],
    ['a number for a text', 4, { id_info: { dob: 1990 } }, {}, 'id_info.dob: must be text'],
    ['a list for id_info', 4, { id_info: [] }, {}, 'id_info: must be an object'],
    [
      'another job',
      4,
      { misc_information: { partner_params: params(4, { job_id: 'j2' }) } },
      {},
      'misc_information.partner_params: not as announced',
    ],
    [
      'another partner',
      4,
      { misc_information: { smile_client_id: '086' } },
      {},
      'misc_information.smile_client_id: not as announced',
    ],
    [
      'a wrong signature',
      4,
      { misc_information: { timestamp: START, signature: 'e30=' } },
      {},
      'misc_information.signature: wrong',
    ],
  ])('with %s ends the job', async (_, type, info, files, problem) => {
    const { emulator, submit, status } = service()
    expect((await submit(params(type), { info, files })).status).toBe(200)
    expect(emulator.uploads[0]!.problems).toContain(problem)
    expect(await status()).toMatchObject(BAD_ZIP)
    expect(JSON.stringify(emulator.uploads)).not.toContain('CANARY')
    expect(interpretResult((await status()) as never)).toMatchObject({
      decision: 'rejected',
      final: true,
      retryable: true,
    })
  })

  it.each<[string, Uint8Array, string]>([
    ['no zip', new TextEncoder().encode('no zip'), 'it is no zip'],
    ['nothing', new Uint8Array(), 'it is no zip'],
    ['a zip without info.json', zipSync({ 'selfie.jpg': selfie }), 'there is no info.json'],
    ['an info.json that is no JSON', zipSync({ 'info.json': selfie }), 'info.json is no JSON'],
    [
      'a list for info.json',
      zipSync({ 'info.json': new TextEncoder().encode('[]') }),
      'info.json is no JSON',
    ],
  ])('that is %s ends the job', async (_, zip, problem) => {
    const { emulator, prepare, put, status } = service()
    await put((await prepare(params(4))).body.upload_url, Uint8Array.from(zip))
    expect(emulator.uploads[0]!.problems).toEqual([problem])
    expect(await status()).toMatchObject(BAD_ZIP)
  })

  it.each<[string, Body, Record<string, Uint8Array>]>([
    ['a file that no entry names', {}, { 'CANARY.jpg': front }],
    ['a timestamp that nobody signed', { misc_information: { timestamp: START } }, {}],
    ['a timestamp that is none', { misc_information: { timestamp: 'CANARY' } }, {}],
  ])('with %s is taken', async (_, info, files) => {
    const { emulator, submit, status } = service()
    await submit(params(4), { info, files })
    await emulator.advance(10_000)
    expect(emulator.uploads[0]!.problems).toEqual([])
    expect(await status()).toMatchObject({ job_complete: true, job_success: true })
    expect(JSON.stringify(emulator.uploads)).not.toContain('CANARY')
  })

  it('that says entered without a number, beside a card, is a choice', async () => {
    const changes = {
      info: { id_info: { country: '', id_type: '', id_number: '', entered: true }, images: [SELFIE, FRONT] },
    }
    const byDefault = service()
    await byDefault.submit(params(1), changes)
    await byDefault.emulator.advance(10_000)
    expect((await byDefault.status()).result.Actions).toMatchObject({
      Selfie_To_ID_Card_Compare: 'Completed',
    })
    const strict = service({ choices: { enteredWithoutNumber: 'refuse' } })
    await strict.submit(params(1), changes)
    expect(strict.emulator.uploads[0]!.problems).toContain('id_info.id_number: is required')
    expect(await strict.status()).toMatchObject(BAD_ZIP)
  })

  it('that lies can have another code', async () => {
    const { submit, status } = service({ choices: { badInfoCode: '2203' } })
    await submit(params(4), { info: { images: [] } })
    expect((await status()).result.ResultCode).toBe('2203')
  })

  it.each<[string, Body[], Record<string, Uint8Array>, string]>([
    ['no picture', [SELFIE, FRONT], { 'selfie.jpg': new Uint8Array(500) }, 'Selfie'],
    ['cut off', [SELFIE, FRONT], { 'selfie.jpg': selfie.slice(0, -20) }, 'Selfie'],
    [
      'tiny, inline, as a liveness frame',
      [SELFIE, FRONT, { image_type_id: 6, image: base64(tiny), file_name: '' }],
      {},
      'Selfie',
    ],
    ['a cut card', [SELFIE, FRONT], { 'front.jpg': front.slice(0, 300) }, 'ID Card'],
    [
      'the back of it',
      [SELFIE, FRONT, { image_type_id: 5, file_name: 'back.png' }],
      { 'back.png': new Uint8Array(9) },
      'ID Card',
    ],
  ])('with an image that is %s', async (_, images, files, what) => {
    const { submit, status, emulator } = service()
    await submit(params(6), { info: { images }, files })
    expect(await status()).toMatchObject({
      job_complete: true,
      job_success: false,
      result: { ResultCode: '0001', ResultText: `${what} image unusable` },
    })
    expect(interpretResult((await status()) as never).decision).toBe('rejected')
    await emulator.advance(60_000)
    expect(emulator.isEnrolled('u1')).toBe(false)
  })
})
