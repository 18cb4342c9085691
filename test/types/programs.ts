/** Programs as users write them: they must compile, and what is wrong in them must not. */
import {
  type AnyResult,
  confirmCallback,
  createCallbackHandler,
  interpretResult,
  type JobStatus,
  verifyCallback,
  waitForJob,
  watchJob,
  backfillUser,
  type ClientOptions,
  clientOptionsFromEnv,
  createClient,
  generateSignature,
  type Hooks,
  isSmileIdError,
  type PhotoSource,
  readPhoto,
  SmileIdApiError,
  SmileIdError,
  type SmileIdErrorCode,
} from 'smileid-edge'
import { type CompatError, Signature as OldSignature, WebApi } from 'smileid-edge/compat'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { secKeyAuth } from 'smileid-edge/legacy'
import {
  JOB_TYPE,
  known,
  type RequiredIdFields,
  submitImageJob,
  verifyBasicKyc,
  verifyBusiness,
  verifyId,
} from 'smileid-edge'
import { authenticateSmartSelfie } from 'smileid-edge/smart-selfie'

export const worker = {
  async fetch(
    request: Request,
    env: { SMILE_ID_PARTNER_ID: string; SMILE_ID_API_KEY: string; SMILE_ID_ENVIRONMENT: string },
  ): Promise<Response> {
    const form = await request.formData()
    const photo = form.get('selfie')
    const user_id = form.get('user_id')
    if (!(photo instanceof File) || typeof user_id !== 'string')
      return new Response('user_id and selfie, please', { status: 400 })
    try {
      const reply = await backfillUser(
        createClient(clientOptionsFromEnv(env)),
        { user_id, user_created_at: new Date(), photo },
        { signal: request.signal },
      )
      return Response.json(interpretResult(reply))
    } catch (error) {
      if (isSmileIdError(error, 'invalid_input'))
        return Response.json({ issues: error.issues }, { status: 422 })
      if (isSmileIdError(error, 'user_exists'))
        return Response.json({ code: error.smileCode }, { status: 409 })
      if (isSmileIdError(error))
        return Response.json({ hint: error.hint }, { status: error.retryable ? 503 : 502 })
      throw error
    }
  },
}

/** By kind: five arms. */
export function byKind(error: unknown): string {
  if (!isSmileIdError(error)) throw error
  switch (error.name) {
    case 'SmileIdInputError':
      return error.issues.map((issue) => `${issue.path} ${issue.code}`).join()
    case 'SmileIdApiError':
      return `${error.status} ${error.smileCode ?? ''} ${error.hint}`
    case 'SmileIdNetworkError':
      return String(error.cause)
    case 'SmileIdTimeoutError':
      return error.lastStatus ? interpretResult(error.lastStatus).decision : 'slow'
    case 'SmileIdSignatureError':
      return error.code
    default: {
      const never: never = error
      return never
    }
  }
}

/** By code: each narrows; the record forgets none. */
export function byCode(error: unknown): string {
  if (!isSmileIdError(error)) throw error
  switch (error.code) {
    case 'invalid_input':
      return error.issues[0]?.path ?? ''
    case 'user_exists':
    case 'job_exists':
      return error.smileCode ?? ''
    case 'rate_limited':
      return `wait ${error.retryAfterMs ?? 1000}`
    case 'network_error':
      return String(error.cause)
    case 'wait_timeout':
      return error.lastStatus?.code ?? ''
    case 'signature_mismatch':
      return error.hint
    default:
      return error.hint
  }
}
const texts: Record<SmileIdErrorCode, string> = {
  authority_unavailable: '',
  forbidden: '',
  job_running: '',
  link_not_found: '',
  link_user_taken: '',
  news_not_found: '',
  provider_timeout: '',
  invalid_input: '',
  unauthorized: '',
  payment_required: '',
  not_enabled: '',
  rate_limited: '',
  id_number_blocked: '',
  invalid_request: '',
  too_large: '',
  user_exists: '',
  user_not_found: '',
  user_disabled: '',
  user_deleted: '',
  user_must_reenroll: '',
  user_has_no_photo: '',
  job_exists: '',
  job_not_found: '',
  upload_refused: '',
  server_error: '',
  invalid_reply: '',
  api_error: '',
  network_error: '',
  request_timeout: '',
  wait_timeout: '',
  signature_missing: '',
  signature_mismatch: '',
  signature_expired: '',
  callback_malformed: '',
  callback_unreadable: '',
  callback_unconfirmed: '',
}
export const explain = (error: unknown) => (isSmileIdError(error) ? texts[error.code] : '')
export const api = (error: unknown) => (error instanceof SmileIdApiError ? error.status : 0)
export const any = (error: unknown) => (error instanceof SmileIdError ? error.outcome : undefined)
// @ts-expect-error no such code
export const typo = (error: unknown) => isSmileIdError(error, 'user_exist')

