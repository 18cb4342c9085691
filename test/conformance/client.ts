/** What createClient takes, refuses and hides. */
import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
import { isSmileIdError, SmileIdError, SmileIdInputError } from 'smileid-edge/errors'
import { backfillUser } from 'smileid-edge/backfill'
import { CANARY } from '../support/canary'
import { equal, ok, rejection, test } from './harness'

const right = {
  partnerId: '085',
  apiKey: CANARY.apiKey,
  environment: 'sandbox',
  dangerouslyAllowBrowser: true,
} as const

function issues(options: unknown): string[] {
  try {
    createClient(options as never)
  } catch (error) {
    ok(
      error instanceof SmileIdInputError &&
        error instanceof SmileIdError &&
        isSmileIdError(error, 'invalid_input'),
      'typed',
    )
    return error.issues.map(({ path, code }) => `${path} ${code}`)
  }
  return []
}

test('a client is frozen data, without the key', () => {
  const client = createClient(right)
  equal(client, {
    partnerId: '085',
    environment: 'sandbox',
    baseUrl: 'https://testapi.smileidentity.com',
    '~smileid': 'client',
  })
  ok(Object.isFrozen(client), 'frozen')
  ok(!JSON.stringify(structuredClone(client)).includes(CANARY.apiKey), 'no key in a clone')
  for (const key of Reflect.ownKeys(client))
    ok(!String((client as never)[key]).includes(CANARY.apiKey), `no key behind ${String(key)}`)
})

test('every wrong option is named at once', () => {
  equal(issues(right), [])
  equal(issues(undefined), [
    'input missing',
    'partnerId wrong_type',
    'apiKey wrong_type',
    ...(typeof document === 'object' ? ['apiKey not_allowed'] : []),
  ])
  equal(issues({ ...right, partnerId: 85 }), ['partnerId wrong_type'])
  equal(issues({ ...right, environment: undefined }), ['environment missing'])
  equal(issues({ ...right, environment: 'live' }), ['environment wrong_format'])
  equal(
    issues({
      ...right,
      timeoutMs: 0,
      maxRetries: 1.5,
      maxRetryDelayMs: Infinity,
      partnerID: '085',
      retries: 3,
    }),
    [
      'timeoutMs wrong_type',
      'maxRetries wrong_type',
      'maxRetryDelayMs wrong_type',
      'partnerID not_allowed',
      'retries not_allowed',
    ],
  )
  equal(issues({ ...right, maxRetryDelayMs: null, uploadTimeoutMs: null, hooks: null }), [
    'hooks wrong_type',
    'maxRetryDelayMs wrong_type',
    'uploadTimeoutMs wrong_type',
  ])
  equal(issues({ ...right, hooks: 'https://hooks.example' }), ['hooks wrong_type'])
  equal(issues({ ...right, hooks: Object.create({ onError: 1 }) as object }), ['hooks.onError wrong_type'])
  equal(issues({ ...right, fetch: 'no', hooks: { onRequest: 1, onReply: 1, onSend: 1 } }), [
    'hooks.onRequest wrong_type',
    'hooks.onReply not_allowed',
    'hooks.onSend not_allowed',
    'fetch wrong_type',
  ])
})

test("the API's address is https, ends with the host, and fits the environment", () => {
  const base = (baseUrl: string, more = {}) => issues({ ...right, baseUrl, ...more })
  for (const good of [
    'https://proxy.example',
    'https://proxy.example/',
    'https://proxy.example/v1',
    'https://proxy.example/v1/',
    'http://localhost:8080',
    'http://127.0.0.1:1/v1',
    'http://[::1]:1',
  ])
    equal(base(good), [], good)
  for (const bad of [
    'proxy.example',
    'ftp://proxy.example',
    'http://proxy.example',
    'http://localhost.example',
    'http://127.0.0.1.example',
    'https://u:p@proxy.example',
    'https://proxy.example/smile',
    'https://proxy.example/?a=1',
    'https://proxy.example/#a',
  ]) {
    equal(base(bad), ['baseUrl wrong_format'], bad)
  }
  equal(base('http://proxy.example', { allowInsecureBaseUrl: true }), [])
  for (const host of [
    'https://api.smileidentity.com',
    'https://API.smileidentity.com/v1',
    'https://api.smileidentity.com.',
    'https://api.smileidentity.com:443',
  ])
    equal(base(host), ['environment not_allowed'], host)
  equal(base('https://testapi.smileidentity.com', { environment: 'production' }), ['environment not_allowed'])
  equal(createClient({ ...right, environment: 'production' }).baseUrl, 'https://api.smileidentity.com')
  equal(createClient({ ...right, baseUrl: 'http://127.0.0.1:9/v1' }).baseUrl, 'http://127.0.0.1:9')
})

test('callbacks go to https, or to this machine when the API is there, too', () => {
  equal(issues({ ...right, callbackUrl: 'https://app.example/cb' }), [])
  equal(issues({ ...right, callbackUrl: 'http://app.example/cb' }), ['callbackUrl wrong_format'])
  equal(issues({ ...right, callbackUrl: 'http://127.0.0.1:1/cb' }), ['callbackUrl wrong_format'])
  equal(issues({ ...right, callbackUrl: 'http://127.0.0.1:1/cb', baseUrl: 'http://127.0.0.1:2' }), [])
})

test('options come from environment variables, and what is missing is named', () => {
  equal(
    clientOptionsFromEnv({
      SMILE_ID_PARTNER_ID: '085',
      SMILE_ID_API_KEY: 'k',
      SMILE_ID_PREVIOUS_API_KEY: 'old',
      SMILE_ID_ENVIRONMENT: 'sandbox',
      SMILE_ID_BASE_URL: '',
    }),
    {
      partnerId: '085',
      apiKey: ['k', 'old'],
      environment: 'sandbox',
      baseUrl: undefined,
      callbackUrl: undefined,
    },
  )
  try {
    clientOptionsFromEnv({ SMILE_ID_API_KEY: '' })
    ok(false, 'it throws')
  } catch (error) {
    equal(isSmileIdError(error, 'invalid_input') && error.issues.map(({ path }) => path), [
      'SMILE_ID_PARTNER_ID',
      'SMILE_ID_API_KEY',
      'SMILE_ID_ENVIRONMENT',
    ])
  }
})

test('a copy of a client, or none, is refused', async () => {
  for (const wrong of [{ ...createClient(right) }, undefined, null, {}, 'client']) {
    const error = await rejection(backfillUser(wrong as never, {} as never))
    equal([error.name, error.issues[0].path], ['SmileIdInputError', 'client'])
  }
})

test('a browser window needs to be told', () => {
  const { dangerouslyAllowBrowser: _, ...careful } = right
  equal(issues(careful), typeof document === 'object' ? ['apiKey not_allowed'] : [])
})
