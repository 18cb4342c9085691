/**
 * How far an import has come, in numbers; and its failed rows as a file that can be mended and sent again.
 */
import type { Env } from './bindings.ts'
import { OPEN } from './import-feed.ts'
import { Refusal } from './problem.ts'

/** Seconds that the rate plot shows. */
const WINDOW_S = 120

export interface ImportView {
  id: string
  state: string
  /** Why it was held, if nobody did, or why it waits while it is running. */
  note: string | null
  created_at: number
  total: number
  /** Rows by state. */
  counts: Record<string, number>
  /** Rows that may still change. */
  open: number
  missing_photos: { count: number; names: string[] }
  /** Rows that were refused, or could not be sent, with what is wrong: the first hundred. */
  problems: Problem[]
  /** Rows that can be sent, and look damaged; `rows` are the first hundred. */
  warnings: { count: number; rows: Problem[] }
  /** Rows that were tried too often: the first hundred. */
  dead: (Problem & { attempts: number })[]
  /** Rows that ended in each second, as `[seconds since 1970, rows]`. */
  rate: [second: number, rows: number][]
}

interface Problem {
  line: number
  text: string | null
}

export async function describeImport(env: Env, id: string): Promise<ImportView> {
  const known = await env.DB.prepare('SELECT id, state, note, created_at FROM imports WHERE id = ?')
    .bind(id)
    .first<Pick<ImportView, 'id' | 'state' | 'note' | 'created_at'>>()
  if (!known) throw new Refusal(404, 'no_import', 'There is no such import.')
  const all = async <T>(sql: string): Promise<T[]> => (await env.DB.prepare(sql).bind(id).all<T>()).results
  const [states, open, missing, problems, damaged, warnings, dead, rate] = await Promise.all([
    all<{ state: string; n: number }>(
      'SELECT state, count(*) AS n FROM import_rows WHERE import_id = ? GROUP BY state',
    ),
    all<{ n: number }>(`SELECT count(*) AS n FROM import_rows WHERE import_id = ? AND ${OPEN}`),
    all<{ photo: string }>(
      "SELECT DISTINCT photo FROM import_rows WHERE import_id = ? AND uploaded = 0 AND state = 'waiting'",
    ),
    all<Problem>(
      'SELECT line, coalesce(text, code) AS text FROM import_rows WHERE import_id = ? AND state IN ' +
        "('invalid', 'rejected') ORDER BY line LIMIT 100",
    ),
    countDamaged(env, id),
    all<Problem>(
      `SELECT line, warning AS text FROM import_rows WHERE import_id = ? AND ${DAMAGED} ` +
        'ORDER BY line LIMIT 100',
    ),
    all<ImportView['dead'][number]>(
      'SELECT line, dead_letters.attempts, coalesce(text, code) AS text FROM dead_letters JOIN ' +
        'import_rows USING (import_id, line) WHERE import_id = ? ORDER BY line LIMIT 100',
    ),
    all<{ s: number; n: number }>(
      'SELECT at / 1000 AS s, count(*) AS n FROM import_rows WHERE import_id = ? AND at IS NOT NULL ' +
        `GROUP BY s ORDER BY s DESC LIMIT ${WINDOW_S}`,
    ),
  ])
  const counts = Object.fromEntries(states.map(({ state, n }) => [state, n]))
  return {
    ...known,
    counts,
    total: states.reduce((sum, { n }) => sum + n, 0),
    open: open[0]!.n,
    missing_photos: { count: missing.length, names: missing.slice(0, 10_000).map(({ photo }) => photo) },
    problems,
    warnings: { count: damaged.count, rows: warnings },
    dead,
    rate: rate.reverse().map(({ s, n }) => [s, n]),
  }
}

const DAMAGED = "warning IS NOT NULL AND state = 'waiting'"

/** Rows that would be sent, and look damaged. */
export async function countDamaged(env: Env, id: string): Promise<{ count: number }> {
  const found = await env.DB.prepare(
    `SELECT count(*) AS count FROM import_rows WHERE import_id = ? AND ${DAMAGED}`,
  )
    .bind(id)
    .first<{ count: number }>()
  return found!
}

export async function listImports(
  env: Env,
): Promise<Pick<ImportView, 'id' | 'state' | 'created_at' | 'total'>[]> {
  const { results } = await env.DB.prepare(
    'SELECT id, state, created_at, (SELECT count(*) FROM import_rows WHERE import_id = imports.id) ' +
      'AS total FROM imports ORDER BY created_at DESC LIMIT 20',
  ).all<Pick<ImportView, 'id' | 'state' | 'created_at' | 'total'>>()
  return results
}

export async function failedCsv(env: Env, id: string): Promise<string> {
  const { results } = await env.DB.prepare(
    'SELECT line, user_id, user_created_at, photo, state, code, text FROM import_rows WHERE ' +
      `import_id = ? AND state NOT IN ('enrolled', 'exists', 'waiting') ORDER BY line`,
  )
    .bind(id)
    .all<Record<string, string | number | null>>()
  const columns = ['user_id', 'user_created_at', 'photo', 'line', 'state', 'code', 'text']
  return [
    columns.join(),
    ...results.map((row) => columns.map((name) => cell(String(row[name] ?? ''))).join()),
  ]
    .map((line) => `${line}\r\n`)
    .join('')
}

/** Quoted where it has to be; what a spreadsheet would take for a formula gets an apostrophe. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
