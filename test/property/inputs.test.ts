/**
 * Whatever untyped code passes to a public function, it works, or fails with an error of the SDK that names
 * what is wrong by its path.
 *
 * `INPUTS=20000 INPUTS_SEED=7 npx vitest run --config vitest.workspace.ts --project node
 * test/property/inputs.test.ts` tries more, from another beginning.
 */
import { types } from 'node:util'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as index from 'smileid-edge'
import * as bulk from 'smileid-edge/bulk'
import * as cloudflare from 'smileid-edge/cloudflare'
import * as compat from 'smileid-edge/compat'
import * as emulators from 'smileid-edge/emulator'
import * as imageJobs from 'smileid-edge/image-jobs'
import * as legacy from 'smileid-edge/legacy'
import * as node from 'smileid-edge/node'
import * as redis from 'smileid-edge/redis'
import * as smartSelfie from 'smileid-edge/smart-selfie'
import * as sql from 'smileid-edge/sql'
import * as storeContract from 'smileid-edge/store-contract'
import * as v3 from 'smileid-edge/v3'
import { afterAll, expect, it } from 'vitest'
import * as backfill from '../../src/backfill'
import * as callback from '../../src/callback'
import * as client from '../../src/client'
import * as errors from '../../src/errors'
import * as idVerification from '../../src/id-verification'
import * as jobStatus from '../../src/job-status'
import * as photo from '../../src/photo'
import * as request from '../../src/request'
import * as result from '../../src/result'
import * as services from '../../src/services'
import * as signature from '../../src/signature'
import * as webToken from '../../src/web-token'
import { CANARY } from '../support/canary'
import { start } from '../support/emulated'
import { xlsx } from '../support/sheet'
import { makeOdd, type Oddity, pick, randomOf } from '../support/odd-inputs'
import secKeys from '../vectors/sec-key.json'
import { called, collect, type Target } from './targets'
import { makeV3World, v3Targets, type V3World } from './v3-targets'

const INPUTS = Number(process.env.INPUTS ?? 1500)
const SEED = Number(process.env.INPUTS_SEED ?? 1)
/** On a busy machine fewer are tried, unless somebody asked for a number of them. */
const TIME_LIMIT_MS = process.env.INPUTS ? Infinity : 5000

const folder = mkdtempSync(join(tmpdir(), 'smileid-inputs-'))
const { fetch } = globalThis
afterAll(() => {
  globalThis.fetch = fetch
  rmSync(folder, { recursive: true, force: true })
})
writeFileSync(join(folder, 'rows.csv'), 'user_id,user_created_at,photo\nu1,2021-08-12,u1.jpg\n')
writeFileSync(join(folder, 'u1.jpg'), emulators.samplePhoto())
const cells = ['user_id', 'user_created_at', 'photo']
writeFileSync(
  join(folder, 'rows.xlsx'),
  xlsx({
    cells: `<row>${cells.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`,
  }),
)
writeFileSync(
  join(folder, 'rows.ndjson'),
  '{"user_id":"u1","user_created_at":"2021-08-12","photo":"u1.jpg"}\n',
)

