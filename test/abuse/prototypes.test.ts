/** JSON from outside reaches no prototype, and names from outside find nothing on one. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type BackfillInput,
  backfillUser,
  confirmCallback,
  createCallbackHandler,
  createClient,
  createWebToken,
  generateSignature,
  getServices,
  idNumberFormat,
  interpretResult,
  isSmileIdError,
  listCountries,
  listIdTypes,
  requiredFields,
  signedRequest,
  submitImageJob,
  validateIdInfo,
  validatePartnerParams,
  verifyCallback,
  verifyId,
} from 'smileid-edge'
import { backfillUsers, createMemoryJournal } from 'smileid-edge/bulk'
import { createD1Journal } from 'smileid-edge/cloudflare'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { csvRows, ndjsonRows, openFileJournal } from 'smileid-edge/node'
import { all } from '../support/all'
import { CANARY } from '../support/canary'
import { bodyOf, serve } from '../support/server'
import { calls, clientAt } from './calls'

/** Members that would reach a prototype, if anything took them over carelessly. */
const FORMS: Readonly<Record<string, string>> = {
  plain: [
    '"__proto__":{"polluted":1,"toString":null}',
    '"constructor":{"prototype":{"polluted":1}}',
    '"prototype":{"polluted":1}',
  ].join(),
  escaped: [
    '"\\u005f_proto\\u005f_":{"polluted":1}',
    '"\\u0063onstructor":{"prototype":{"polluted":1}}',
    '"prototyp\\u0065":[{"polluted":1}]',
  ].join(),
  deep: [
    '"__proto__":{"__proto__":{"__proto__":{"polluted":1}}}',
    '"constructor":[{"constructor":{"prototype":{"polluted":1}}}]',
  ].join(),
  null: '"__proto__":null,"constructor":null,"prototype":null',
}
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  '__lookupSetter__',
]

/** The same JSON, with these members in each of its objects. */
function poisoned(json: string, members: string): string {
  const write = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(write).join()}]`
    if (typeof value !== 'object' || value === null) return JSON.stringify(value)
    const own = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`)
    return `{${[members, ...own].join()}}`
  }
  return write(JSON.parse(json))
}

/** Every object in it is a plain one, without a member of such a name. */
function clean(value: unknown, path = 'value'): void {
  if (typeof value !== 'object' || value === null) return
  if (!(value instanceof Error))
    expect([Object.prototype, Array.prototype], path).toContain(Object.getPrototypeOf(value))
  expect('polluted' in value, path).toBe(false)
  for (const name of Object.getOwnPropertyNames(value)) {
    expect(['__proto__', 'constructor', 'prototype'], path).not.toContain(name)
    clean((value as Record<string, unknown>)[name], `${path}.${name}`)
  }
}

const prototypes = [Object, Array, Function, String, Number, Error, Map, Promise].map(({ prototype }) => ({
  prototype: prototype as object,
  names: Reflect.ownKeys(prototype),
}))
afterEach(() => {
  for (const { prototype, names } of prototypes) expect(Reflect.ownKeys(prototype)).toEqual(names)
  expect('polluted' in {}).toBe(false)
})

const emulate = () => createEmulator({ partners: [{ partnerId: '085', apiKey: CANARY.apiKey }] })
let dir = ''
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'prototypes-'))))
afterAll(() => rm(dir, { recursive: true }))

