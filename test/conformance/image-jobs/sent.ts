/** What an image job sends. */
import { unzipSync } from 'fflate'
import { samplePhoto } from 'smileid-edge/emulator'
import { submitImageJob } from 'smileid-edge/image-jobs'
import { confirmSignature } from 'smileid-edge/signature'
import { startRecording } from '../../support/emulated'
import { describe, equal, issuesOf, ok, test } from '../harness'
import { back, digest, frame, job, json, NUMBER, selfie, selfieJob, wait } from './setup'

describe('image jobs: what is sent', () => {
  test('the call that opens the job says what official clients say, and nothing personal', async () => {
    const { client, sent } = startRecording()
    const id_info = { ...NUMBER, first_name: 'Leo', dob: '2000-09-20' }
    await submitImageJob(
      client,
      job(
        1,
        { images: { selfie }, id_info, callback_url: 'https://example.com/cb', allow_new_enroll: true },
        { job_id: 'exact', colour: 'blue' },
      ),
    )
    const { timestamp, signature, ...rest } = json(sent[0]!)
    equal([sent[0]!.method, sent[0]!.url.pathname], ['POST', '/v1/upload'])
    equal(rest, {
      source_sdk: 'rest_api',
      source_sdk_version: '1.0.0',
      smile_client_id: '085',
      partner_params: { user_id: 'u1', job_id: 'exact', job_type: 1, colour: 'blue' },
      file_name: 'selfie.zip',
      model_parameters: {},
      callback_url: 'https://example.com/cb',
      use_enrolled_image: false,
      allow_new_enroll: true,
    })
    ok(timestamp && signature, 'signed')
  })

  test('info.json is exact, and the files are what was given', async () => {
    const { client, sent } = startRecording()
    const id_info = { ...NUMBER, first_name: 'Leo', dob: '2000-09-20' }
    const consent_information = {
      consented: {
        consent_granted_date: '2026-01-01T00:00:00.000Z',
        personal_details: true,
        contact_information: true,
        document_information: true,
      },
    }
    const png = samplePhoto({ type: 'image/png' })
    await submitImageJob(
      client,
      job(
        1,
        {
          images: { selfie, liveness: [frame, png], front: png, back },
          id_info,
          consent_information,
          callback_url: 'https://example.com/cb',
        },
        { job_id: 'exact', colour: 'blue' },
      ),
    )
    const opened = json(sent[0]!)
    const put = sent[1]!
    const { 'info.json': info, ...files } = unzipSync(put.bytes)
    const parsed = JSON.parse(new TextDecoder().decode(info))
    const { upload_url, smile_job_id, ref_id, ...reply } = parsed.server_information
    equal([upload_url, reply], [put.url.href, { camera_config: 'null', code: '2202' }])
    ok(smile_job_id && ref_id.startsWith(`085-${smile_job_id}-`), 'the whole reply')
    equal(parsed, {
      package_information: {
        apiVersion: { buildNumber: 0, majorVersion: 2, minorVersion: 0 },
        language: 'javascript',
      },
      misc_information: {
        timestamp: opened.timestamp,
        signature: opened.signature,
        retry: 'false',
        partner_params: { user_id: 'u1', job_id: 'exact', job_type: 1, colour: 'blue' },
        file_name: 'selfie.zip',
        smile_client_id: '085',
        callback_url: 'https://example.com/cb',
        userData: {
          isVerifiedProcess: false,
          name: '',
          fbUserID: '',
          firstName: '',
          lastName: '',
          gender: '',
          email: '',
          phone: '',
          countryCode: '+',
          countryName: '',
        },
      },
      id_info: { ...id_info, entered: 'true' },
      consent_information,
      images: [
        { image_type_id: 0, image: '', file_name: 'selfie.jpg' },
        { image_type_id: 4, image: '', file_name: 'liveness_1.jpg' },
        { image_type_id: 4, image: '', file_name: 'liveness_2.png' },
        { image_type_id: 1, image: '', file_name: 'id_card_front.png' },
        { image_type_id: 5, image: '', file_name: 'id_card_back.jpg' },
      ],
      server_information: parsed.server_information,
    })
    ok(
      await confirmSignature(
        { partnerId: '085', apiKey: 'emulator-key-of-085' },
        parsed.misc_information,
      ).catch(() => typeof document === 'object'),
      'the pair verifies',
    )
    equal(
      Object.keys(files),
      parsed.images.map(({ file_name }: { file_name: string }) => file_name),
    )
    equal(
      await Promise.all(Object.values(files).map(digest)),
      await Promise.all([selfie, frame, png, png, back].map(digest)),
    )
  })

  test('the upload carries what was signed, and no credentials', async () => {
    const { client, sent } = startRecording()
    await submitImageJob(client, selfieJob(), wait)
    const { method, url, headers } = sent[1]!
    equal(
      [method, url.protocol, url.hostname, url.searchParams.get('Content-Type')],
      ['PUT', 'https:', 'smile-uploads-test.s3.us-west-2.amazonaws.com', 'application/zip'],
    )
    const { accept, 'content-length': length, ...rest } = headers
    equal(rest, { 'content-type': 'application/zip' })
    ok(
      accept === '*/*' && (length === undefined || length === String(sent[1]!.bytes.length)),
      'what fetch adds',
    )
  })

  test('after a BVN consent, the session stands in for the number', async () => {
    const { client, emulator } = startRecording()
    await submitImageJob(
      client,
      job(1, { images: { selfie }, id_info: { country: 'NG', id_type: 'BVN_MFA', session_id: 's1' } }),
      wait,
    )
    equal(emulator.uploads.length, 1)
  })

  test("what was checked is what is sent, whatever happens to the caller's object meanwhile", async () => {
    const { emulator, client } = startRecording()
    const input = job(
      4,
      {
        images: {
          selfie: async () => {
            input.partner_params.user_id = ''
            input.id_info = { a: 1 }
            return selfie
          },
        },
      },
      { user_id: 'before' },
    )
    equal((await submitImageJob(client, input, wait)).user_id, 'before')
    equal(emulator.uploads[0]!.job.user_id, 'before')
    const cycle: any = {}
    cycle.self = cycle
    equal(await issuesOf(submitImageJob(client, { ...selfieJob({ cycle }), images: {} }, wait)), [
      'partner_params wrong_type',
      'images.selfie missing',
    ])
  })
})