const credentials = () => ({ partnerId: '085', apiKey: CANARY.apiKey })
const RSA_KEY = secKeys.keys.rsa1024.api_key_b64_of_pem
const oldCredentials = () => ({ partnerId: '085', apiKey: RSA_KEY })
const extras = () => ({ fetch: emulator.fetch, maxRetries: 0, sleep: async () => {} })
const callbackUrl = 'https://app.example/callback'
const ids = () => ({ user_id: 'u', job_id: 'j' })
const idInfo = () => ({ country: 'NG', id_type: 'BVN', id_number: '00000000000', first_name: 'Leo' })
const idJob = () => ({
  partner_params: { ...ids(), job_type: 5, extra: { more: ['x'] } },
  id_info: idInfo(),
  consent_information: { consented: { consent_granted_date: '2021-08-12' } },
})
const business = () => ({
  partner_params: { ...ids(), job_type: 7 },
  id_info: { country: 'NG', id_type: 'BUSINESS_REGISTRATION', id_number: '0000000', business_type: 'co' },
})
const options = () => ({
  timeoutMs: 1000,
  maxRetries: 0,
  maxRetryDelayMs: 10,
  signal: new AbortController().signal,
})
const picture = emulators.samplePhoto()
const row = () => ({ user_id: `u${Math.random()}`, user_created_at: '2021-08-12', photo: picture, note: 'x' })
const rowOptions = () => ({
  journal: live(bulk.createMemoryJournal()),
  pace: live(bulk.createPaceGate()),
  timeoutMs: 1000,
  signal: new AbortController().signal,
  settle: true,
  retryRejected: false,
  hideUserIds: false,
  existsCodes: ['2209'],
  codes: { '0000': { decision: 'approved', final: true } },
})
const selfies = () => ({
  user_id: 'u',
  selfie_image: picture,
  liveness_images: [picture],
  callback_url: callbackUrl,
  partner_params: { a: 1 },
  sandbox_result: 0,
})
const query = () => ({ ...ids(), history: true, image_links: false })
const reply = () => ({
  ResultCode: '1020',
  ResultText: 'x',
  SmileJobID: '0000000001',
  ResultType: 'x',
  ConfidenceValue: '99',
  Actions: { Verify_ID_Number: 'Verified' },
  PartnerParams: ids(),
  IsFinalResult: 'true',
})
const servicesDocument = () => ({
  id_types: { NG: { BVN: ['country', 'id_type', 'id_number'] } },
  bank_codes: [],
  hosted_web: {
    enhanced_kyc: {
      NG: {
        name: 'Nigeria',
        id_types: { BVN: { label: 'BVN', required_fields: ['country'], id_number_regex: '^[0-9]{11}$/i' } },
      },
    },
  },
})
/** What has methods is code of the caller's and stays it: only its absence is tried. */
const live = <T extends object>(object: T): T => Object.assign(Object.create({}) as T, object)
const database = () => live({ prepare: () => ({}) })
const sqlDatabase = () => live({ dialect: sql.postgres, run: async () => [] })
const redisDatabase = () => live({ command: async () => null })
const storeOptions = () => ({ table: 'x' })
const keyOptions = () => ({ key: 'x' })

let emulator: emulators.Emulator
let ofEmulator: index.Client
let genuine: index.VerifiedCallback
let signedPair: object
let v3World: V3World

/** With the client before, and the options of a request behind. */
const sent = (call: Target['call'], input: () => unknown, ofCall: () => unknown = options): Target =>
  called(call, () => ofEmulator, input, ofCall)
/**
 * Errors of a source or of a setup go on as they are: of a list whose members throw, of a stream that
 * somebody else reads, and of what cannot be awaited, which any iteration of the language does.
 */
const isOfSource = (error: any): boolean =>
  ['what the caller wrote', 'theirs', "Cannot perform 'get' on a proxy that has been revoked"].includes(
    error?.message,
  ) || error?.code === 'ERR_INVALID_STATE'
const fromSource = (target: Target): Target => ({ ...target, documented: isOfSource })
const hasSystemCode = (error: any): boolean => /^E[A-Z]+$/.test(String(error?.code))

const handlerOptions = () => ({
  onResult() {},
  onRefused() {},
  maxBytes: 1000,
  maxAgeMs: 1000,
  confirm: true,
})