declare const metrics: { count(name: string, tags: Record<string, string | number>): void }
export const hooks: Hooks = {
  onRequest: ({ operation, attempt, partnerId }) =>
    metrics.count('smileid.request', { operation, attempt, partnerId }),
  onResponse: ({ operation, status, durationMs, callId }) =>
    metrics.count('smileid.ms', { operation, status, durationMs, callId }),
  onRetry: ({ operation, code, delayMs }) => metrics.count('smileid.retry', { operation, code, delayMs }),
  onError: ({ operation, code, outcome }) => metrics.count('smileid.error', { operation, code, outcome }),
}

export async function enrol(options: ClientOptions, user_id: string, signal?: AbortSignal): Promise<string> {
  try {
    await backfillUser(
      createClient(options),
      { user_id, user_created_at: '2021-08-12', photo: samplePhoto() },
      { signal },
    )
    return 'done'
  } catch (error) {
    if (isSmileIdError(error, 'user_exists')) return 'exists'
    if (isSmileIdError(error)) return error.outcome === 'unknown' ? 'check later' : 'no'
    throw error
  }
}

export const sources: PhotoSource[] = [
  new Uint8Array(),
  new ArrayBuffer(0),
  new Blob([]),
  new Response(''),
  new ReadableStream<Uint8Array>(),
  'aGk=',
  () => new Blob([]),
  async () => new Uint8Array(),
  async (signal) => fetch('https://photos.example', { signal }),
]
export const servePhoto = async (source: PhotoSource) => new Response((await readPhoto(source)).bytes)
export const handlers = [
  (request: Request) => createEmulator().fetch(request),
  createEmulator().fetch,
] satisfies ((request: Request) => Promise<Response>)[]

const client = createClient({
  partnerId: '085',
  apiKey: ['new', { key: 'old', verifyUntil: new Date() }],
  environment: 'sandbox',
  baseUrl: undefined,
})
export const signed: Promise<{ timestamp: string; signature: string }> = generateSignature(client)

export const wrong = () => [
  // @ts-expect-error no environment: there is no silent default
  createClient({ partnerId: '085', apiKey: 'k' }),
  // @ts-expect-error a number loses its zeros
  createClient({ partnerId: 85, apiKey: 'k', environment: 'sandbox' }),
  // @ts-expect-error an empty list of keys
  createClient({ partnerId: '085', apiKey: [], environment: 'sandbox' }),
  // @ts-expect-error a typo
  createClient({ partnerId: '085', apiKey: 'k', environment: 'sandbox', timeout: 5 }),
  // @ts-expect-error an epoch: seconds or milliseconds?
  backfillUser(client, { user_id: 'u', user_created_at: 1628726400, photo: 'aGk=' }),
  // @ts-expect-error no photo
  backfillUser(client, { user_id: 'u', user_created_at: '2021-08-12' }),
  backfillUser(
    // @ts-expect-error credentials are no client
    { partnerId: '085', apiKey: 'k' },
    { user_id: 'u', user_created_at: '2021-08-12', photo: 'aGk=' },
  ),
]

/** A switch on the decision compiles only when it is complete. */
export function next(reply: AnyResult | JobStatus): string {
  const { decision } = interpretResult(reply)
  switch (decision) {
    case 'approved':
      return 'open'
    case 'provisional':
    case 'pending':
      return 'wait'
    case 'rejected':
      return 'decline'
    case 'error':
      return 'again'
    case 'partial':
    case 'unknown':
      return 'look'
    default: {
      const never: never = decision
      return never
    }
  }
}
export function incomplete(reply: AnyResult): string {
  const { decision } = interpretResult(reply)
  switch (decision) {
    case 'approved':
      return 'open'
    case 'rejected':
      return 'decline'
    default: {
      // @ts-expect-error five more
      const never: never = decision
      return never
    }
  }
}