describe.each(Object.entries(FORMS))('%s members in', (form, members) => {
  it.each(Object.keys(calls))('the reply to %s, over HTTP', async (name) => {
    const emulator = emulate()
    emulator.startJob({ user_id: 'u', job_id: 'j' })
    const origin = { url: '' }
    const api = await serve(async (request, response, url) => {
      origin.url = url
      const body = await bodyOf(request)
      const headers = Object.entries(request.headers).flatMap(([header, value]): [string, string][] =>
        /^(content-type|smileid-.*)$/.test(header) ? [[header, `${value}`]] : [],
      )
      const reply = await emulator.fetch(`${url}${request.url}`, {
        method: request.method,
        headers,
        ...(request.method !== 'GET' && { body }),
      })
      const text = await reply.text()
      response
        .writeHead(reply.status, { 'content-type': 'application/json' })
        .end(text.startsWith('{') ? poisoned(text, members) : text)
    })
    const value: unknown = await calls[name]!(clientAt(api.url, { now: emulator.clientOptions.now! })).catch(
      (error: unknown) => error,
    )
    if (value instanceof Error) clean((value as { body?: unknown }).body)
    else clean(value)
    await api.close()
  })

  it('a callback, as text, bytes and Request', async () => {
    const emulator = emulate()
    const client = createClient(emulator.clientOptions)
    const SmileJobID = emulator.startJob({ user_id: 'user', job_id: 'job', durationMs: 0 })
    const good = await (await emulator.callbackRequest('https://app.example/c', { SmileJobID })).text()
    const text = poisoned(good, members)
    for (const input of [
      text,
      new TextEncoder().encode(text),
      new Request('https://app.example/c', { method: 'POST', body: text }),
    ]) {
      const callback = await verifyCallback(client, input)
      clean(callback)
      clean(
        await confirmCallback(client, callback).catch((error: unknown) =>
          isSmileIdError(error) ? undefined : error,
        ),
      )
    }
    const seen: unknown[] = []
    const handler = createCallbackHandler(client, {
      confirm: false,
      onResult: (callback) => void seen.push(callback),
    })
    expect((await handler(new Request('https://app.example/c', { method: 'POST', body: text }))).status).toBe(
      200,
    )
    clean(seen)
  })

  it('what the emulator is sent', async () => {
    const emulator = emulate()
    const client = createClient({
      ...emulator.clientOptions,
      maxRetries: 0,
      async fetch(url, init) {
        const text = await new Response(init.body).text()
        return emulator.fetch(url, {
          ...init,
          duplex: 'half',
          ...(text.startsWith('{') && { body: poisoned(text, members) }),
        })
      },
    })
    for (const call of Object.values(calls))
      clean(await call(client).catch((error: unknown) => (isSmileIdError(error) ? undefined : error)))
    clean(emulator.calls)
    clean(emulator.uploads)
  })

  it('lines of NDJSON, of a journal, and rows of D1', async () => {
    const row = poisoned(
      JSON.stringify({ user_id: 'u1', user_created_at: '2021-08-12', photo: 'a.jpg', note: { a: 1 } }),
      members,
    )
    await writeFile(join(dir, `${form}.ndjson`), row)
    const [read] = await all(ndjsonRows(join(dir, `${form}.ndjson`)))
    expect([
      read!.user_id,
      read!.error,
      Object.getPrototypeOf(read),
      Object.getPrototypeOf(read!.columns),
      'polluted' in read!.columns,
    ]).toEqual(['u1', undefined, Object.prototype, Object.prototype, false])

    const header = {
      smileid_journal: 1,
      environment: 'sandbox',
      partnerId: '085',
      hideUserIds: false,
      created: '2026-01-01T00:00:00.000Z',
      digestKey: 'a',
    }
    const entry = {
      key: 'sandbox:085:u1',
      rev: 1,
      state: 'enrolled',
      at: '2026-01-01T00:00:00.000Z',
      attempts: 1,
      digest: 'd',
    }
    const lines = [
      JSON.stringify(header).replace(/\}$/, `,${members}}`),
      poisoned(JSON.stringify(entry), members),
    ]
    await writeFile(join(dir, `${form}.journal`), `${lines.join('\n')}\n`)
    const journal = await openFileJournal(join(dir, `${form}.journal`))
    expect([
      await journal.bind({ environment: 'sandbox', partnerId: '085' }),
      await journal.read(entry.key),
    ]).toEqual(['a', expect.objectContaining(entry)])
    await journal.close()

    const rows = (sql: string) =>
      sql.includes('digest_key FROM') || sql.includes('hides_ids FROM')
        ? { environment: 'sandbox', partner_id: '085', digest_key: 'a', hides_ids: 0 }
        : { ...entry, lease_until: null, code: null, smile_job_id: null, attempted: null }
    const statement = (sql: string) => ({
      bind: () => statement(sql),
      all: async () => ({ results: [JSON.parse(poisoned(JSON.stringify(rows(sql)), members)) as unknown] }),
    })
    const d1 = createD1Journal({ prepare: statement })
    expect([await d1.bind({ environment: 'sandbox', partnerId: '085' }), await d1.read(entry.key)]).toEqual([
      'a',
      expect.objectContaining(entry),
    ])
  })

  it('the options and inputs that a caller took from JSON', async () => {
    const emulator = emulate()
    const parsed = (value: object) => JSON.parse(poisoned(JSON.stringify(value), members)) as any
    // The JSON of whoever calls our caller: what nobody knows is refused, what is open is sent on as it is,
    // and nothing is polluted.
    expect(() =>
      createClient(
        Object.assign(
          parsed({ partnerId: '085', apiKey: 'k', environment: 'sandbox' }) as object,
          emulator.clientOptions,
        ),
      ),
    ).toThrow(expect.objectContaining({ code: 'invalid_input' }))
    const client = createClient(emulator.clientOptions)
    for (const attempt of [
      () =>
        verifyId(
          client,
          parsed({
            partner_params: { user_id: 'u', job_id: form },
            id_info: { country: 'NG', id_type: 'BVN', id_number: CANARY.idNumber },
          }),
        ),
      () =>
        createWebToken(
          client,
          parsed({ user_id: 'u', job_id: 'j', product: 'x', callback_url: 'https://app.example/c' }),
        ),
      () =>
        backfillUser(
          client,
          { user_id: 'u', user_created_at: '2021-08-12', photo: samplePhoto() },
          parsed({ maxRetries: 0 }),
        ),
    ])
      clean(await attempt().catch((error: unknown) => (isSmileIdError(error) ? undefined : error)))
    for (const check of [
      validatePartnerParams(parsed({ user_id: 'u' })),
      validateIdInfo({ partner_params: parsed({ job_type: 5 }), id_info: parsed({ entered: true }) }),
    ])
      clean(check)
  })
})