const targets: Readonly<Record<string, Target>> = {
  createClient: called(index.createClient as never, () => ({
    ...credentials(),
    apiKey: [CANARY.apiKey, { key: 'old', verifyUntil: new Date(0) }],
    environment: 'sandbox',
    baseUrl: 'https://api.example',
    callbackUrl,
    allowedUploadHosts: ['s3.example'],
    hooks: { onRequest() {}, onError() {} },
    now: Date.now,
    timeoutMs: 1000,
  })),
  clientOptionsFromEnv: called(index.clientOptionsFromEnv, () => ({
    SMILE_ID_PARTNER_ID: '085',
    SMILE_ID_API_KEY: 'x',
    SMILE_ID_ENVIRONMENT: 'sandbox',
  })),
  generateSignature: called(index.generateSignature as never, credentials, () => ({ timestamp: new Date() })),
  confirmSignature: called(
    index.confirmSignature as never,
    credentials,
    () => ({ ...signedPair }),
    () => ({ maxAgeMs: 1000, now: Date.now }),
  ),
  backfillUser: sent(index.backfillUser, () => {
    const { note: _, ...input } = row()
    return input
  }),
  verifyId: sent(index.verifyId as never, idJob, () => ({ ...options(), services: servicesDocument() })),
  submitId: sent(index.submitId as never, () => ({ ...idJob(), callback_url: callbackUrl })),
  verifyBasicKyc: sent(index.verifyBasicKyc as never, idJob),
  submitBasicKyc: sent(index.submitBasicKyc as never, () => ({ ...idJob(), callback_url: callbackUrl })),
  verifyBusiness: sent(index.verifyBusiness as never, business),
  submitBusiness: sent(index.submitBusiness as never, () => ({ ...business(), callback_url: callbackUrl })),
  screenAml: sent(index.screenAml as never, () => ({
    ...ids(),
    full_name: 'Leo Doe',
    countries: ['NG'],
    aliases: ['Leo'],
    birth_year: '1990',
    strict_match: true,
    partner_params: { a: { b: 1 } },
  })),
  submitAddress: sent(index.submitAddress as never, () => ({
    country: 'NG',
    address: 'x',
    utility_number: '1',
    utility_provider: 'x',
    callback_url: callbackUrl,
  })),
  startBvnConsent: sent(index.startBvnConsent, () => ({ id_number: '00000000000' })),
  chooseBvnMode: sent(index.chooseBvnMode, () => ({ id_number: '0', session_id: 's', mode: 'sms' })),
  confirmBvnOtp: sent(index.confirmBvnOtp, () => ({ id_number: '0', session_id: 's', otp: '0' })),
  compareUserInfo: sent(index.compareUserInfo as never, () => ({
    user_id: 'u',
    country: 'NG',
    id_type: 'BVN',
  })),
  resetIdNumberRateLimit: sent(index.resetIdNumberRateLimit as never, () => ({
    id_type: 'BVN',
    id_number: '0',
    country: 'NG',
  })),
  getProductsConfig: called(index.getProductsConfig, () => ofEmulator, options),
  getValidDocuments: called(index.getValidDocuments, () => ofEmulator, options),
  submitImageJob: sent(
    index.submitImageJob as never,
    () => ({
      partner_params: { ...ids(), job_type: 1, extra: { more: 'x' } },
      images: { selfie: picture, liveness: [picture], front: picture, back: picture },
      id_info: { country: 'NG', id_type: 'BVN', id_number: '0' },
      consent_information: { consented: { personal_details: true } },
      callback_url: callbackUrl,
      allow_new_enroll: true,
      retry: true,
    }),
    () => ({ ...options(), uploadTimeoutMs: 1000, willWait: true, onProgress() {} }),
  ),
  imagesByKind: called(index.imagesByKind as never, () => [{ image_type_id: 2, image: picture }]),
  createWebToken: sent(index.createWebToken, () => ({
    ...ids(),
    product: 'biometric_kyc',
    callback_url: callbackUrl,
  })),
  signedRequest: called(
    index.signedRequest as never,
    () => ofEmulator,
    () => '/v1/products_config',
    () => ({ a: { b: [1] } }),
    () => ({ ...options(), repeatable: true }),
  ),
  getJobStatus: sent(index.getJobStatus, query),
  watchJob: sent(
    (...args: [never, never]) => collect(index.watchJob(...args)),
    query,
    () => ({
      ...options(),
      maxWaitMs: 1000,
      delayMs: () => 500,
      until: 'complete',
    }),
  ),
  waitForJob: sent(index.waitForJob as never, query, () => ({ ...options(), maxWaitMs: 1000 })),
  getServices: called(
    index.getServices,
    () => ofEmulator,
    () => ({ ...options(), maxAgeMs: 1000 }),
  ),
  listCountries: called(
    index.listCountries as never,
    () => servicesDocument(),
    () => 'enhanced_kyc',
  ),
  listIdTypes: called(
    index.listIdTypes as never,
    () => servicesDocument(),
    () => 'NG',
    () => 'enhanced_kyc',
  ),
  describeIdType: called(
    index.describeIdType as never,
    () => servicesDocument(),
    () => 'NG',
    () => 'BVN',
    () => 'enhanced_kyc',
  ),
  requiredFields: called(
    index.requiredFields as never,
    () => servicesDocument(),
    () => 'NG',
    () => 'BVN',
  ),
  idNumberFormat: called(
    index.idNumberFormat as never,
    () => servicesDocument(),
    () => 'NG',
    () => 'BVN',
  ),
  validateIdInfo: called(
    index.validateIdInfo as never,
    () => ({ partner_params: { ...ids(), job_type: 5 }, id_info: { ...idInfo(), entered: true } }),
    () => ({ services: servicesDocument(), strict: true }),
  ),
  validatePartnerParams: called(index.validatePartnerParams, () => ({ ...ids(), job_type: 5 })),
  interpretResult: called(index.interpretResult as never, reply, () => ({
    codes: { 1020: { decision: 'approved', final: true, retryable: false } },
  })),
  resultOf: called(index.resultOf as never, () => ({ job_complete: true, result: reply() })),
  known: called(index.known, () => 'x'),
  readPhoto: called(
    index.readPhoto,
    () => picture,
    () => ({ maxBytes: 1_000_000, types: ['image/jpeg'], minSide: 10 }),
  ),
  isSmileIdError: called(
    index.isSmileIdError as never,
    () => new Error('x'),
    () => 'invalid_input',
  ),
  verifyCallback: called(
    index.verifyCallback as never,
    () => ofEmulator,
    () => ({ ...reply(), ...signedPair }),
    () => ({ maxAgeMs: Infinity, maxBytes: 1000 }),
  ),
  confirmCallback: called(
    index.confirmCallback,
    () => ofEmulator,
    () => structuredClone(genuine),
    options,
  ),
  createCallbackHandler: called(
    (...[by, given, asked]: [never, never, never]) => index.createCallbackHandler(by, given)(asked),
    () => ofEmulator,
    handlerOptions,
    () => new Request(callbackUrl, { method: 'POST', body: JSON.stringify({ ...reply(), ...signedPair }) }),
  ),
  createMemoryReplayStore: called(index.createMemoryReplayStore, () => ({ maxEvents: 5, now: Date.now })),

  'bulk.backfillUsers': fromSource(
    called(
      (...args: [never, never, never]) => collect(bulk.backfillUsers(...args)),
      () => ofEmulator,
      () => [row(), row()],
      () => ({
        ...rowOptions(),
        pace: undefined,
        concurrency: 2,
        ratePerSecond: 1000,
        maxRetries: 0,
        maxLimitedRetries: 0,
        maxRetryDelayMs: 10,
        maxCalls: 3,
        total: 2,
        stop: new AbortController().signal,
        breaker: { window: 5, share: 0.5, pauseMs: 1 },
        onProgress() {},
      }),
    ),
  ),
  'bulk.backfillRow': called(bulk.backfillRow as never, () => ofEmulator, row, rowOptions),
  'bulk.checkRows': fromSource(
    called(
      (...args: [never, never]) => collect(bulk.checkRows(...args)),
      () => [row(), row()],
      () => ({ photos: true, duplicatePhotos: true, signal: new AbortController().signal }),
    ),
  ),
  'bulk.createMemoryJournal': called(bulk.createMemoryJournal),
  'bulk.createPaceGate': called(bulk.createPaceGate, () => ({
    ratePerSecond: 5,
    now: () => 1,
    sleep: async () => {},
  })),
  'cloudflare.createD1Journal': called(cloudflare.createD1Journal as never, database, () => ({ table: 'x' })),
  'cloudflare.createD1ReplayStore': called(cloudflare.createD1ReplayStore as never, database, () => ({
    table: 'x',
    now: Date.now,
  })),
  'cloudflare.createD1RunSwitch': called(cloudflare.createD1RunSwitch as never, database, () => ({
    table: 'x',
  })),
  'cloudflare.createD1PaceGate': called(cloudflare.createD1PaceGate as never, database, () => ({
    table: 'x',
    ratePerSecond: 5,
    now: Date.now,
    sleep: async () => {},
  })),
  'cloudflare.createKvTokenStore': called(
    cloudflare.createKvTokenStore as never,
    () => live({ get: async () => null, put: async () => {}, delete: async () => {} }),
    () => ({ prefix: 'x' }),
  ),
  'sql.createSqlJournal': called(sql.createSqlJournal as never, sqlDatabase, storeOptions),
  'redis.createRedisJournal': called(redis.createRedisJournal as never, redisDatabase, keyOptions),
  'sql.createSqlRunSwitch': called(sql.createSqlRunSwitch as never, sqlDatabase, storeOptions),
  'redis.createRedisRunSwitch': called(redis.createRedisRunSwitch as never, redisDatabase, keyOptions),
  'sql.createSqlTokenStore': called(sql.createSqlTokenStore as never, sqlDatabase, storeOptions),
  'redis.createRedisTokenStore': called(redis.createRedisTokenStore as never, redisDatabase, keyOptions),
  'sql.createSqlReplayStore': called(sql.createSqlReplayStore as never, sqlDatabase, () => ({
    table: 'x',
    now: Date.now,
  })),
  'redis.createRedisReplayStore': called(redis.createRedisReplayStore as never, redisDatabase, () => ({
    key: 'x',
    now: Date.now,
  })),
  'sql.createSqlPaceGate': called(sql.createSqlPaceGate as never, sqlDatabase, () => ({
    table: 'x',
    ratePerSecond: 5,
    now: Date.now,
    sleep: async () => {},
  })),
  'redis.createRedisPaceGate': called(redis.createRedisPaceGate as never, redisDatabase, () => ({
    key: 'x',
    ratePerSecond: 5,
    now: Date.now,
    sleep: async () => {},
  })),
  'sql.migrate': called(sql.migrate as never, sqlDatabase, () => ({ journal: 'x', events: 'y' })),
  'sql.migrationSql': called(
    sql.migrationSql as never,
    () => 'sqlite',
    () => ({ pace: 'x', run: 'y', tokens: 'z' }),
  ),
  'sql.fromSqlite': called(sql.fromSqlite as never, () => live({ prepare() {} })),
  'sql.fromLibsql': called(sql.fromLibsql as never, () => live({ execute() {} })),
  'sql.fromPg': called(sql.fromPg as never, () => live({ query() {} })),
  'sql.fromPostgres': called(sql.fromPostgres as never, () => live({ unsafe() {} })),
  'sql.fromD1': called(sql.fromD1 as never, () => live({ prepare() {} })),
  'redis.fromNodeRedis': called(redis.fromNodeRedis as never, () => live({ sendCommand() {} })),
  'redis.fromIoredis': called(redis.fromIoredis as never, () => live({ call() {} })),
  'redis.fromUpstash': called(redis.fromUpstash as never, () => ({
    url: 'https://x.example',
    token: 'x',
    fetch: async () => Response.json({}),
  })),
  'storeContract.testJournal': called(
    storeContract.testJournal as never,
    () => () => bulk.createMemoryJournal(),
  ),
  'storeContract.testReplayStore': called(
    storeContract.testReplayStore as never,
    () => () => callback.createMemoryReplayStore(),
    () => ({ clock: 'own' }),
  ),
  'cloudflare.createBackfillConsumer': fromSource(
    called(
      (setup: never) =>
        cloudflare.createBackfillConsumer(() => setup)({ messages: [], retryAll() {} } as never, {}),
      () => {
        const { signal: _, ...more } = rowOptions()
        return {
          ...more,
          client: ofEmulator,
          photos: live({ get: async () => null }),
          concurrency: 2,
          onOutcome() {},
          onCancelled() {},
          onStop() {},
        }
      },
    ),
  ),
  'cloudflare.sendBackfill': fromSource(
    called(
      cloudflare.sendBackfill as never,
      () => live({ sendBatch: async () => {} }),
      () => [
        { user_id: 'u1', user_created_at: '2021-08-12', photo: 'photos/u1.jpg', note: { a: [1] } },
        { user_id: 'u2', user_created_at: '2021-08-12', photo: 'photos/u2.jpg' },
      ],
    ),
  ),
  'legacy.generateSecKey': called(legacy.generateSecKey as never, oldCredentials, () => ({
    timestamp: new Date(),
  })),
  'legacy.confirmSecKey': called(legacy.confirmSecKey, oldCredentials, () => ({
    timestamp: 'x',
    sec_key: 'a|b',
  })),
  'legacy.secKeyAuth': called(legacy.secKeyAuth),
  'smartSelfie.enrollSmartSelfie': sent(smartSelfie.enrollSmartSelfie as never, selfies),
  'smartSelfie.authenticateSmartSelfie': sent(smartSelfie.authenticateSmartSelfie as never, selfies),
  'emulators.createEmulator': called(emulators.createEmulator as never, () => ({
    partners: [{ partnerId: '085', apiKey: 'x' }],
    seed: 1,
    clock: 'virtual',
    startAt: new Date(0),
    choices: { badPhoto: 'reply', callbackRetriesMs: [5] },
    faults: [{ on: 'aml', after: 0, times: 1, fault: { kind: 'status', status: 500 } }],
    verdict: 'approved',
    jobDurationMs: 5,
    jobsBefore: 0,
  })),
  'emulators.samplePhoto': called(emulators.samplePhoto as never, () => ({ seed: 1, type: 'image/png' })),

  'compat.IDApi': called(
    (id, key, server, more, ...args: [never, never, never, never]) =>
      new compat.IDApi(id, key, server, more).submit_job(...args),
    () => '085',
    () => 'key',
    () => 0,
    extras,
    () => ({ ...ids(), job_type: 5 }),
    idInfo,
    () => true,
    () => ({ signature: true }),
  ),
  'compat.IdApi': called(
    (...args: [never, never, never]) => new compat.IdApi('085', 'key', 0, extras()).submitAsyncjob(...args),
    () => ({ ...ids(), job_type: 7 }),
    idInfo,
    () => callbackUrl,
  ),
  'compat.IDApi.pollJobStatus': called(
    (...args: [never, never, never]) => new compat.IDApi('085', 'key', 0, extras()).pollJobStatus(...args),
    () => ({ ...ids(), job_type: 5 }),
    () => 1,
    () => 5,
  ),
  'compat.Signature': called(
    async (id, key, time, pair) => {
      const signer = new compat.Signature(id, key)
      await signer.generate_signature(time)
      await signer.confirm_signature(time, pair)
      return signer.confirm_sec_key(time, pair)
    },
    () => '085',
    () => RSA_KEY,
    () => '2021-08-12T00:00:00.000Z',
    () => 'x',
  ),
  'compat.Utilities': called(
    (...args: [never, never, never]) =>
      new compat.Utilities('085', 'key', 0, extras()).get_job_status(...args),
    ids,
    () => ({ return_history: true, signature: true }),
    () => ({ timestamp: 'x', signature: 'x' }),
  ),
  'compat.Utilities.statics': called(
    async (server, info, params, more) => {
      await compat.Utilities.validate_id_params(server, info, params, true, more)
      compat.Utilities.validate_partner_params(params)
    },
    () => 0,
    () => ({ ...idInfo(), entered: true }),
    () => ({ ...ids(), job_type: 5 }),
    extras,
  ),
  'compat.WebApi': called(
    (id, back, ...args: [never, never, never, never]) =>
      new compat.WebApi(id, back, 'key', 0, extras()).submit_job(...args),
    () => '085',
    () => callbackUrl,
    () => ({ ...ids(), job_type: 1 }),
    () => [
      { image_type_id: 2, image: picture },
      { image_type_id: 3, image: picture },
    ],
    () => ({ ...idInfo(), entered: true }),
    () => ({ return_job_status: true, return_history: true, use_validation_api: true }),
  ),
  'compat.WebApi.others': called(
    async (params, given, token) => {
      const api = new compat.WebApi('085', null, 'key', 0, extras())
      await Promise.all([api.get_job_status(params, given), api.get_web_token(token)])
    },
    () => ({ ...ids(), job_type: 1 }),
    () => ({ return_history: true }),
    () => ({ ...ids(), product: 'x', callback_url: callbackUrl }),
  ),

  ...v3Targets(() => v3World),

  'node.csvRows': called(
    (...args: [never, never]) => collect(node.csvRows(...args)),
    () => join(folder, 'rows.csv'),
    () => ({ columns: { user_id: 'user_id' }, photoRoot: folder }),
  ),
  'node.ndjsonRows': called(
    (...args: [never, never]) => collect(node.ndjsonRows(...args)),
    () => join(folder, 'rows.ndjson'),
    () => ({ columns: { user_id: 'user_id' }, photoRoot: folder }),
  ),
  'node.xlsxRows': called(
    (...args: [never, never]) => collect(node.xlsxRows(...args)),
    () => join(folder, 'rows.xlsx'),
    () => ({ columns: { user_id: 'user_id' }, photoRoot: folder, sheet: 'Users' }),
  ),
  'node.folderRows': called(
    (...args: [never, never]) => collect(node.folderRows(...args)),
    () => folder,
    () => ({ user_created_at: new Date(0) }),
  ),
  'node.photoFile': called(
    async (...args: [never, never]) => index.readPhoto(node.photoFile(...args)),
    () => 'u1.jpg',
    () => ({ root: folder }),
  ),
  'node.checkPhotoRoot': called(
    (root) => node.checkPhotoRoot(root),
    () => folder,
  ),
  'node.openFileJournal': called(
    async (place) =>
      (await node.openFileJournal(typeof place === 'string' ? join(folder, 'j') : place)).close(),
    () => join(folder, 'j'),
  ),
  'node.openCsvReport': {
    args: () => [join(folder, 'r.csv'), { states: ['enrolled'] }],
    call: async (place, given) =>
      (await node.openCsvReport(typeof place === 'string' ? join(folder, 'r.csv') : place, given)).close(),
    documented: hasSystemCode,
  },
  'node.toNodeHandler': {
    args: () => [async () => new Response(), { origin: 'https://app.example' }],
    call: (...args: [never, never]) => node.toNodeHandler(...args),
  },
  'node.createEmulatorServer': {
    args: () => [live({ fetch: emulator.fetch }), { port: 0 }],
    call: async (...args: [never, never]) => (await node.createEmulatorServer(...args)).close(),
    documented: hasSystemCode,
  },
}

