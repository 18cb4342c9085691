/**
 * `POST /callbacks`: verified, confirmed, acted on once, of both generations of the API; and a log of what
 * came, without a word about people.
 */
import { type ConfirmedCallback, createCallbackHandler } from 'smileid-edge/callback'
import { createD1ReplayStore } from 'smileid-edge/cloudflare'
import { isSmileIdError } from 'smileid-edge/errors'
import { interpretResult } from 'smileid-edge/result'
import {
  type ConfirmedCallback as ConfirmedV3Callback,
  createCallbackHandler as createV3CallbackHandler,
} from 'smileid-edge/v3/callback'
import { interpretVerdict } from 'smileid-edge/v3/result'
import type { Env } from './bindings.ts'
import { clientOf } from './client.ts'
import type { Context, Route, SignedIn } from './router.ts'
import { isOurs, learnJobId } from './v3/jobs.ts'

/**
 * `'replayed'`: genuine, and acted on before; `'unconfirmed'`: signed, but the service does not say so (yet).
 */
type Verdict = 'verified' | Refused
type Refused = (typeof REFUSED)[number]
const REFUSED = ['replayed', 'forged', 'unconfirmed', 'failed'] as const

/**
 * Anybody can send what is refused, and who captured one callback can send it again: of each such verdict so
 * many are kept and shown, so that no flood fills the database or hides what is genuine.
 */
const MOST_REFUSED = 20
/** Those that were verified are kept for a while, see retention.ts; the page shows the newest. */
const MOST_SHOWN = 50

interface Seen {
  verdict: Verdict
  smileJobId?: string
  /** The result's code, or in v3 its verdict. */
  code?: string
}

/** Made for each request, to tell what became of it; what is counted, the store counts for all. */
function createHandler(env: Env, onSeen: (seen: Seen) => void): (request: Request) => Promise<Response> {
  const common = {
    // Anew each time: a Worker's requests cannot wait for what another one began.
    replayStore: createD1ReplayStore(env.DB),
    onRefused: (error: unknown) => onSeen({ verdict: verdictOf(error) }),
  }
  const v1 = createCallbackHandler(clientOf(env), {
    ...common,
    async onResult(callback) {
      await store(env, callback)
      onSeen({ verdict: 'verified', smileJobId: callback.smileJobId, code: callback.result.ResultCode })
    },
  })
  const take = async (callback: ConfirmedV3Callback) => {
    await storeV3(env, callback)
    onSeen({ verdict: 'verified', smileJobId: callback.job.job_id, code: callback.status })
  }
  return createV3CallbackHandler(clientOf(env), {
    ...common,
    v1,
    knows: ({ partner_params }) => isOurs(env, partner_params.reference),
    onVerdict: take,
    onProcessing: take,
  })
}

/** The decision, not the person: whoever needs names asks for the job again. */
async function store(env: Env, { eventId, job, status }: ConfirmedCallback): Promise<void> {
  const { decision, code = null, final } = interpretResult(status)
  await insertResult(env, { eventId, job_id: job.job_id, decision, code, final })
}

/**
 * The verdict, which the service said again. What it did not say again can only make of a clear one something
 * for a person to look at; and its reference finds the job whose answer was lost.
 */
async function storeV3(
  env: Env,
  { eventId, job, status, unconfirmedResult }: ConfirmedV3Callback,
): Promise<void> {
  const { job_id } = job
  const { decision } = interpretVerdict(unconfirmedResult)
  await insertResult(env, { eventId, job_id, decision, code: status, final: status !== 'processing' })
  await learnJobId(env, String(unconfirmedResult.partner_params?.reference), job_id)
}

interface KeptResult {
  eventId: string
  job_id: string
  decision: string
  code: string | null
  final: boolean
}

async function insertResult({ DB }: Env, result: KeptResult): Promise<void> {
  const { eventId, job_id, decision, code, final } = result
  await DB.prepare(
    'INSERT INTO results (event_id, job_id, decision, code, final, at) VALUES (?, ?, ?, ?, ?, ?) ON ' +
      'CONFLICT (event_id) DO NOTHING',
  )
    .bind(eventId, job_id, decision, code, final ? 1 : 0, Date.now())
    .run()
}

function verdictOf(error: unknown): Verdict {
  const forgeries = [
    'signature_mismatch',
    'signature_missing',
    'signature_expired',
    'callback_malformed',
  ] as const
  if (isSmileIdError(error, ...forgeries)) return error.operation === 'callback' ? 'forged' : 'failed'
  return isSmileIdError(error, 'callback_unconfirmed') ? 'unconfirmed' : 'failed'
}

async function receive({ request, env }: Context): Promise<Response> {
  let seen: Seen | undefined
  const response = await createHandler(env, (now) => (seen = now))(request)
  const { verdict, smileJobId, code } = seen ?? unseen(response)
  const insert = env.DB.prepare(
    'INSERT INTO callbacks (at, verdict, status, smile_job_id, code) VALUES (?, ?, ?, ?, ?)',
  ).bind(Date.now(), verdict, response.status, smileJobId ?? null, code ?? null)
  await env.DB.batch(verdict === 'verified' ? [insert] : [insert, dropOldest(env, verdict)])
  return response
}

/** What was answered without a word: it was acted on before, or is at this moment. */
function unseen({ ok }: Response): Seen {
  return { verdict: ok ? 'replayed' : 'failed' }
}

function dropOldest({ DB }: Env, verdict: Refused) {
  return DB.prepare(
    'DELETE FROM callbacks WHERE verdict = ?1 AND id <= ' +
      '(SELECT id FROM callbacks WHERE verdict = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)',
  ).bind(verdict, MOST_REFUSED)
}

async function list({ env }: SignedIn): Promise<Response> {
  const newest = (verdict: Verdict, most: number) =>
    `SELECT * FROM (SELECT * FROM callbacks WHERE verdict = '${verdict}' ORDER BY id DESC LIMIT ${most})`
  const parts = [newest('verified', MOST_SHOWN), ...REFUSED.map((verdict) => newest(verdict, MOST_REFUSED))]
  const { results } = await env.DB.prepare(
    'SELECT id, at, verdict, status, smile_job_id, code FROM ' +
      `(${parts.join(' UNION ALL ')}) ORDER BY id DESC`,
  ).all()
  return Response.json({ callbacks: results }, { headers: { 'cache-control': 'no-store' } })
}

export const callbackRoutes: readonly Route[] = [
  { method: 'POST', path: '/callbacks', for: 'anybody', answer: receive },
  { method: 'GET', path: '/api/callbacks', for: 'session', answer: list },
]
