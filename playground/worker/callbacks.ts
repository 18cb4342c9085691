/**
 * `POST /callbacks`: verified, confirmed, acted on once; and a log of what came, without a word about people.
 */
import { type ConfirmedCallback, createCallbackHandler, type ReplayStore } from 'smileid-edge/callback'
import { createD1ReplayStore } from 'smileid-edge/cloudflare'
import { isSmileIdError } from 'smileid-edge/errors'
import { interpretResult } from 'smileid-edge/result'
import type { Env } from './bindings.ts'
import { clientOf } from './client.ts'
import type { Context, Route, SignedIn } from './router.ts'

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
  code?: string
}

interface Receiver {
  handle(request: Request): Promise<Response>
  /** What the handler made of a request that it has answered. */
  seen: WeakMap<Request, Seen>
}

const receivers = /* @__PURE__ */ new WeakMap<Env, Receiver>()

/** One for all requests of an isolate: it bounds how often one signed pair makes it ask the service. */
function receiverOf(env: Env): Receiver {
  let receiver = receivers.get(env)
  if (!receiver) {
    const seen: Receiver['seen'] = new WeakMap()
    const handle = createCallbackHandler(() => clientOf(env), {
      replayStore: replayStoreOf(env),
      async onResult(callback, request) {
        await store(env, callback)
        seen.set(request, {
          verdict: 'verified',
          smileJobId: callback.smileJobId,
          code: callback.result.ResultCode,
        })
      },
      onRefused: (error, request) => void seen.set(request, { verdict: verdictOf(error) }),
    })
    receivers.set(env, (receiver = { handle, seen }))
  }
  return receiver
}

/** Made anew each time: a Worker's requests cannot wait for what another one began. */
const replayStoreOf = ({ DB }: Env): ReplayStore => ({
  claim: (...args) => createD1ReplayStore(DB).claim(...args),
  complete: (...args) => createD1ReplayStore(DB).complete(...args),
  release: (...args) => createD1ReplayStore(DB).release(...args),
})

/** The decision, not the person: whoever needs names asks for the job again. */
async function store(env: Env, { eventId, job, status }: ConfirmedCallback): Promise<void> {
  const { decision, code, final } = interpretResult(status)
  await env.DB.prepare(
    'INSERT INTO results (event_id, job_id, decision, code, final, at) VALUES (?, ?, ?, ?, ?, ?) ON ' +
      'CONFLICT (event_id) DO NOTHING',
  )
    .bind(eventId, job.job_id, decision, code ?? null, final ? 1 : 0, Date.now())
    .run()
}

function verdictOf(error: unknown): Verdict {
  if (isSmileIdError(error, 'signature_mismatch', 'signature_missing', 'callback_malformed'))
    return error.operation === 'callback' ? 'forged' : 'failed'
  return isSmileIdError(error, 'callback_unconfirmed') ? 'unconfirmed' : 'failed'
}

async function receive({ request, env }: Context): Promise<Response> {
  const { handle, seen } = receiverOf(env)
  const response = await handle(request)
  const { verdict, smileJobId, code } = seen.get(request) ?? {
    verdict: response.ok ? ('replayed' as const) : ('failed' as const),
  }
  const insert = env.DB.prepare(
    'INSERT INTO callbacks (at, verdict, status, smile_job_id, code) VALUES (?, ?, ?, ?, ?)',
  ).bind(Date.now(), verdict, response.status, smileJobId ?? null, code ?? null)
  await env.DB.batch(verdict === 'verified' ? [insert] : [insert, dropOldest(env, verdict)])
  return response
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