it('are tried with every public function', () => {
  const doors = {
    index,
    backfill,
    bulk,
    callback,
    client,
    cloudflare,
    compat,
    emulators,
    idVerification,
    imageJobs,
    jobStatus,
    legacy,
    node,
    photo,
    redis,
    request,
    result,
    services,
    signature,
    smartSelfie,
    sql,
    storeContract,
    v3,
    webToken,
  }
  // A store has no input of its own, and what stands for fetch fails as fetch does.
  const others = [...Object.values(errors), index.createMemoryReplayStore, node.nodeFetch]
  // Of other generations of the API, functions may have the same names.
  const isTried = (door: string, name: string, exported: unknown) =>
    `${door}.${name}` in targets || (door !== 'v3' && name in targets) || others.includes(exported as never)
  const untried = Object.entries(doors).flatMap(([door, exported]) =>
    Object.entries(exported)
      .filter(([name, value]) => typeof value === 'function' && !isTried(door, name, value))
      .map(([name]) => `${door}.${name}`),
  )
  expect(untried).toEqual([])
})

const isTyped = (error: unknown): boolean => {
  if (!index.isSmileIdError(error)) return false
  return error.code !== 'invalid_input' || error.issues.every(({ path }) => path !== '')
}

/** On these it depends what is said of others: of the images, of the rate, of the keys as a whole. */
const DECISIVE = /^(use_enrolled_image|pace|apiKey\..*)$/