declare const db: {
  tx<T>(
    work: (t: {
      insertEventOnce(id: string): Promise<boolean>
      setDecision(user: string, job: string, decision: string): Promise<void>
    }) => Promise<T>,
  ): Promise<T>
}
export const POST = createCallbackHandler(client, {
  async onResult({ eventId, job, status }) {
    const { decision } = interpretResult(status)
    await db.tx(async (t) => {
      if (await t.insertEventOnce(eventId)) await t.setDecision(job.user_id, job.job_id, decision)
    })
  },
})
export const trusting = createCallbackHandler(client, {
  confirm: false,
  onResult: (callback) => void callback.unconfirmedResult.ResultCode,
})
export const careless = createCallbackHandler(client, {
  confirm: false,
  // @ts-expect-error without confirmation there is no result to trust
  onResult: (callback) => void callback.result,
})

export async function express(request: { body: Record<string, unknown> }) {
  const callback = await verifyCallback(client, request.body)
  const { result, status, job } = await confirmCallback(client, callback)
  // @ts-expect-error the unconfirmed callback is no result
  void (() => interpretResult(callback))
  // @ts-expect-error a framework's request is no callback
  void (() => verifyCallback(client, request as { body: unknown; headers: object } as ExpressRequest))
  void (() =>
    // @ts-expect-error only what verifyCallback returned can be confirmed
    confirmCallback(client, {
      eventId: 'x',
      job,
      smileJobId: '1',
      timestamp: '',
      unconfirmedResult: result,
      unconfirmedBody: {},
    }))
  return interpretResult(status).decision
}
interface ExpressRequest {
  body: unknown
  headers: object
}

export async function follow(job: {
  user_id: string
  job_id: string
  smile_job_id: string
}): Promise<string> {
  for await (const status of watchJob(client, job, { maxWaitMs: 60_000 }))
    console.log(status.code, interpretResult(status).text)
  return (await waitForJob(client, job, { until: 'provisional' })).result.ResultText
}

export async function bvn(
  {
    bvn,
    first_name,
    last_name,
    user_id,
    application,
  }: Record<'bvn' | 'first_name' | 'last_name' | 'user_id' | 'application', string>,
  signal?: AbortSignal,
) {
  const partner_params = { user_id, job_id: `bvn-${application}` } // no job_type: the function implies it
  const match = await verifyBasicKyc(
    client,
    { partner_params, id_info: { country: 'NG', id_type: 'BVN', id_number: bvn, first_name, last_name } },
    { signal },
  )
  const { decision, code } = interpretResult(match)
  if (decision !== 'approved' || code !== '1020') return { ok: false, decision, code }
  const details = await verifyId(client, {
    partner_params: { user_id, job_id: `bvn2-${application}` },
    id_info: { country: 'XX', id_type: 'NEWER_THAN_THE_TABLE', id_number: bvn },
  })
  return { ok: true, job: details.SmileJobID, born: known(details.DOB) }
}
export const needs: RequiredIdFields<'NG', 'BANK_ACCOUNT'>[] = ['id_number', 'bank_code']
// @ts-expect-error a bank account needs no name
export const needless: RequiredIdFields<'NG', 'BANK_ACCOUNT'> = 'first_name'
export const wrongLookups = () => [
  verifyId(client, {
    partner_params: { user_id: 'u', job_id: 'j' },
    // @ts-expect-error a typo in id_info
    id_info: { country: 'NG', id_typ: 'BVN', id_number: '1' },
  }),
  verifyId(client, {
    // @ts-expect-error another product's job type
    partner_params: { user_id: 'u', job_id: 'j', job_type: 1 },
    id_info: { country: 'NG', id_type: 'BVN', id_number: '1' },
  }),
  verifyBusiness(client, {
    // @ts-expect-error an ID's job type for a business
    partner_params: { user_id: 'u', job_id: 'j', job_type: 5 },
    id_info: { country: 'NG', id_type: 'TAX_INFORMATION', id_number: '1' },
  }),
  verifyId(client, {
    // @ts-expect-error no job_id
    partner_params: { user_id: 'u' },
    id_info: { country: 'NG', id_type: 'BVN', id_number: '1' },
  }),
]

