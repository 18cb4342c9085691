/** Nothing personal and no secret stands in an error, however it is printed, nor in what hooks see. */
import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import {
  backfillUser,
  createClient,
  generateSignature,
  type Hooks,
  isSmileIdError,
  readPhoto,
} from 'smileid-edge'
import { createEmulator, type Fault, samplePhoto } from 'smileid-edge/emulator'
import { CANARY, printed, tracesIn } from '../../support/canary'

const { apiKey, name, idNumber } = CANARY
/** A photo with a marker of its own beside the shared one, far from what all photos have. */
const photo = Uint8Array.from([...samplePhoto(), ...new TextEncoder().encode(name.repeat(20))])
const clean = (value: unknown) => tracesIn(printed(value, inspect))

/** Every way to fail once a call is under way; the server quotes what it was sent. */
const faults: (Fault | 'quoting')[] = [
  { kind: 'reset', commit: false },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429, retryAfter: 99 },
  { kind: 'code', code: '2209' },
  { kind: 'code', code: '2204' },
  { kind: 'body', body: 'truncated' },
  { kind: 'body', body: 'not_json' },
  { kind: 'body', body: 'bad_signature' },
  { kind: 'hang' },
  'quoting',
]

it.each(faults)('after %j', async (fault) => {
  const emulator = createEmulator({
    partners: [{ partnerId: '085', apiKey }],
    faults: fault === 'quoting' ? [] : [{ fault }],
  })
  const events: unknown[] = []
  const note = (event: unknown) => void events.push(event)
  const hooks: Hooks = { onRequest: note, onResponse: note, onRetry: note, onError: note }
  const quoting = async (_: string, init: RequestInit) =>
    new Response(
      `{"error":${JSON.stringify(`${name} and ${apiKey} are wrong`)},` +
        `"message":${JSON.stringify(name)},"code":"${idNumber}","user_id":"${idNumber}",` +
        `"SmileJobID":"${idNumber}","sent":${await new Response(init.body).text()}}`,
      { status: 400, statusText: idNumber, headers: { 'retry-after': `x${idNumber}`, 'x-user': apiKey } },
    )
  const client = createClient({
    ...emulator.clientOptions,
    hooks,
    ...(fault === 'quoting' && { fetch: quoting }),
  })
  const error: unknown = await backfillUser(
    client,
    { user_id: name, user_created_at: '2021-08-12', photo },
    { timeoutMs: 50 },
  ).catch((thrown: unknown) => thrown)
  expect(isSmileIdError(error)).toBe(true)
  expect(clean(error)).toEqual([])
  expect(clean(events)).toEqual([])
  expect(clean(client)).toEqual([])
})

it('when the input is wrong', async () => {
  const client = createClient({ partnerId: '085', apiKey, environment: 'sandbox' })
  const errors = await Promise.all(
    [
      backfillUser(client, { user_id: ` ${name}`, user_created_at: idNumber, photo: `${name}.jpg` }),
      backfillUser({ ...client, secret: apiKey } as never, {} as never),
      readPhoto(() => {
        throw Object.assign(new Error(`no ${name}`), { code: 'ENOENT', path: name })
      }),
      readPhoto(async () => {
        throw new Error(name)
      }),
      generateSignature({ partnerId: ` ${name}`, apiKey: ` ${apiKey}` }),
      generateSignature({ partnerId: '085', apiKey }, { timestamp: { name } as never }),
      Promise.resolve().then(() =>
        createClient({
          partnerId: ` ${name}`,
          apiKey,
          environment: name as never,
          baseUrl: `http://${idNumber}.example`,
        }),
      ),
    ].map((promise) =>
      promise.then(
        (value) => value,
        (thrown: unknown) => thrown,
      ),
    ),
  )
  for (const error of errors) {
    expect(isSmileIdError(error, 'invalid_input'), inspect(error)).toBe(true)
    expect(clean(error)).toEqual([])
  }
})

it('what the server said is there for who asks', async () => {
  const emulator = createEmulator({ faults: [{ fault: { kind: 'code', code: '2213' } }] })
  const error: unknown = await backfillUser(createClient(emulator.clientOptions), {
    user_id: 'u',
    user_created_at: '2021-08-12',
    photo: samplePhoto(),
  }).catch((thrown: unknown) => thrown)
  if (!isSmileIdError(error, 'invalid_request')) throw error
  expect(error.body).toEqual({ error: 'emulated failure', code: '2213' })
  expect(Object.keys(error).sort()).toEqual([
    'attempts',
    'code',
    'hint',
    'name',
    'operation',
    'outcome',
    'retryable',
    'smileCode',
    'status',
  ])
})
