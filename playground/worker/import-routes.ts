/** Bulk imports, as the page sees them: made, fed with photos, run, held, looked at. */
import { readBytes, readJson } from './body.ts'
import type { Env } from './bindings.ts'
import { feed, photoKey } from './import-feed.ts'
import { type ImportRow, readRows } from './import-rows.ts'
import { countDamaged, describeImport, failedCsv, listImports } from './import-view.ts'
import { Refusal } from './problem.ts'
import type { Route, SignedIn } from './router.ts'

const MAX_TABLE = 5_000_000
/** The service's own limit, and a byte to see that it is passed: the row then says so. */
const MAX_PHOTO = 5_000_001
/** D1 takes 2 MB as one parameter; a row has far less, see import-rows.ts. */
const MAX_PARAMETER_BYTES = 1_000_000
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

type State = 'uploading' | 'running' | 'paused' | 'cancelled'

async function stateOf(env: Env, id: string): Promise<State> {
  const known = await env.DB.prepare('SELECT state FROM imports WHERE id = ?')
    .bind(id)
    .first<{ state: State }>()
  if (!known) throw new Refusal(404, 'no_import', 'There is no such import.')
  return known.state
}

/**
 * The page makes the id, so that a double click, or a second try after a lost connection, makes no second
 * import.
 */
async function create({ request, env, params }: SignedIn): Promise<Response> {
  const id = params.id!
  if (!ID.test(id)) throw new Refusal(400, 'malformed', 'The id of an import must be a UUID.')
  const rows = await readRows(await readBytes(request, MAX_TABLE), id)
  const known = await env.DB.prepare('SELECT 1 FROM imports WHERE id = ?').bind(id).first()
  if (!known) {
    const insert = env.DB.prepare(`INSERT INTO import_rows
        (import_id, line, user_id, user_created_at, photo, state, code, text, warning)
      SELECT ?, value ->> 'line', value ->> 'user_id', value ->> 'user_created_at', value ->> 'photo',
        value ->> 'state', value ->> 'code', value ->> 'text', value ->> 'warning'
      FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`)
    // One transaction: an import is there with all of its rows, or not at all.
    await env.DB.batch([
      env.DB.prepare(
        "INSERT INTO imports (id, state, created_at) VALUES (?, 'uploading', ?) ON CONFLICT DO NOTHING",
      ).bind(id, Date.now()),
      ...parametersOf(rows).map((parameter) => insert.bind(id, parameter)),
    ])
  }
  return Response.json(await describeImport(env, id), { status: known ? 200 : 201 })
}

/** The rows as JSON lists, none of them larger than D1 takes. */
function parametersOf(rows: readonly ImportRow[]): string[] {
  const lists: string[][] = []
  let bytes = Infinity
  for (const row of rows) {
    const json = JSON.stringify(row)
    const added = new TextEncoder().encode(json).length + 1
    if (bytes + added > MAX_PARAMETER_BYTES) {
      lists.push([])
      bytes = 2
    }
    lists.at(-1)!.push(json)
    bytes += added
  }
  return lists.map((list) => `[${list.join()}]`)
}

async function putPhoto({ request, env, params }: SignedIn): Promise<Response> {
  const { id, name } = params as { id: string; name: string }
  if ((await stateOf(env, id)) === 'cancelled')
    throw new Refusal(409, 'cancelled', 'This import was cancelled.')
  const wanted = await env.DB.prepare('SELECT 1 FROM import_rows WHERE import_id = ? AND photo = ?')
    .bind(id, name)
    .first()
  if (!wanted) throw new Refusal(404, 'no_such_photo', 'No row of the import names this photo.')
  await env.PHOTOS.put(photoKey(id, name), await readBytes(request, MAX_PHOTO))
  await env.DB.prepare('UPDATE import_rows SET uploaded = 1 WHERE import_id = ? AND photo = ?')
    .bind(id, name)
    .run()
  return new Response(null, { status: 204 })
}

/** Rows that look damaged use up their ids as others do, so somebody has to say that they are right. */
async function refuseDamaged(env: Env, id: string): Promise<void> {
  const { count } = await countDamaged(env, id)
  if (count === 0) return
  const rows = count === 1 ? '1 row looks' : `${count} rows look`
  throw new Refusal(
    409,
    'looks_damaged',
    `${rows} damaged, and nothing was sent: mend the file, or accept them as they are.`,
    { hint: 'To accept them, start with accept_warnings: true.', warnings: count },
  )
}

