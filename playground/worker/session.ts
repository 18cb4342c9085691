/**
 * Who is there: a signed cookie, and a second value that only the page itself can send along. Sessions are
 * not kept; those that were signed out of are, until they would have expired.
 */
import type { Env } from './bindings.ts'
import { isEmulated } from './client.ts'
import { Refusal } from './problem.ts'

export interface Session {
  id: string
  /** Milliseconds since 1970. */
  expires: number
}

const COOKIE = 'playground_session'
const LIFETIME_MS = 8 * 3_600_000

const encode = (text: string) => new TextEncoder().encode(text)

/** A short secret, or none, would let anybody make a session. */
function hmacKey(secret: string): Promise<CryptoKey> {
  if (typeof secret !== 'string' || secret.length < 16)
    throw new Refusal(
      503,
      'not_configured',
      'Nobody can sign in before the secret SESSION_SECRET is set, of 16 characters at least.',
    )
  return crypto.subtle.importKey('raw', encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ])
}

async function mac(secret: string, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', await hmacKey(secret), encode(text)))
}

const toText = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')

function fromText(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}

/** A MAC as text, fit for a cookie and for a key of a table. */
export const macText = async (secret: string, text: string): Promise<string> =>
  toText(await mac(secret, text))

/** Compared by the platform, in constant time. */
const isMac = async (secret: string, text: string, given: string) =>
  crypto.subtle.verify('HMAC', await hmacKey(secret), fromText(given), encode(text))

export async function readSession(request: Request, env: Env): Promise<Session> {
  const cookies = request.headers.get('cookie') ?? ''
  const value = cookies
    .split(/;\s*/)
    .find((part) => part.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1)
  if (!value) throw new Refusal(401, 'no_session', 'Sign in first.')
  const [id = '', expires = '', given = ''] = value.split('.')
  if (!(await isMac(env.SESSION_SECRET, `session:${id}.${expires}`, given)))
    throw new Refusal(401, 'no_session', 'Sign in first.')
  if (Number(expires) < Date.now())
    throw new Refusal(
      401,
      'session_expired',
      'The session has expired. Nothing is lost; reload the page and sign in again.',
    )
  if (await env.DB.prepare('SELECT 1 FROM ended_sessions WHERE id = ?').bind(id).first())
    throw new Refusal(401, 'signed_out', 'This session was signed out of. Reload the page and sign in again.')
  return { id, expires: Number(expires) }
}

export const csrfToken = (session: Session, env: Env): Promise<string> =>
  macText(env.SESSION_SECRET, `csrf:${session.id}`)

/**
 * What changes something must come from this very page: a browser says so, and only the page knows the token.
 */
export async function checkOrigin(request: Request, session: Session | undefined, env: Env): Promise<void> {
  const foreign = new Refusal(403, 'wrong_origin', 'This does not come from the page itself.')
  if (request.headers.get('origin') !== new URL(request.url).origin) throw foreign
  if (
    session &&
    !(await isMac(env.SESSION_SECRET, `csrf:${session.id}`, request.headers.get('x-csrf-token') ?? ''))
  )
    throw foreign
}

export async function openSession(request: Request, env: Env): Promise<{ session: Session; cookie: string }> {
  const session = { id: crypto.randomUUID(), expires: Date.now() + LIFETIME_MS }
  const text = `${session.id}.${session.expires}`
  const value = `${text}.${await macText(env.SESSION_SECRET, `session:${text}`)}`
  return { session, cookie: cookieOf(request, value, LIFETIME_MS / 1000) }
}

/** From now on the session is over, in every tab and for whoever has its cookie. Resolves to an empty one. */
export async function endSession(
  request: Request,
  { id, expires }: Session,
  env: Env,
): Promise<{ cookie: string }> {
  await env.DB.prepare('INSERT INTO ended_sessions (id, expires) VALUES (?, ?) ON CONFLICT DO NOTHING')
    .bind(id, expires)
    .run()
  return { cookie: cookieOf(request, '', 0) }
}

function cookieOf(request: Request, value: string, maxAgeS: number): string {
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : ''
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${secure}`
}

/**
 * The emulator costs nothing, so anybody on this machine may; everything else needs the token. Cloudflare
 * Access in front is the better way: it knows people, and logs them.
 */
export async function mayEnter(env: Env, given: unknown): Promise<boolean> {
  if (isEmulated(env)) return true
  if (!env.PLAYGROUND_TOKEN)
    throw new Refusal(503, 'not_configured', 'Nobody can sign in before the secret PLAYGROUND_TOKEN is set.')
  // MACs of equal length are compared, so that time tells nothing about the token, nor its length.
  return isMac(
    env.SESSION_SECRET,
    `login:${env.PLAYGROUND_TOKEN}`,
    await macText(env.SESSION_SECRET, `login:${String(given)}`),
  )
}
