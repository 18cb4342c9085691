/** Nothing personal and no secret stands in an error, however it is printed, nor in what hooks see. */
import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { backfillUser, createClient, generateSignature, type Hooks, isSmileIdError, readPhoto } from 'smileid-edge'
import { createEmulator, type Fault, samplePhoto } from 'smileid-edge/emulator'

const CANARY = 'CANARY7'
const key = `${CANARY}-key`

/** A photo with the canary in its bytes, and how it would look in base64 at any of three offsets. */
const photo = Uint8Array.from([...samplePhoto(), ...new TextEncoder().encode(CANARY.repeat(20))])
const traces = [CANARY, ...[0, 1, 2].map((skip) => btoa(CANARY.repeat(3).slice(skip)).slice(0, 16))]

function printed(value: unknown): string {
  return [
    String(value), JSON.stringify(value), inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }),
    inspect(structuredClone(value), { depth: Infinity, showHidden: true }), (value as Error)?.stack,
    ...Reflect.ownKeys(value as object).map((name) => inspect((value as Record<PropertyKey, unknown>)[name])),
  ].join('\n')
}

const clean = (text: string) => traces.filter((trace) => text.includes(trace))

/** Every way to fail once a call is under way; the server quotes what it was sent. */
const faults: (Fault | 'quoting')[] = [
  { kind: 'reset', commit: false }, { kind: 'status', status: 500 }, { kind: 'status', status: 429, retryAfter: 99 }, { kind: 'code', code: '2209' }, { kind: 'code', code: '2204' },
  { kind: 'body', body: 'truncated' }, { kind: 'body', body: 'not_json' }, { kind: 'body', body: 'bad_signature' }, { kind: 'hang' }, 'quoting',
]

it.each(faults)('after %j', async (fault) => {
  const emulator = createEmulator({ partners: [{ partnerId: '085', apiKey: key }], faults: fault === 'quoting' ? [] : [{ fault }] })
  const events: unknown[] = []
  const note = (event: unknown) => void events.push(event)
  const hooks: Hooks = { onRequest: note, onResponse: note, onRetry: note, onError: note }
  const quoting = async (_: string, init: RequestInit) => new Response(
    `{"error":"${CANARY} and ${key} are wrong","message":"${CANARY}","code":"${CANARY}","user_id":"${CANARY}","SmileJobID":"${CANARY}","sent":${await new Response(init.body).text()}}`,
    { status: 400, statusText: CANARY, headers: { 'retry-after': CANARY, 'x-user': CANARY } })
  const client = createClient({ ...emulator.clientOptions, hooks, ...fault === 'quoting' && { fetch: quoting } })
  const error: unknown = await backfillUser(client, { user_id: CANARY, user_created_at: '2021-08-12', photo }, { timeoutMs: 50 }).catch((thrown: unknown) => thrown)
  expect(isSmileIdError(error)).toBe(true)
  expect(clean(printed(error))).toEqual([])
  expect(clean(printed(events))).toEqual([])
  expect(clean(printed(client))).toEqual([])
})

it('when the input is wrong', async () => {
  const client = createClient({ partnerId: '085', apiKey: key, environment: 'sandbox' })
  const errors = await Promise.all([
    backfillUser(client, { user_id: ` ${CANARY}`, user_created_at: CANARY, photo: `${CANARY}.jpg` }),
    backfillUser({ ...client, secret: CANARY } as never, {} as never),
    readPhoto(() => { throw Object.assign(new Error(`no ${CANARY}`), { code: 'ENOENT', path: CANARY }) }),
    readPhoto(async () => { throw new Error(CANARY) }),
    generateSignature({ partnerId: ` ${CANARY}`, apiKey: ` ${key}` }),
    generateSignature({ partnerId: '085', apiKey: key }, { timestamp: { CANARY } as never }),
    Promise.resolve().then(() => createClient({ partnerId: ` ${CANARY}`, apiKey: key, environment: CANARY as never, baseUrl: `http://${CANARY}.example` })),
  ].map((promise) => promise.then((value) => value, (thrown: unknown) => thrown)))
  for (const error of errors) {
    expect(isSmileIdError(error, 'invalid_input'), inspect(error)).toBe(true)
    expect(clean(printed(error))).toEqual([])
  }
})

it('what the server said is there for who asks', async () => {
  const emulator = createEmulator({ faults: [{ fault: { kind: 'code', code: '2213' } }] })
  const error: unknown = await backfillUser(createClient(emulator.clientOptions), { user_id: 'u', user_created_at: '2021-08-12', photo: samplePhoto() }).catch((thrown: unknown) => thrown)
  if (!isSmileIdError(error, 'invalid_request')) throw error
  expect(error.body).toEqual({ error: 'emulated failure', code: '2213' })
  expect(Object.keys(error).sort()).toEqual(['attempts', 'code', 'hint', 'name', 'operation', 'outcome', 'retryable', 'smileCode', 'status'])
})
