/**
 * What runtimes throw when a connection or a file fails. Their messages quote addresses and paths, so only
 * their codes go further.
 */

interface Cause {
  code?: unknown
  syscall?: unknown
  message?: unknown
  cause?: unknown
}

/** Causes may be circular. */
const MAX_DEPTH = 5

/** The error and its causes. */
function* causesOf(error: unknown): Generator<Cause> {
  let current = error as Cause | undefined
  for (let depth = 0; current && depth < MAX_DEPTH; depth++) {
    yield current
    current = current.cause as Cause | undefined
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/**
 * Codes that are raised before the first byte of a request is written: by libuv (`E…`), undici (`UND_ERR_…`),
 * and Bun. Those of OpenSSL follow a pattern.
 */
const NOT_CONNECTED: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ConnectionRefused',
  'FailedToOpenSocket',
]
const NOT_TRUSTED = /^UNABLE_TO\w*$|CERT/

/** Whether the runtime proves that nothing was sent. In workerd and browsers there is no such proof. */
export function failedBeforeSending(error: unknown): boolean {
  const causes = [...causesOf(error)]
  // On Linux, a host that vanishes from an open connection has the same codes as one that was never reached.
  const wasConnected = causes.some(({ syscall }) => syscall === 'read' || syscall === 'write')
  if (wasConnected) return false
  return causes.some((cause) => isConnectFailure(textOf(cause.code)) || isDenoConnectFailure(cause))
}

function isConnectFailure(code: string): boolean {
  return NOT_CONNECTED.includes(code) || NOT_TRUSTED.test(code)
}

/** Deno has no codes. This is the fixed part of its message for failures of DNS, TCP and TLS. */
function isDenoConnectFailure({ message }: Cause): boolean {
  return 'Deno' in globalThis && textOf(message).includes('client error (Connect)')
}

/** Whether fetch refused to follow a redirect. */
export function wasRedirect(error: unknown): boolean {
  for (const { code, message } of causesOf(error)) {
    if (/redirect/i.test(`${textOf(code)} ${textOf(message)}`)) return true
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
