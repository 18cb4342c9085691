/** The program of somebody who has documents verified on Hono, as it runs against the emulator. */
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { afterAll, beforeEach, expect, it, vi } from 'vitest'

/** By application; of one whose answer was lost, no job is known. */
const open = new Map<string, string | undefined>()
const closed: object[] = []
const answers: number[] = []
const emulator = createEmulator({
  partners: [{ partnerId: '085', apiKey: 'key of the document program' }],
  startAt: new Date(),
  async onCallback(request) {
    const { default: app } = await program
    const response = await app.fetch(request)
    answers.push(response.status)
    return response
  },
})

vi.stubGlobal('fetch', emulator.fetch)
vi.stubGlobal('db', {
  open: async (application: string, job_id: string | undefined) => void open.set(application, job_id),
  async has(job_id: string, application: string) {
    return open.has(application) && [undefined, job_id].includes(open.get(application))
  },
  close: async (verdict: object) => void closed.push(verdict),
})
afterAll(() => void vi.unstubAllGlobals())
const program = import('../../types/v3-hono-document.ts')

beforeEach(() => {
  open.clear()
  closed.length = 0
  answers.length = 0
})

const image = (seed: number) => new File([samplePhoto({ seed }) as BlobPart], `${seed}.jpg`)

async function apply(application: string, { frames = 6 } = {}): Promise<Response> {
  const form = new FormData()
  const texts = {
    given_names: 'Amina Fatou',
    last_name: 'Clearwater',
    email: 'amina.clearwater@example.com',
    agreed_at: new Date(Date.now() - 60_000).toISOString(),
  }
  for (const [name, value] of Object.entries(texts)) form.set(name, value)
  form.set('selfie', image(1))
  form.set('front', image(2))
  for (let seed = 11; seed < 11 + frames; seed++) form.append('frames', image(seed))
  const { default: app } = await program
  return app.request(`/applications/${application}/document`, { method: 'POST', body: form })
}

it('closes an application by its verdict, with the name that the document has', async () => {
  const response = await apply('A-1')
  const { job_id } = (await response.json()) as { job_id: string }
  expect([response.status, open.get('A-1')]).toEqual([202, job_id])
  await emulator.advance(60_000)
  await vi.waitUntil(() => answers.length > 0, { timeout: 60_000 })
  expect(closed).toEqual([
    {
      eventId: expect.stringContaining(job_id),
      job_id,
      application: 'A-1',
      status: 'clear',
      name: expect.stringContaining('Clearwater'),
    },
  ])
  expect(answers).toEqual([200])
})

it('closes one whose answer was lost, too, and bills it once', async () => {
  emulator.addFault({ on: 'v3/document_verification', fault: { kind: 'reset', commit: true } })
  const billed = emulator.v3.bills.length
  const response = await apply('A-2')
  expect([response.status, await response.json()]).toEqual([202, { pending: true }])
  await emulator.advance(60_000)
  await vi.waitUntil(() => answers.length > 0, { timeout: 60_000 })
  expect(closed).toMatchObject([{ application: 'A-2', status: 'clear' }])
  expect(emulator.v3.bills.length - billed).toBe(1)
})

it('says what is wrong, and nothing is sent', async () => {
  const requests = emulator.v3.requests.length
  const response = await apply('A-3', { frames: 5 })
  const { issues } = (await response.json()) as { issues: { path: string }[] }
  expect([response.status, issues.map(({ path }) => path)]).toEqual([422, ['liveness_images']])
  expect(emulator.v3.requests).toHaveLength(requests)
})
