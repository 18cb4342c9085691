/** The program of somebody who watches customers, as it runs against the emulator. */
import { createClient } from 'smileid-edge/client'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { submitBiometricKyc } from 'smileid-edge/v3/biometric-kyc'
import { afterAll, expect, it, vi } from 'vitest'

const partner = { partnerId: '085', apiKey: 'key of the screening program' }
const noted: string[] = []
const answers: number[] = []
const emulator = createEmulator({
  // Updates go to the portal's address.
  partners: [{ ...partner, callbackUrl: 'https://bank.example/smile-id' }],
  startAt: new Date(),
  async onCallback(request) {
    const { POST } = await program
    const response = await POST(request)
    answers.push(response.status)
    return response
  },
})

vi.stubGlobal('fetch', emulator.fetch)
vi.stubGlobal('desk', { note: (_published: string, title: string) => void noted.push(title) })
afterAll(() => void vi.unstubAllGlobals())
const program = import('../../types/v3-aml-monitoring.ts')

const customer = (id: string) => ({
  id,
  given_names: 'Bukola',
  last_name: 'Oni',
  email: 'bukola.oni@example.com',
  born: 1990,
  countries: ['NG', 'KE'] as const,
  agreedAt: new Date(Date.now() - 60_000),
})

/** The record by which a customer is watched. */
async function identify(user_id: string): Promise<void> {
  const { given_names, last_name, email, agreedAt } = customer(user_id)
  const frames = [11, 12, 13, 14, 15, 16].map((seed) => samplePhoto({ seed }))
  await submitBiometricKyc(createClient({ ...partner, environment: 'production' }), {
    country: 'NG',
    id_type: 'NIN_V2',
    id_number: '00000000000',
    user_id,
    user_details: { given_names, last_name, email },
    consent: {
      granted: true,
      granted_at: agreedAt,
      notice_language: 'EN',
      notice_privacy_policy_url: 'https://bank.example/privacy',
    },
    selfie_image: samplePhoto(),
    liveness_images: frames,
  })
  await emulator.advance(60_000)
  await vi.waitUntil(() => answers.length === 1, { timeout: 60_000 })
}

it('opens an account by its screening, which a second run does not pay again', async () => {
  const { mayOpen } = await program
  const billed = emulator.v3.bills.length
  expect(await mayOpen(customer('customer-1'))).toBe(true)
  expect(await mayOpen(customer('customer-1'))).toBe(true)
  expect(emulator.v3.bills.length - billed).toBe(1)
  emulator.v3.endNext({ status: 'block', reason: 'aml_match_found' })
  expect(await mayOpen(customer('customer-2'))).toBe(false)
  emulator.addFault({ on: 'v3/aml/sync', fault: { kind: 'status', status: 408 } })
  expect(await mayOpen(customer('customer-3'))).toBe(false)
})

it('reads all that is written about who is found, and again when there is an update', async () => {
  const { watch } = await program
  await identify('customer-4')
  emulator.v3.endNext({ status: 'attention', reason: 'news_media_match' })
  const { job_id } = await watch(customer('customer-4'))
  await emulator.advance(60_000)
  await vi.waitUntil(() => answers.length === 2, { timeout: 60_000 })
  // As many as the result counts: more than a page.
  const jobs = [...emulator.v3.jobs]
  expect(jobs.find((job) => job.job_id === job_id)).toMatchObject({ status: 'attention' })
  expect([noted.length, new Set(noted).size]).toEqual([133, 133])
  expect(emulator.v3.sendAmlUpdate(job_id)).toBe(true)
  await emulator.advance(60_000)
  await vi.waitUntil(() => answers.length === 3, { timeout: 60_000 })
  expect(noted).toHaveLength(266)
  expect(answers).toEqual([200, 200, 200])
})