/** JSON may have an object in place of a text, and whoever writes that as text calls this. */
const NO_TEXT = { toString: 1, valueOf: 1 }

it.each(Object.keys(calls))('objects in place of texts, in the reply to %s', async (name) => {
  const signed = await generateSignature({ partnerId: '085', apiKey: CANARY.apiKey })
  const texts =
    'code error message status success ResultCode ResultText SmileJobID smile_job_id upload_url token ' +
    'user_id job_type'
  const odd = Object.fromEntries(texts.split(' ').map((member) => [member, NO_TEXT]))
  const PartnerParams = { user_id: NO_TEXT, job_id: NO_TEXT }
  const result = { ...odd, PartnerParams }
  for (const status of [200, 400, 500]) {
    const body = { ...result, ...signed, job_complete: true, job_success: NO_TEXT, result }
    const fetch = async () => Response.json(body, { status })
    const end: unknown = await calls[name]!(clientAt('https://service.example', { fetch })).catch(
      (error: unknown) => error,
    )
    expect(end instanceof Error ? isSmileIdError(end) : status === 200).toBe(true)
  }
})

describe.each(NAMES)('the name %s', (name) => {
  it('is no code, no verdict and no decision', () => {
    expect(interpretResult({ ResultCode: name, Actions: { [name]: name } } as never)).toMatchObject({
      decision: 'unknown',
      basis: 'none',
    })
    expect(interpretResult({ ResultCode: name } as never, { codes: {} }).decision).toBe('unknown')
  })

  it('is no environment, job type or member', async () => {
    const emulator = emulate()
    expect(() => createClient({ ...emulator.clientOptions, environment: name as never })).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    )
    const client = createClient(emulator.clientOptions)
    for (const input of [
      { partner_params: { user_id: 'u', job_id: 'j', job_type: name }, images: { selfie: samplePhoto() } },
      {
        partner_params: { user_id: 'u', job_id: 'j', job_type: 4 },
        images: Object.fromEntries([
          ['selfie', samplePhoto()],
          [name, samplePhoto()],
        ]),
      },
    ]) {
      expect(
        isSmileIdError(
          await submitImageJob(client, input as never, { willWait: true }).catch((error: unknown) => error),
          'invalid_input',
        ),
      ).toBe(true)
    }
    expect(emulator.calls).toEqual([])
  })

  it('is no country and no ID type of the services document, nor of the emulator', async () => {
    const emulator = emulate()
    const client = createClient(emulator.clientOptions)
    const services = await getServices(client)
    expect([
      listCountries(services, name),
      listIdTypes(services, name),
      listIdTypes(services, 'NG', name),
      requiredFields(services, name, name),
      requiredFields(services, 'NG', name),
      idNumberFormat(services, 'NG', name, name),
    ]).toEqual([[], [], [], [], [], undefined])
    const codes = await Promise.all(
      [
        { country: name, id_type: 'BVN' },
        { country: 'NG', id_type: name },
        { country: name, id_type: name },
      ].map(async (more, index) => {
        const error: unknown = await signedRequest(client, '/v1/id_verification', {
          partner_params: { user_id: 'u', job_id: `j${index}` },
          id_number: '1',
          ...more,
        }).catch((thrown: unknown) => thrown)
        return isSmileIdError(error, 'invalid_request') && error.smileCode
      }),
    )
    expect(codes).toEqual(['2413', '2413', '2413'])
  })

  it('is a user like any other, in memory and in a file', async () => {
    const file = await openFileJournal(join(dir, `${name}.users`))
    for (const journal of [createMemoryJournal(), file]) {
      const client = createClient(emulate().clientOptions)
      const rows: BackfillInput[] = [{ user_id: name, user_created_at: '2021-08-12', photo: samplePhoto() }]
      const states = async () =>
        (await all(backfillUsers(client, rows, { journal }))).map(({ state, resumed }) => [state, resumed])
      expect([await states(), await states()]).toEqual([[['enrolled', false]], [['enrolled', true]]])
    }
    await file.close()
  })

  it('is a column of CSV like any other', async () => {
    await writeFile(
      join(dir, 'columns.csv'),
      `user_id,user_created_at,photo,${name}\nu1,2021-08-12,a.jpg,polluted\n`,
    )
    const [row] = await all(csvRows(join(dir, 'columns.csv')))
    expect([
      Object.getPrototypeOf(row!.columns),
      Object.getOwnPropertyDescriptor(row!.columns, name)?.value,
    ]).toEqual([Object.prototype, 'polluted'])
  })
})
