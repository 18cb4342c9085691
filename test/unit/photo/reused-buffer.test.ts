/** Photos from iterators that use their buffer again, as readers of files and sockets do. */
import { backfillUser, readPhoto, submitImageJob } from 'smileid-edge'
import { samplePhoto } from 'smileid-edge/emulator'
import { describe, expect, it } from 'vitest'
import { start } from '../../support/emulated'

const ids = { user_id: 'v', job_id: 'j' }

describe('an iterator that uses its buffer again', () => {
  const photo = samplePhoto()
  /** In pieces of a hundred bytes, each in the same buffer. */
  async function* pieces() {
    const buffer = new Uint8Array(100)
    for (let at = 0; at < photo.length; at += buffer.length) {
      const piece = photo.subarray(at, at + buffer.length)
      buffer.set(piece)
      yield buffer.subarray(0, piece.length)
    }
  }

  it('is read whole', async () => {
    expect((await readPhoto(pieces())).bytes).toEqual(photo)
    const { client, emulator } = start()
    await backfillUser(client, { user_id: 'u', user_created_at: '2021-08-12', photo: pieces() })
    await submitImageJob(
      client,
      { partner_params: { ...ids, job_type: 4 }, images: { selfie: pieces(), liveness: [pieces()] } },
      { willWait: true },
    )
    expect(emulator.isEnrolled('u')).toBe(true)
    expect(emulator.uploads[0]!.problems).toEqual([])
  })
})