/** Image jobs: what each type needs is what compiles. */
export async function document(selfie: File, card: File, frames: File[]): Promise<string | undefined> {
  const job = await submitImageJob(
    client,
    {
      partner_params: { user_id: 'user-1', job_id: 'order-77', job_type: JOB_TYPE.DOCUMENT_VERIFICATION },
      images: { selfie, liveness: frames, front: card },
      id_info: { country: 'GH' },
    },
    {
      willWait: true,
      uploadTimeoutMs: 60_000,
      onProgress: ({ sentBytes, totalBytes }) => console.log(sentBytes / totalBytes),
    },
  )
  const status = await waitForJob(
    client,
    { ...job, history: true },
    { maxWaitMs: 300_000, until: 'provisional' },
  )
  return known(status.result.FullName) ?? job.smile_job_id
}
const params = { user_id: 'u', job_id: 'j' }
export const imageJobs = [
  () =>
    submitImageJob(client, {
      partner_params: { ...params, job_type: 1 },
      images: { selfie: () => 'x' },
      id_info: { country: 'NG', id_type: 'BVN', id_number: '1' },
    }),
  () =>
    submitImageJob(client, {
      partner_params: { ...params, job_type: 6 },
      use_enrolled_image: true,
      images: { front: 'x' },
      id_info: { country: 'GH' },
    }),
  () =>
    submitImageJob(client, {
      partner_params: { ...params, job_type: 4, extra: 1 },
      images: { selfie: 'x' },
      allow_new_enroll: true,
      retry: true,
      callback_url: 'https://example.com/',
    }),
  () =>
    submitImageJob(client, {
      partner_params: { ...params, job_type: 6 },
      // @ts-expect-error a document job without its front
      images: { selfie: 'x' },
      id_info: { country: 'GH' },
    }),
  () =>
    submitImageJob(client, {
      partner_params: { ...params, job_type: 11 },
      images: { selfie: 'x', front: 'x' },
      // @ts-expect-error enhanced document verification needs id_type
      id_info: { country: 'GH' },
    }),
  () =>
    // @ts-expect-error a document job without a selfie
    submitImageJob(client, {
      partner_params: { ...params, job_type: 6 },
      images: { front: 'x' },
      id_info: { country: 'GH' },
    }),
  // @ts-expect-error a lookup is no image job
  () => submitImageJob(client, { partner_params: { ...params, job_type: 5 }, images: { selfie: 'x' } }),
  // @ts-expect-error an authentication needs a selfie
  () => submitImageJob(client, { partner_params: { ...params, job_type: 2 }, images: {} }),
  () =>
    submitImageJob(client, {
      partner_params: { ...params, job_type: 2 },
      // @ts-expect-error and takes no document
      images: { selfie: 'x', front: 'x' },
    }),
  // @ts-expect-error an authentication wants to know of whom
  () => authenticateSmartSelfie(client, { selfie_image: 'x', liveness_images: ['x'] }),
]

/** Written for smile-identity-core. */
export async function old(key: string, user_id: string): Promise<string> {
  const connection = new WebApi('085', 'https://app.example/cb', key, '0')
  try {
    const reply = await connection.submit_job(
      { user_id, job_id: `${user_id}-1`, job_type: 1 },
      [{ image_type_id: 2, image: 'aGk=' }],
      { entered: true, country: 'NG', id_type: 'BVN', id_number: '00000000000' },
      { return_job_status: true },
    )
    return reply.job_success ? reply.smile_job_id : reply.result.ResultText
  } catch (e) {
    const error = e as CompatError
    return error.response?.data.code ?? error.message
  }
}
// @ts-expect-error it is a promise now
export const oldPair: string = new OldSignature('085', 'k').generate_signature().signature
export const legacy = createClient({
  partnerId: '125',
  apiKey: 'key',
  environment: 'sandbox',
  auth: secKeyAuth(),
})
export const named = createClient({
  partnerId: '125',
  apiKey: 'key',
  environment: 'sandbox',
  // @ts-expect-error a function of the legacy entry, not its name
  auth: 'sec_key',
})