/** What is wrong with a member is said once; of one that cannot be read, v1 says also that it is missing. */
function isOneMistake(error: unknown, member: string): boolean {
  if (!index.isSmileIdError(error, 'invalid_input')) return true
  const read = error.issues.filter(({ message }) => message !== 'cannot be read')
  return read.length <= 1 || DECISIVE.test(member)
}

/** Also of what cannot be printed. */
function textOf(error: unknown): string {
  try {
    return String((error as Error).stack ?? error)
  } catch {
    return typeof error
  }
}

async function refresh(): Promise<void> {
  const made = start({ jobDurationMs: 0, v3: { boundIdentityMatches: true } })
  emulator = made.emulator
  ofEmulator = made.client
  // Options that lost their fetch must not reach anybody.
  globalThis.fetch = emulator.fetch
  signedPair = await index.generateSignature(ofEmulator)
  genuine = await index.verifyCallback(ofEmulator, await emulator.callbackRequest(callbackUrl))
  v3World = await makeV3World({ emulator, client: ofEmulator })
}

it('work, or fail with an error of the SDK', { timeout: 3_600_000 }, async () => {
  await refresh()
  const began = performance.now()
  const names = Object.keys(targets)
  const failures: string[] = []
  let tried = 0
  for (; tried < INPUTS && performance.now() - began < TIME_LIMIT_MS; tried++) {
    // So that what the emulator remembers does not grow.
    if (tried % 500 === 499) await refresh()
    const random = randomOf(SEED * 1_000_003 + tried)
    const name = tried < names.length ? names[tried]! : pick(random, names)
    const target = targets[name]!
    const args = target.args()
    const isRight = tried < names.length || args.length === 0
    const { text: how, onlyMember }: Oddity = isRight ? { text: 'nothing odd' } : makeOdd(args, random)
    try {
      const result = target.call(...args)
      // What a function hands back as it was given may be what cannot be awaited.
      if (types.isPromise(result)) await result
    } catch (error) {
      const isOne = onlyMember === undefined || isOneMistake(error, onlyMember)
      const isRefused = isRight && index.isSmileIdError(error, 'invalid_input')
      if ((isTyped(error) && isOne && !isRefused) || target.documented?.(error)) continue
      failures.push(`seed ${SEED}, input ${tried}: ${name}, ${how}: ${textOf(error)}`)
    }
  }
  if (process.env.INPUTS) console.log(`${tried} inputs, ${failures.length} untyped rejections`)
  expect(failures.length, failures.slice(0, 20).join('\n\n')).toBe(0)
  expect(tried).toBeGreaterThan(5)
})
