/** ESM and CommonJS copies in one process, and minified ones, understand each other. */
import { createRequire } from 'node:module'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import type * as Sdk from 'smileid-edge'

const root = new URL('../..', import.meta.url).pathname
const cjs = createRequire(import.meta.url)(`${root}dist/index.cjs`) as typeof Sdk
const esm = (await import(/* @vite-ignore */ `${root}dist/index.js`)) as typeof Sdk
const { outputFiles } = await build({
  entryPoints: [`${root}dist/index.js`],
  bundle: true,
  write: false,
  minify: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'error',
})
const minified = (await import(
  /* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(outputFiles[0]!.text).toString('base64')}`
)) as typeof Sdk
const copies = { cjs, esm, minified }

const failures = async (sdk: typeof Sdk) => {
  const options = { partnerId: '085', apiKey: 'k', environment: 'sandbox' as const, maxRetries: 0 }
  const photo = Uint8Array.from(atob(PNG), (char) => char.charCodeAt(0))
  const call = (fetch: Sdk.FetchLike, more = {}) =>
    sdk
      .backfillUser(sdk.createClient({ ...options, fetch, ...more }), {
        user_id: 'u',
        user_created_at: '2021-08-12',
        photo,
      })
      .catch((error: unknown) => error)
  return {
    SmileIdInputError: await sdk.readPhoto('').catch((error: unknown) => error),
    SmileIdApiError: await call(async () => new Response('', { status: 500 })),
    SmileIdNetworkError: await call(async () => {
      throw new TypeError('fetch failed')
    }),
    SmileIdTimeoutError: await call(() => new Promise(() => {}), { timeoutMs: 1 }),
    SmileIdSignatureError: await call(async () => Response.json({})),
  }
}
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

it.each(Object.keys(copies) as (keyof typeof copies)[])(
  'errors of the %s copy are known to all',
  async (maker) => {
    for (const [name, error] of Object.entries(await failures(copies[maker]))) {
      expect(error, name).toMatchObject({ name })
      for (const judge of Object.values(copies)) {
        expect(
          error instanceof judge.SmileIdError &&
            error instanceof judge[name as 'SmileIdApiError'] &&
            judge.isSmileIdError(error),
          name,
        ).toBe(true)
        expect(
          [
            'SmileIdInputError',
            'SmileIdApiError',
            'SmileIdNetworkError',
            'SmileIdTimeoutError',
            'SmileIdSignatureError',
          ].filter((other) => error instanceof judge[other as 'SmileIdApiError']),
        ).toEqual([name])
      }
    }
  },
)

it('a client of one copy works with another', async () => {
  const timestamp = '2024-08-06T09:15:30.123Z'
  const expected = await esm.generateSignature({ partnerId: '085', apiKey: 'k' }, { timestamp })
  for (const maker of Object.values(copies)) {
    const client = maker.createClient({ partnerId: '085', apiKey: 'k', environment: 'sandbox' })
    for (const user of Object.values(copies))
      expect(await user.generateSignature(client, { timestamp })).toEqual(expected)
  }
})

it('two entries of one copy share their classes', async () => {
  const require = createRequire(import.meta.url)
  expect(require(`${root}dist/errors.cjs`).SmileIdApiError).toBe(cjs.SmileIdApiError)
  expect(((await import(/* @vite-ignore */ `${root}dist/errors.js`)) as typeof Sdk).SmileIdApiError).toBe(
    esm.SmileIdApiError,
  )
})
