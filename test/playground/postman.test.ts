/** The Postman collection, run by newman. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { serveEmulator } from '../support/served-emulator.ts'

interface Summary {
  run: {
    stats: { requests: { total: number; failed: number }; assertions: { total: number; failed: number } }
    failures: { error: { message: string } }[]
    executions: { request: { body?: { raw?: string } } }[]
  }
}
interface Newman {
  run(
    options: object,
    done: (error: Error | null, summary: Summary) => void,
  ): { on(event: 'console', listener: (error: unknown, message: unknown) => void): unknown }
}
const newman = createRequire(import.meta.url)('newman') as Newman

const file = (name: string) => fileURLToPath(new URL(`../../playground/postman/${name}`, import.meta.url))
const read = (name: string) => JSON.parse(readFileSync(file(name), 'utf8')) as Record<string, any>
const [partnerId, apiKey] = ['0907', 'a key that only this test has']

async function run(options: object): Promise<{ summary: Summary; logged: unknown[] }> {
  const logged: unknown[] = []
  const summary = await new Promise<Summary>((resolve, reject) => {
    newman
      .run(
        { collection: file('image-enroll.postman_collection.json'), reporters: [], ...options },
        (error, summary) => (error ? reject(error) : resolve(summary)),
      )
      .on('console', (_, message) => void logged.push(message))
  })
  return { summary, logged }
}

async function service() {
  const server = await serveEmulator({ partners: [{ partnerId, apiKey }] })
  onTestFinished(() => server.close())
  const values = { base_url: server.url, partner_id: partnerId, api_key: apiKey }
  return {
    emulator: server.emulator,
    environment: { values: Object.entries(values).map(([key, value]) => ({ key, value, enabled: true })) },
  }
}

test('the single requests enrol, look up and ask, and the key is neither sent nor logged', async () => {
  const { emulator, environment } = await service()
  const collection = read('image-enroll.postman_collection.json')
  collection.variable.find(({ key }: { key: string }) => key === 'photo').value =
    Buffer.from(samplePhoto()).toString('base64')
  const { summary, logged } = await run({ collection, environment, folder: 'Single' })
  expect(summary.run.failures.map(({ error }) => error.message)).toEqual([])
  expect(summary.run.stats.assertions).toMatchObject({ total: 6, failed: 0 })
  expect(emulator.isEnrolled('postman-1')).toBe(true)
  expect(emulator.calls.map(({ operation, status }) => `${operation} ${status}`)).toEqual([
    'backfill_users 200',
    'id_verification 200',
    'job_status 200',
  ])
  expect(logged).toEqual([])
  expect(JSON.stringify(summary.run.executions.map(({ request }) => request))).not.toContain(apiKey)
})

test('the runner takes a data file, twice if need be', async () => {
  const { emulator, environment } = await service()
  for (const _ of [1, 2]) {
    const { summary } = await run({ environment, folder: 'Runner', iterationData: file('users.json') })
    expect(summary.run.failures.map(({ error }) => error.message)).toEqual([])
    expect(summary.run.stats.requests).toMatchObject({ total: 3, failed: 0 })
  }
  expect([...emulator.users].map(({ user_id }) => user_id)).toEqual(['runner-1', 'runner-2', 'runner-3'])
  expect(emulator.calls.map(({ status }) => status)).toEqual([200, 200, 200, 400, 400, 400])
})

test('without credentials nothing is sent; with a wrong key the tests fail', async () => {
  const { emulator, environment } = await service()
  const without = { values: environment.values.filter(({ key }) => key !== 'api_key') }
  const nothing = await run({ environment: without, folder: 'Runner', iterationData: file('users.json') })
  expect(nothing.summary.run.failures.map(({ error }) => error.message)).toEqual(
    Array.from({ length: 3 }, () => 'set them first: nothing was sent'),
  )
  expect(emulator.calls).toEqual([])
  const wrong = {
    values: environment.values.map((entry) =>
      entry.key === 'api_key' ? { ...entry, value: 'another' } : entry,
    ),
  }
  const { summary } = await run({ environment: wrong, folder: 'Runner', iterationData: file('users.json') })
  expect(summary.run.stats.assertions.failed).toBe(summary.run.stats.assertions.total)
  expect([...emulator.users]).toEqual([])
})

test("the environments name their hosts, and no key but the emulator's own", () => {
  const values = (name: string) =>
    Object.fromEntries(
      read(`${name}.postman_environment.json`).values.map(
        ({ key, value }: { key: string; value: string }) => [key, value],
      ),
    )
  expect(values('sandbox')).toEqual({
    base_url: 'https://testapi.smileidentity.com',
    partner_id: '',
    api_key: '',
  })
  expect(values('production')).toEqual({
    base_url: 'https://api.smileidentity.com',
    partner_id: '',
    api_key: '',
  })
  const { partnerId, apiKey } = createEmulator().clientOptions
  expect(values('emulator')).toMatchObject({ partner_id: partnerId, api_key: apiKey })
})
