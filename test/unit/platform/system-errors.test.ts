/** What is read from the errors of runtimes, and what is never passed on. */
import { describe, expect, it } from 'vitest'
import { failedBeforeSending, systemCode, wasRedirect } from '../../../src/platform/system-errors.ts'

interface Shape {
  name?: string
  message?: string
  code?: string
  syscall?: string
  errors?: Shape[]
  cause?: Shape
}

/** An error as a runtime makes it; none of the runtimes' classes has to be there. */
function errorOf({ cause, errors, ...members }: Shape): Error {
  const error = errors ? new AggregateError(errors.map(errorOf)) : new Error()
  const more = { ...members, ...(cause && { cause: errorOf(cause) }) }
  for (const [name, value] of Object.entries(more)) Object.defineProperty(error, name, { value })
  return error
}

const failed = (cause: Shape): Shape => ({ name: 'TypeError', message: 'fetch failed', cause })
const called = (syscall: string, code: string): Shape => ({ message: `${syscall} ${code}`, syscall, code })
const deno = (what: string) =>
  failed({
    message: `error sending request for url (http://127.0.0.1:1024/): client error (Connect): ${what}`,
  })
const bun = (code: string): Shape => ({ name: 'TypeError', message: `${code}: Unable to connect.`, code })

/**
 * What was seen, on Linux, as fetch rejected: the runtimes in these versions, each with a port that refuses,
 * names and addresses that lead nowhere, networks that are cut off (in a namespace of its own), and
 * connections that break once the request is there.
 */
const SEEN: Record<string, { notSent: Record<string, Shape>; unclear: Record<string, Shape> }> = {
  'Node 20.20.2, 22.23.5 and 24.22.3': {
    notSent: {
      refused: failed(called('connect', 'ECONNREFUSED')),
      'host that is not found': failed(called('getaddrinfo', 'ENOTFOUND')),
      'host out of reach': failed(called('connect', 'EHOSTUNREACH')),
      'network out of reach': failed(called('connect', 'ENETUNREACH')),
      'two addresses, one silent, one refusing': failed({
        code: 'ETIMEDOUT',
        errors: [called('connect', 'ETIMEDOUT'), called('connect', 'ECONNREFUSED')],
      }),
      'silent host': failed(called('connect', 'ETIMEDOUT')),
      'no local port left': failed(called('connect', 'EADDRNOTAVAIL')),
      'no file descriptor left': failed(called('connect', 'EMFILE')),
      'network that is prohibited': failed(called('connect', 'EACCES')),
      'network that is a black hole': failed(called('connect', 'EINVAL')),
      'port that fetch refuses': failed({ message: 'bad port' }),
      'scheme that fetch refuses': failed({ message: 'unknown scheme' }),
    },
    unclear: {
      'reset after the request': failed(called('read', 'ECONNRESET')),
      'closed after the request': failed({
        name: 'SocketError',
        code: 'UND_ERR_SOCKET',
        message: 'other side closed',
      }),
      'host that vanished': failed(called('read', 'ETIMEDOUT')),
    },
  },
  'Bun 1.4.5': {
    notSent: {
      refused: bun('ECONNREFUSED'),
      'host that is not found': { name: 'TypeError', ...called('getaddrinfo', 'ENOTFOUND') },
      'host out of reach': bun('EHOSTUNREACH'),
      'network out of reach': bun('ENETUNREACH'),
      'no local port left': bun('EADDRNOTAVAIL'),
      'network that is prohibited': bun('EACCES'),
    },
    unclear: {
      'reset or closed after the request': bun('ECONNRESET'),
      'host that vanished': bun('ECONNRESET'),
      // Raised by connect alone, but without a word of that.
      'silent host': bun('ETIMEDOUT'),
      'network that is a black hole': bun('EINVAL'),
    },
  },
  'Deno 2.9.6': {
    notSent: {
      refused: deno('tcp connect error: Connection refused (os error 111)'),
      'host that is not found': deno(
        'dns error: failed to lookup address information: Name or service not known',
      ),
      'host out of reach': deno('tcp connect error: No route to host (os error 113)'),
      'network out of reach': deno('tcp connect error: Network is unreachable (os error 101)'),
      'silent host': deno('tcp connect error: Connection timed out (os error 110)'),
      'no local port left': deno('tcp connect error: Cannot assign requested address (os error 99)'),
      'no file descriptor left': deno('tcp open error: Too many open files (os error 24)'),
      'network that is prohibited': deno('tcp connect error: Permission denied (os error 13)'),
      'network that is a black hole': deno('tcp connect error: Invalid argument (os error 22)'),
      'port that fetch refuses': {
        name: 'TypeError',
        message: 'Fetch failed: Requests to port 9 are blocked',
      },
      'scheme that fetch refuses': { name: 'TypeError', message: "Url scheme 'foo' not supported" },
      'without --allow-net': { name: 'NotCapable', message: 'Requires net access to "127.0.0.1:1024"' },
    },
    unclear: {
      'reset after the request': failed({ message: 'Connection reset by peer (os error 104)' }),
      'closed after the request': failed({
        message:
          'error sending request from 127.0.0.1:47928 for http://127.0.0.1:8099/ (127.0.0.1:8099): ' +
          'client error (SendRequest): connection closed before message completed',
      }),
      'host that vanished': failed({ message: 'Connection timed out (os error 110)' }),
    },
  },
  'workerd 1.20260426.1 and 1.20261117.1': {
    notSent: {},
    unclear: {
      'refused, out of reach, reset or closed': { message: 'Network connection lost.' },
      'host that is not found': { message: 'internal error; reference = 827h193a1nosca5pujol7qts' },
    },
  },
  'Chromium 150.0.7871.100': {
    notSent: {},
    unclear: { anything: { name: 'TypeError', message: 'Failed to fetch' } },
  },
}

