/** What the emulator shows of a zip. */
import { expect, it } from 'vitest'
import { samplePhoto } from 'smileid-edge/emulator'
import { base64, FRONT, front, params, SELFIE, selfie, service, sha256, sign } from './image-job-service.ts'

it('shows what came, under its kind, and nothing personal', async () => {
  const { emulator, submit } = service()
  const liveness = [3, 4].map((seed) => samplePhoto({ seed }))
  const back = samplePhoto({ type: 'image/png' })
  const images = [
    { ...SELFIE, image_type_id: '0' },
    FRONT,
    { image_type_id: 4, file_name: 'l.jpg' },
    { image_type_id: 6, image: base64(liveness[1]!), file_name: '' },
    { image_type_id: 5, image: '', file_name: 'back.png' },
  ]
  await submit(params(6), {
    info: {
      images,
      id_info: { country: 'GH', first_name: 'CANARY', id_number: 'CANARY', entered: false },
      consent_information: { consented: { consent_granted_date: 'CANARY' } },
    },
    files: {
      'l.jpg': liveness[0]!,
      'back.png': back,
      'security_info.json': new TextEncoder().encode('{}'),
    },
  })
  const [upload] = emulator.uploads
  expect(upload).toMatchObject({
    job: { user_id: 'u1', job_id: 'j1' },
    smileJobId: '0000000001',
    problems: [],
  })
  expect(upload!.files).toEqual(
    [
      ['selfie.jpg', 0, selfie],
      ['front.jpg', 1, front],
      ['l.jpg', 4, liveness[0]!],
      ['', 6, liveness[1]!],
      ['back.png', 5, back],
    ].map(([name, image_type_id, bytes]) => ({
      name,
      image_type_id,
      sha256: sha256(bytes as Uint8Array),
      bytes: (bytes as Uint8Array).length,
    })),
  )
  expect(upload!.info).toMatchObject({
    package_information: { language: 'test' },
    misc_information: {
      retry: 'false',
      partner_params: params(6),
      smile_client_id: '085',
      signature: 'string',
      userData: { name: 'string' },
    },
    id_info: { country: 'string', first_name: 'string', id_number: 'string', entered: 'boolean' },
    server_information: { upload_url: 'string' },
  })
  const seen = JSON.stringify([emulator.uploads, emulator.calls, [...emulator.users]])
  for (const secret of ['CANARY', base64(liveness[1]!), sign().signature]) expect(seen).not.toContain(secret)
})
