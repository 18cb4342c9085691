/** An emulator that begins anew. */
import { backfillUser } from 'smileid-edge/backfill'
import { createClient } from 'smileid-edge/client'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { expect, test } from 'vitest'

const enrol = (emulator: ReturnType<typeof createEmulator>, user_id: string) =>
  backfillUser(
    createClient(emulator.clientOptions),
    { user_id, user_created_at: '2021-08-12', photo: samplePhoto() },
    { maxRetries: 0 },
  )

test('an emulator that follows another one gives no number of a job twice, also after a reset', async () => {
  const emulator = createEmulator({ jobsBefore: 41 })
  expect((await enrol(emulator, 'u')).SmileJobID).toBe('0000000042')
  emulator.reset()
  expect((await enrol(emulator, 'u')).SmileJobID).toBe('0000000042')
})

test('faults that were added can be taken back, and nothing else with them', async () => {
  const emulator = createEmulator({
    faults: [{ on: 'backfill_users', after: 1, fault: { kind: 'status', status: 402 } }],
  })
  emulator.addFault({ times: 100, fault: { kind: 'status', status: 500 } })
  await expect(enrol(emulator, 'u1')).rejects.toMatchObject({ status: 500 })
  emulator.clearFaults()
  await enrol(emulator, 'u1')
  await expect(enrol(emulator, 'u2')).rejects.toMatchObject({ status: 402 })
  expect(emulator.isEnrolled('u1')).toBe(true)
})
