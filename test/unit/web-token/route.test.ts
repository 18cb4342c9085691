/** The route of playground/docs/web-tokens.md, as it stands there. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { serveEmulator } from '../../support/served-emulator.ts'

const page = readFileSync(new URL('../../../playground/docs/web-tokens.md', import.meta.url), 'utf8')
const [, code] = /```ts\n([\s\S]*?)```/.exec(page)!
const file = new URL('./web-token-route.generated.ts', import.meta.url)
writeFileSync(file, code!)
afterAll(() => rmSync(file))
interface Recipe {
  tokenRoute(
    session: (request: Request) => Promise<{ userId: string } | undefined>,
    records: object,
    env: object,
  ): (request: Request) => Promise<Response>
}

it('hands a token to the owner of an application, and nothing to anybody else', async () => {
  const { tokenRoute } = (await import(/* @vite-ignore */ file.href)) as Recipe
  const server = await serveEmulator()
  const { emulator } = server
  const { partnerId, apiKey } = emulator.clientOptions
  const env = {
    SMILE_ID_PARTNER_ID: partnerId,
    SMILE_ID_API_KEY: apiKey,
    SMILE_ID_ENVIRONMENT: 'sandbox',
    SMILE_ID_BASE_URL: server.url,
    SMILE_ID_CALLBACK_URL: 'https://app.example/callback',
  }
  const records = {
    applicationOf: async (userId: string, id: string) =>
      userId === 'owner' && id === '7' ? { id, attempt: 2 } : undefined,
  }
  const route = tokenRoute(
    async (request) => {
      const userId = request.headers.get('x-session')
      return userId ? { userId } : undefined
    },
    records,
    env,
  )
  const ask = (
    headers: Record<string, string>,
    query = '?application=7&user_id=victim&job_id=any',
    method = 'POST',
  ) => route(new Request(`https://app.example/token${query}`, { method, headers }))
  const page = { origin: 'https://app.example' }
  expect((await ask({ 'x-session': 'owner' })).status).toBe(403)
  expect((await ask({ 'x-session': 'owner', origin: 'https://evil.example' })).status).toBe(403)
  expect((await ask({ ...page, 'x-session': 'owner' }, '', 'GET')).status).toBe(403)
  expect((await ask(page)).status).toBe(401)
  expect((await ask({ ...page, 'x-session': 'somebody' })).status).toBe(404)
  expect(emulator.calls).toEqual([])
  const response = await ask({ ...page, 'x-session': 'owner' })
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
  const { token } = (await response.json()) as { token: string }
  expect(JSON.parse(atob(token.split('.')[1]!))).toMatchObject({
    partner_params: { user_id: 'owner', job_id: 'kyc-7-2' },
    product: 'biometric_kyc',
  })
  await server.close()
})
