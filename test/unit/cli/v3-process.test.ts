/** `smileid emulator` as a process: one port for both generations, and the other commands against it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { buildCommand, type Command } from '../../support/cli.ts'

// Each test starts processes, on machines that may be busy.
vi.setConfig({ testTimeout: 300_000 })

let smileid: Command
let receiver: Server | undefined

beforeAll(async () => {
  smileid = await buildCommand()
})
afterAll(() => smileid.remove())
afterEach(() => void receiver?.close())

const KYC = JSON.stringify({
  country: 'NG',
  id_type: 'BVN',
  id_number: '00000000000',
  user_details: {
    given_names: 'Amina Fatou',
    last_name: 'Clearwater',
    email: 'amina.clearwater@example.com',
  },
  consent: {
    granted: true,
    granted_at: '2026-05-04T08:00:00.000Z',
    notice_language: 'EN',
    notice_privacy_policy_url: 'https://shop.example/privacy',
  },
})

/** Its settings as it prints them. */
async function serving(args: readonly string[]) {
  const running = smileid.start(['emulator', ...args])
  const [printed] = await running.said(/^SMILE_ID_BASE_URL=[^]*API_KEY=.*\n/m)
  const settings: Record<string, string> = {}
  for (const [, name, value] of printed.matchAll(/^(\w+)=(.*)$/gm)) settings[name!] = value!
  const end = () => {
    running.child.kill('SIGTERM')
    return running.ended
  }
  return { settings, end }
}

/** Takes one callback, and gives it as a proxy would log it. */
async function takeCallback(): Promise<{ url: string; received: Promise<string> }> {
  let resolve: (message: string) => void
  const received = new Promise<string>((done) => {
    resolve = done
  })
  receiver = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += String(piece)
    const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`)
    response.end()
    resolve([`POST ${request.url} HTTP/1.1`, ...headers, '', body].join('\r\n'))
  })
  await new Promise<void>((done) => receiver!.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/smile-id`, received }
}

it('serves v1 and v3 on one port, and delivers what the other commands can check', async () => {
  const { url, received } = await takeCallback()
  const { settings: env, end } = await serving(['--job-duration', '200ms', '--callback-url', url])
  const run = (args: string, input = '') => smileid.run(args.split(' '), { env, input })

  expect(await run('services NG BVN')).toMatchObject({ code: 0 })
  expect(await run('doctor')).toMatchObject({ code: 0 })
  expect(await run('doctor --v3')).toMatchObject({ code: 0 })
  expect(await run('verify-id - --v3', KYC)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^decision {2}approved\n/),
  })
  const later = await run('verify-id - --v3 --later --json', KYC)
  const { job_id } = JSON.parse(later.out) as { job_id: string }
  expect(await run(`wait ${job_id}`)).toMatchObject({ code: 0 })
  const message = await received
  expect(message).toContain(job_id)
  expect(await run('callback - --confirm', message)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^signature {2}genuine\n[^]*decision {3,}approved\n/),
  })

  const { code, err } = await end()
  expect(code).toBe(0)
  expect(err).toMatch(/^GET \/v1\/services 200$/m)
  expect(err).toMatch(/^POST \/v3\/token 200$/m)
  expect(err).toMatch(/^POST \/v3\/enhanced_kyc\/sync 200$/m)
  expect(err).toMatch(/^callback 200$/m)
})

it('says so in its help, and notes no user of v3', async () => {
  const { out } = await smileid.run(['help', 'emulator'])
  expect(out).toContain('One port serves both generations: v1 under /v1, v3 under /v3')
  const wrong = await smileid.run(['emulator', '--callback-url', 'http://shop.example/cb'])
  expect(wrong).toMatchObject({
    code: 1,
    err: expect.stringContaining('smileid: --callback-url must be https, or of this machine\n'),
  })
  const { settings, end } = await serving([])
  const path = '/v3/users/ada%40example.com/report_fraud'
  expect((await fetch(`${settings.SMILE_ID_BASE_URL}${path}`, { method: 'POST' })).status).toBe(401)
  const { err } = await end()
  expect(err).toContain('POST /v3/users/…/report_fraud 401\n')
  expect(err).not.toContain('ada')
})