async function start(context: SignedIn): Promise<Response> {
  const { env, params, request } = context
  const { accept_warnings: isAccepted } = await readJson(request)
  const state = await stateOf(env, params.id!)
  if (state === 'cancelled')
    throw new Refusal(409, 'cancelled', 'This import was cancelled; begin another one.')
  if (state === 'uploading') {
    if (isAccepted !== true) await refuseDamaged(env, params.id!)
    await env.DB.prepare(
      "UPDATE import_rows SET state = 'invalid', code = 'missing', text = 'photo was not uploaded' " +
        "WHERE import_id = ? AND state = 'waiting' AND uploaded = 0",
    )
      .bind(params.id)
      .run()
  }
  const now = Date.now()
  const { meta } = await env.DB.prepare(
    "UPDATE imports SET state = 'running', note = NULL, started_at = coalesce(started_at, ?), " +
      "moved_at = ? WHERE id = ? AND state IN ('uploading', 'paused')",
  )
    .bind(now, now, params.id)
    .run()
  // A second click finds it running, and sends nothing.
  if (meta.changes) await feedOrHold(env, params.id!)
  return Response.json(await describeImport(env, params.id!))
}

/** Where not all rows reach the queue, the import is held: to start it again sends the others, too. */
async function feedOrHold(env: Env, id: string): Promise<void> {
  try {
    await feed(env, id)
  } catch (error) {
    const note = 'Not all rows reached the queue: resume the import.'
    await env.DB.prepare("UPDATE imports SET state = 'paused', note = ? WHERE id = ? AND state = 'running'")
      .bind(note, id)
      .run()
    throw error
  }
}

async function hold({ env, params }: SignedIn, state: 'paused' | 'cancelled'): Promise<Response> {
  await stateOf(env, params.id!)
  const from = state === 'paused' ? ['running'] : ['uploading', 'running', 'paused']
  await env.DB.prepare(
    'UPDATE imports SET state = ?, note = NULL WHERE id = ? AND state IN (SELECT value FROM json_each(?))',
  )
    .bind(state, params.id, JSON.stringify(from))
    .run()
  return Response.json(await describeImport(env, params.id!))
}

/** Rows that ended in the dead letters, or did not end: asked for again, which settles what is unknown. */
async function again({ env, params }: SignedIn): Promise<Response> {
  if ((await stateOf(env, params.id!)) !== 'running')
    throw new Refusal(409, 'not_running', 'Resume the import first.')
  await env.DB.prepare('DELETE FROM dead_letters WHERE import_id = ?').bind(params.id).run()
  const { sent } = await feed(env, params.id!)
  return Response.json({ sent }, { status: 202 })
}

async function download({ env, params }: SignedIn): Promise<Response> {
  await stateOf(env, params.id!)
  return new Response(await failedCsv(env, params.id!), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="failed-rows.csv"',
      'cache-control': 'no-store',
    },
  })
}

const fresh = { headers: { 'cache-control': 'no-store' } }

export const importRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/imports',
    for: 'session',
    answer: async ({ env }) => Response.json({ imports: await listImports(env) }, fresh),
  },
  { method: 'PUT', path: '/api/imports/:id', for: 'session', answer: create },
  {
    method: 'GET',
    path: '/api/imports/:id',
    for: 'session',
    answer: async ({ env, params }) => Response.json(await describeImport(env, params.id!), fresh),
  },
  { method: 'PUT', path: '/api/imports/:id/photos/:name', for: 'session', answer: putPhoto },
  { method: 'POST', path: '/api/imports/:id/start', for: 'session', answer: start },
  {
    method: 'POST',
    path: '/api/imports/:id/pause',
    for: 'session',
    answer: (context) => hold(context, 'paused'),
  },
  {
    method: 'POST',
    path: '/api/imports/:id/cancel',
    for: 'session',
    answer: (context) => hold(context, 'cancelled'),
  },
  { method: 'POST', path: '/api/imports/:id/again', for: 'session', answer: again },
  { method: 'GET', path: '/api/imports/:id/failed.csv', for: 'session', answer: download },
]
