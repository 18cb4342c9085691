/** Guessing the token takes long: a few tries per client, and so many in all, in each quarter of an hour. */
import type { Env } from './bindings.ts'
import { Refusal } from './problem.ts'
import { macText } from './session.ts'

const WINDOW_MS = 900_000
const MOST_PER_CLIENT = 5
const MOST_IN_ALL = 100
const ALL = 'all'

interface Tries {
  who: string
  tries: number
  /** Milliseconds since 1970: when the next window begins. */
  until: number
}

/**
 * Counts a try before its answer is told, so that tries at the same time are counted, too. Resolves to what
 * takes it back, for those that knew the token.
 *
 * @throws {Refusal} 429, whatever the token: else the answer would tell whether it was right.
 */
export async function countTry(request: Request, env: Env): Promise<() => Promise<void>> {
  const limits = [
    { who: await hashOfNetwork(request, env), most: MOST_PER_CLIENT },
    { who: ALL, most: MOST_IN_ALL },
  ]
  const known = await readTries(
    env,
    limits.map(({ who }) => who),
  )
  // Who has to wait adds nothing to anybody's tries, and no rows.
  for (const { who, most } of limits) {
    const before = known.find((tries) => tries.who === who)
    if (before && before.tries >= most) throw tooMany(before)
  }
  for (const { who, most } of limits) {
    const now = await addTry(env, who)
    if (now.tries > most) throw tooMany(now)
  }
  return async () => {
    await env.DB.batch([
      env.DB.prepare('DELETE FROM sign_in_tries WHERE who = ?').bind(limits[0]!.who),
      env.DB.prepare('UPDATE sign_in_tries SET tries = tries - 1 WHERE who = ? AND tries > 0').bind(ALL),
    ])
  }
}

async function readTries(env: Env, who: readonly string[]): Promise<Tries[]> {
  const { results } = await env.DB.prepare(
    'SELECT who, tries, until FROM sign_in_tries WHERE until > ? AND who IN (SELECT value FROM json_each(?))',
  )
    .bind(Date.now(), JSON.stringify(who))
    .all<Tries>()
  return results
}

async function addTry(env: Env, who: string): Promise<Tries> {
  const now = Date.now()
  const added = await env.DB.prepare(
    `INSERT INTO sign_in_tries (who, tries, until) VALUES (?1, 1, ?2) ON CONFLICT (who) DO UPDATE SET
      tries = CASE WHEN until > ?3 THEN tries + 1 ELSE 1 END,
      until = CASE WHEN until > ?3 THEN until ELSE excluded.until END
    RETURNING who, tries, until`,
  )
    .bind(who, now + WINDOW_MS, now)
    .first<Tries>()
  return added!
}

function tooMany({ until }: Tries): Refusal {
  const minutes = Math.ceil((until - Date.now()) / 60_000)
  const wait = minutes === 1 ? 'one minute' : `${minutes} minutes`
  return new Refusal(
    429,
    'too_many_tries',
    `Too many tries to sign in. The next one is looked at in ${wait}.`,
    { retry_after_ms: Math.max(until - Date.now(), 1000) },
  )
}

/** A hash of the network that Cloudflare saw the request come from: an address is somebody's. */
async function hashOfNetwork(request: Request, env: Env): Promise<string> {
  const address = request.headers.get('cf-connecting-ip') ?? 'this machine'
  return macText(env.SESSION_SECRET, `client:${networkOf(address)}`)
}

/** Of an IPv6 address the first half: who has one has all of the other. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':')
  if (tail !== undefined) {
    const left = Math.max(8 - groups.length - tail.split(':').length, 0)
    groups.push(...Array<string>(left).fill('0'))
  }
  return groups.slice(0, 4).join(':')
}