describe.each(Object.entries(SEEN))('%s', (_, { notSent, unclear }) => {
  it.each(Object.entries({ ...notSent, ...unclear }))('%s', (what, shape) =>
    expect(failedBeforeSending(errorOf(shape))).toBe(what in notSent),
  )
})

describe('the system call decides, whatever the code', () => {
  it.each(['socket', 'bind', 'connect', 'getaddrinfo', 'getnameinfo', 'queryA', 'queryAaaa', 'querySrv'])(
    '%s precedes the request',
    (syscall) => {
      for (const code of ['ETIMEDOUT', 'EPERM', 'EAI_FAIL', 'ECONNRESET', 'ANYTHING'])
        expect(failedBeforeSending(errorOf(failed(called(syscall, code))))).toBe(true)
    },
  )
  it.each(['read', 'write', 'shutdown', 'query', 'anything'])('%s may follow it', (syscall) => {
    for (const code of ['EHOSTUNREACH', 'ENETUNREACH', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])
      expect(failedBeforeSending(errorOf(failed(called(syscall, code))))).toBe(false)
  })
  it('in all members of an aggregate, its own code aside', () => {
    const aggregate = (...errors: Shape[]) => errorOf(failed({ code: 'ECONNREFUSED', errors }))
    const refused = called('connect', 'ECONNREFUSED')
    expect(failedBeforeSending(aggregate(refused, called('connect', 'ENETUNREACH')))).toBe(true)
    expect(failedBeforeSending(aggregate(refused, called('read', 'ECONNRESET')))).toBe(false)
    expect(failedBeforeSending(aggregate(refused, { message: 'whatever' }))).toBe(false)
    expect(failedBeforeSending(aggregate(refused, failed(refused), { errors: [refused] }))).toBe(true)
  })
})

describe('codes alone', () => {
  const failedWith = (code: string) => errorOf(failed({ code, message: 'CANARY at 10.0.0.1' }))
  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'UND_ERR_CONNECT_TIMEOUT',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ConnectionRefused',
  ])('%s precedes the request', (code) => expect(failedBeforeSending(failedWith(code))).toBe(true))

  it.each([
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'UND_ERR_SOCKET',
    'UND_ERR_HEADERS_TIMEOUT',
    'ConnectionClosed',
    '',
  ])('%s may follow it', (code) => expect(failedBeforeSending(failedWith(code))).toBe(false))

  it('nothing else goes on', () => {
    expect(systemCode(failedWith('ECONNRESET'))).toEqual(new Error('ECONNRESET'))
    expect(systemCode(failedWith('user CANARY'))).toBeUndefined()
    expect(String(systemCode(failedWith('ECONNRESET'))?.stack)).not.toContain('CANARY')
  })
})

it('anything may be thrown', () => {
  const circular: { cause?: unknown; errors?: unknown[] } = {}
  circular.cause = circular
  circular.errors = [circular, circular]
  for (const thrown of [undefined, null, 'text', 5, circular, { code: {} }, { message: null, errors: [] }]) {
    expect(failedBeforeSending(thrown)).toBe(false)
    expect(wasRedirect(thrown)).toBe(false)
    expect(systemCode(thrown)).toBeUndefined()
  }
})
