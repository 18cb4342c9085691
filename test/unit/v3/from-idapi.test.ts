/** The program of somebody who moves from IDApi to v3, as it runs against both halves of the emulator. */
import { createEmulator } from 'smileid-edge/emulator'
import { afterAll, expect, it, vi } from 'vitest'

const remembered = new Map<string, string>()
const decided: string[][] = []
const partner = { partnerId: '085', apiKey: 'v3-demo-key-alpha' }
const answers: number[] = []
const emulator = createEmulator({
  partners: [partner],
  startAt: new Date(),
  async onCallback(request) {
    const { POST } = await program
    const response = await POST(request)
    answers.push(response.status)
    return response
  },
})

vi.stubGlobal('fetch', emulator.fetch)
vi.stubGlobal('env', {
  SMILE_ID_PARTNER_ID: partner.partnerId,
  SMILE_ID_API_KEY: partner.apiKey,
  SMILE_ID_ENVIRONMENT: 'sandbox',
})
vi.stubGlobal('store', {
  remember: async (reference: string, job_id: string) => void remembered.set(job_id, reference),
  referenceOf: async (job_id: string) => remembered.get(job_id),
  decide: async (...decision: string[]) => void decided.push(decision),
})
afterAll(() => void vi.unstubAllGlobals())
const program = import('../../types/v3-from-idapi.ts')

const person = (reference: string) => ({
  user_id: `user of ${reference}`,
  reference,
  id_info: {
    country: 'NG',
    id_type: 'BVN',
    id_number: '00000000000',
    first_name: 'Amina',
    middle_name: 'Fatou',
    last_name: 'Clearwater',
  } as const,
  email: 'amina.clearwater@example.com',
  agreedAt: new Date(Date.now() - 60_000).toISOString(),
})

it('has both verdicts come to one route, under the references that it gave', async () => {
  const { check } = await program
  await check(person('order-1'), false)
  await check(person('order-2'), true)
  expect([...remembered.values()]).toEqual(['order-2'])
  await emulator.advance(60_000)
  await vi.waitUntil(() => decided.length === 2, { timeout: 60_000 })
  expect(decided.sort()).toEqual([
    ['order-1', 'clear'],
    ['order-2', 'clear'],
  ])
  expect(answers).toEqual([200, 200])
})
