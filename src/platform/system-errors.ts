/**
 * What runtimes throw when a connection or a file fails. Their messages quote addresses and paths, so only
 * their codes go further.
 */

interface Thrown {
  name?: unknown
  code?: unknown
  syscall?: unknown
  message?: unknown
  cause?: unknown
  errors?: unknown
}

/** Causes may be circular. */
const MAX_DEPTH = 5

/** The error and its causes. */
function* causesOf(error: unknown): Generator<Thrown> {
  let current = error as Thrown | undefined
  for (let depth = 0; current && depth < MAX_DEPTH; depth++) {
    yield current
    current = current.cause as Thrown | undefined
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/**
 * System calls that come before the first byte of a request, and Node's names for questions to a DNS server
 * (`queryA` …). What they fail with does not matter.
 */
const BEFORE_SENDING = /^(socket|bind|connect|getaddrinfo|getnameinfo|query[A-Z]\w*)$/

/**
 * Codes that are raised before the first byte, by those who name no system call: Bun, whose open connections
 * break with ECONNRESET alone, and undici (`UND_ERR_…`). Those of OpenSSL follow a pattern.
 */
const NOT_CONNECTED: readonly string[] = [
  'EACCES',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
  'ConnectionRefused',
  'FailedToOpenSocket',
]
const NOT_TRUSTED = /^UNABLE_TO\w*$|CERT/

/** What Deno throws that lacks `--allow-net`. */
const NOT_PERMITTED = 'NotCapable'

/**
 * The one place where texts decide: those of runtimes that tell nothing else. First undici, which refuses
 * ports and schemes by itself, as Deno does; then the fixed part of what Deno says of DNS, TCP and TLS.
 */
const NOT_SENT_TEXTS: readonly RegExp[] = [
  /^bad port$/,
  /^unknown scheme$/,
  /^Fetch failed: Requests to port \d+ are blocked$/,
  /^Url scheme '[^']*' not supported$/,
  /^error sending request\b.*: client error \(Connect\): /,
]
const REDIRECT_TEXT = /redirect/i

/** Whether the runtime proves that nothing was sent. In workerd and browsers there is no such proof. */
export function failedBeforeSending(error: unknown): boolean {
  return proofIn(error, MAX_DEPTH) === 'not_sent'
}

/** `undefined`: it says nothing either way. */
type Proof = 'not_sent' | 'maybe_sent' | undefined

/** Of an error with its causes, and with all that it is an aggregate of. */
function proofIn(error: unknown, depth: number): Proof {
  if (typeof error !== 'object' || error === null || depth === 0) return undefined
  const { cause, errors } = error as Thrown
  const members: Proof[] = Array.isArray(errors)
    ? errors.map((member: unknown) => proofIn(member, depth - 1))
    : []
  // Of a host with several addresses, one is enough to have been sent to.
  const ofMembers = members.every((proof) => proof === 'not_sent') ? members[0] : 'maybe_sent'
  const proofs: Proof[] = [proofOf(error), ofMembers, proofIn(cause, depth - 1)]
  if (proofs.includes('maybe_sent')) return 'maybe_sent'
  return proofs.find((proof) => proof !== undefined)
}

/** Of an error by itself. */
function proofOf({ name, code, syscall, message }: Thrown): Proof {
  // On Linux, a host that vanishes from an open connection has the same codes as one that was never reached.
  if (typeof syscall === 'string') return BEFORE_SENDING.test(syscall) ? 'not_sent' : 'maybe_sent'
  const isNotSent =
    NOT_CONNECTED.includes(textOf(code)) ||
    NOT_TRUSTED.test(textOf(code)) ||
    name === NOT_PERMITTED ||
    NOT_SENT_TEXTS.some((text) => text.test(textOf(message)))
  return isNotSent ? 'not_sent' : undefined
}

/** Whether fetch refused to follow a redirect. */
export function wasRedirect(error: unknown): boolean {
  for (const { code, message } of causesOf(error)) {
    if (REDIRECT_TEXT.test(`${textOf(code)} ${textOf(message)}`)) return true
  }
  return false
}

/** An error whose message is the system's code alone, such as `ENOENT`: no host, address, path or stack. */
export function systemCode(error: unknown): Error | undefined {
  for (const cause of causesOf(error)) {
    const code = textOf(cause.code)
    if (/^[A-Z][A-Za-z_]+$/.test(code)) return new Error(code)
  }
  return undefined
}
