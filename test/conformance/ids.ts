/** Ids that nobody can see, type or write: refused wherever an id goes out, before anything is sent. */
import { backfillUser } from 'smileid-edge/backfill'
import { backfillRow, backfillUsers } from 'smileid-edge/bulk'
import { sendBackfill } from 'smileid-edge/cloudflare'
import { samplePhoto } from 'smileid-edge/emulator'
import { verifyId } from 'smileid-edge/id-verification'
import { submitImageJob } from 'smileid-edge/image-jobs'
import { getJobStatus } from 'smileid-edge/job-status'
import { authenticateSmartSelfie, enrollSmartSelfie } from 'smileid-edge/smart-selfie'
import { createWebToken } from 'smileid-edge/web-token'
import { row } from '../support/rows'
import { describe, equal, ok, rejection, test } from './harness'
import { drain, startBulk } from './bulk/setup'

const UNSEEN: Readonly<Record<string, string>> = {
  'zero-width space': 'u\u200b1',
  'zero-width joiner': 'u\u200d1',
  'byte order mark': '\ufeffu1',
  'marks of direction': '\u202au1\u202c',
  'soft hyphen': 'u\u00ad1',
  'next line': 'u\u00851',
  delete: 'u\u007f1',
  'line separator': 'u\u20281',
  'no-break space': 'u\u00a01',
  'ideographic space': 'u\u30001',
  'half a character': 'u\ud83d',
  'the other half': '\ude00u',
  'Hangul filler': 'u\u3164',
}

const images = { selfie_image: samplePhoto(), liveness_images: [samplePhoto()] }

describe('ids', () => {
  test('with what cannot be seen are refused by name, and never quoted', async () => {
    const { emulator, client, journal } = startBulk()
    const queue = { sendBatch: async () => {} }
    const user_created_at = '2021-08-12'
    for (const [name, id] of Object.entries(UNSEEN)) {
      const job = { user_id: id, job_id: 'j' }
      const calls: Record<string, () => Promise<unknown>> = {
        backfillUser: () => backfillUser(client, row(id)),
        sendBackfill: () => sendBackfill(queue, [{ user_id: id, user_created_at, photo: 'key' }]),
        submitImageJob: () =>
          submitImageJob(
            client,
            { partner_params: { ...job, job_type: 4 }, images: { selfie: samplePhoto() } },
            { willWait: true },
          ),
        'job_id of submitImageJob': () =>
          submitImageJob(
            client,
            { partner_params: { user_id: 'u', job_id: id, job_type: 4 }, images: { selfie: samplePhoto() } },
            { willWait: true },
          ),
        enrollSmartSelfie: () => enrollSmartSelfie(client, { user_id: id, ...images }),
        authenticateSmartSelfie: () => authenticateSmartSelfie(client, { user_id: id, ...images }),
        createWebToken: () =>
          createWebToken(client, { ...job, product: 'smartselfie', callback_url: 'https://example.com/' }),
        getJobStatus: () => getJobStatus(client, job),
        'job_id of getJobStatus': () => getJobStatus(client, { user_id: 'u', job_id: id }),
        verifyId: () =>
          verifyId(client, {
            partner_params: { ...job, job_type: 5 },
            id_info: { country: 'NG', id_type: 'BVN', id_number: '00000000000' },
          }),
      }
      for (const [call, send] of Object.entries(calls)) {
        const { code, message } = await rejection(send())
        equal([name, call, code], [name, call, 'invalid_input'])
        ok(/_id has .*U\+[0-9A-F]{4}.*: (take it out|write )/.test(message), `${call}: ${message}`)
        ok(!message.includes(id), call)
      }
      equal((await backfillRow(client, row(id), { journal })).state, 'invalid')
    }
    equal(emulator.calls.length, 0)
  })

  test('of halves of characters are no two ids that look like one to an HMAC', async () => {
    for (const hideUserIds of [false, true]) {
      const { emulator, client, journal } = startBulk()
      const rows = [row('ada-\ud83d'), row('ada-\ude00'), row('ada-\ud83d\ude00')]
      const { outcomes } = await drain(backfillUsers(client, rows, { journal, hideUserIds, concurrency: 1 }))
      equal(
        outcomes.map(({ state }) => state),
        ['invalid', 'invalid', 'enrolled'],
      )
      equal(
        [...emulator.users].map(({ user_id }) => user_id),
        ['ada-\ud83d\ude00'],
      )
    }
  })

  test('of all letters, and of whole emoji, are enrolled as they are', async () => {
    const { emulator, client } = startBulk()
    const ids = [
      'Adé 😀',
      '山田 太郎',
      'ada\u0301',
      'مريم',
      '❤\ufe0f',
      'x'.repeat(60_000),
      '"'.repeat(30_000),
    ]
    for (const id of ids) await backfillUser(client, row(id))
    equal(
      [...emulator.users].map(({ user_id }) => user_id),
      ids,
    )
    for (const id of ['x'.repeat(60_001), '"'.repeat(30_001)]) {
      const { issues } = await rejection(backfillUser(client, row(id)))
      equal(issues, [{ path: 'user_id', code: 'wrong_format', message: 'is longer than 60000 bytes' }])
    }
  })
})
