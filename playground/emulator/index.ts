/**
 * The emulator as a Worker of its own: one object holds it, so that all callers see one service, its clock
 * runs on between requests, and who was enrolled is still enrolled after a restart. Jobs live in memory, and
 * end with it.
 */
import { createEmulator, type Emulator, type FaultRule, samplePhoto } from 'smileid-edge/emulator'

interface Fetcher {
  fetch(request: Request): Promise<Response>
}
interface Storage {
  sql: { exec(query: string, ...values: unknown[]): Iterable<Record<string, unknown>> }
}
interface Env {
  SERVICE: { idFromName(name: string): unknown; get(id: unknown): Fetcher }
  /** Results go there whatever their address says: the emulator reaches nobody else. */
  PLAYGROUND: Fetcher
}

/** Of v1, these start no job; any other call may. */
const READS: readonly string[] = ['job_status', 'services']

/** A callback as it was sent. */
interface Delivered {
  url: string
  headers: Headers
  body: string
}

export default {
  fetch: (request: Request, env: Env): Promise<Response> =>
    env.SERVICE.get(env.SERVICE.idFromName('one')).fetch(request),
}

export class EmulatedService {
  readonly #sql: Storage['sql']
  readonly #emulator: Emulator
  readonly #playground: Fetcher
  /** The latest genuine callback, as it was sent. */
  #delivered: Delivered | undefined
  #knownCalls = 0
  #knownUsers: number

  constructor(state: { storage: Storage }, env: Env) {
    this.#sql = state.storage.sql
    this.#playground = env.PLAYGROUND
    this.#sql.exec('CREATE TABLE IF NOT EXISTS users (user_id TEXT PRIMARY KEY) WITHOUT ROWID')
    this.#sql.exec(
      'CREATE TABLE IF NOT EXISTS counters (id INTEGER PRIMARY KEY CHECK (id = 1), jobs INTEGER NOT ' +
        'NULL, enrolments INTEGER NOT NULL)',
    )
    this.#sql.exec('INSERT INTO counters VALUES (1, 0, 0) ON CONFLICT DO NOTHING')
    const [{ jobs: jobsBefore }] = [...this.#sql.exec('SELECT jobs FROM counters')] as [{ jobs: number }]
    this.#emulator = createEmulator({
      clock: 'real',
      jobDurationMs: 4000,
      jobsBefore,
      onCallback: (request) => this.#deliver(request),
    })
    for (const { user_id } of this.#sql.exec('SELECT user_id FROM users'))
      this.#emulator.setUser(user_id as string, 'enrolled')
    this.#knownUsers = [...this.#emulator.users].length
  }

  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url)
    if (url.hostname === 'emulator.invalid') return this.#control(request, url.pathname.slice(1))
    try {
      return await this.#emulator.fetch(request)
    } finally {
      this.#remember()
    }
  }

  /** Before anything is answered: the runtime holds replies back until what was written is durable. */
  #remember(): void {
    const { calls, users } = this.#emulator
    const fresh = calls.slice(this.#knownCalls)
    this.#knownCalls = calls.length
    const isJobOfV1 = (operation: string) => !READS.includes(operation) && !operation.startsWith('v3/')
    const jobs = fresh.filter(({ operation }) => isJobOfV1(operation)).length
    const enrolments = fresh.filter(
      ({ operation, committed }) => operation === 'backfill_users' && committed,
    ).length
    if (jobs)
      this.#sql.exec('UPDATE counters SET jobs = jobs + ?, enrolments = enrolments + ?', jobs, enrolments)
    const newcomers = [...users].slice(this.#knownUsers)
    this.#knownUsers += newcomers.length
    for (const { user_id } of newcomers)
      this.#sql.exec('INSERT INTO users VALUES (?) ON CONFLICT DO NOTHING', user_id)
  }

  async #deliver(request: Request): Promise<Response> {
    const { url, headers } = request
    this.#delivered = { url, headers, body: await request.text() }
    return this.#playground.fetch(post(this.#delivered))
  }

  async #control(request: Request, path: string): Promise<Response> {
    const [what, which] = path.split('/')
    switch (what) {
      // Enrolments by backfill, and users however enrolled: more of the former would mean that somebody was
      // enrolled twice.
      case 'counts':
        return Response.json(
          [...this.#sql.exec('SELECT enrolments, (SELECT count(*) FROM users) AS users FROM counters')][0],
        )
      case 'v3': {
        const { tokens, jobs, bills } = this.#emulator.v3
        return Response.json({ tokens: tokens.length, jobs: [...jobs].length, bills: bills.length })
      }
      case 'photos':
        return new Response(samplePhoto({ seed: Number(which) }), {
          headers: { 'content-type': 'image/jpeg' },
        })
      case 'faults':
        if (which === 'none') this.#emulator.clearFaults()
        else this.#emulator.addFault((await request.json()) as FaultRule)
        return Response.json({ ok: true })
      case 'callbacks':
        return this.#sendCallback((await request.json()) as { kind: string; url: string })
      default:
        return new Response(null, { status: 404 })
    }
  }

  /**
   * Forged: signed with another key. Altered: a captured pair beside another body. Late: signed long ago.
   * Again: the last one once more. All in the way of the generation of which the last one was.
   */
  async #sendCallback({ kind, url }: { kind: string; url: string }): Promise<Response> {
    const last = this.#delivered
    if (!last && kind !== 'forged') return new Response(null, { status: 404 })
    const isV3 = last?.headers.has('response-signature')
    const request = isV3 ? await this.#badV3(kind, url, last!) : await this.#badV1(kind, url, last)
    const { status } = await this.#playground.fetch(request)
    return Response.json({ status })
  }

  async #badV1(kind: string, url: string, last: Delivered | undefined): Promise<Request> {
    const genuine = last && (JSON.parse(last.body) as Record<string, unknown>)
    const { signature: _, timestamp: __, ...result } = genuine ?? {}
    if (kind === 'forged') return this.#emulator.callbackRequest(url, result, { apiKey: 'not the key' })
    if (kind === 'late') return this.#emulator.callbackRequest(url, result, { timestamp: yesterday() })
    if (kind === 'again') return post({ ...last!, url })
    const altered = { ...genuine, ResultCode: '0811', ResultText: 'never said' }
    return post({ ...last!, url, body: JSON.stringify(altered) })
  }

  async #badV3(kind: string, url: string, last: Delivered): Promise<Request> {
    const result = JSON.parse(last.body) as Record<string, unknown>
    const ids = { job_id: last.headers.get('job-id') ?? undefined }
    const { callbackRequest } = this.#emulator.v3
    if (kind === 'forged') return callbackRequest(url, result, { ...ids, apiKey: 'not the key' })
    if (kind === 'late') return callbackRequest(url, result, { ...ids, timestamp: yesterday() })
    if (kind === 'again') return post({ ...last, url })
    return post({ ...last, url, body: JSON.stringify({ ...result, status: 'error', reason: 'high_risk' }) })
  }
}

const yesterday = (): Date => new Date(Date.now() - 86_400_000)

const post = ({ url, headers, body }: Delivered): Request =>
  new Request(url, { method: 'POST', headers, body })
