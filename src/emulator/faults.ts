/** How the emulator can be told to misbehave. */
import type { Operation } from '../wire/endpoints.ts'
import type { V3Operation } from '../wire/v3-operations.ts'

export type Fault =
  /** Waits on the emulator's clock. */
  | { kind: 'latency'; ms: number }
  /** Never answers. */
  | { kind: 'hang' }
  /** The reply's timestamp is off. */
  | { kind: 'clock_skew'; ms: number }
  /**
   * An HTTP status instead of work, from the store with S3's XML; `retryAfter` in seconds or as text. In v3
   * with the documented body, of which `message` may be another. There, 408, 424 and 504 of a synchronous
   * call leave a job behind.
   */
  | {
      kind: 'status'
      status: number
      retryAfter?: number | string | undefined
      message?: string | undefined
    }
  /** One of Smile ID's error codes instead of work. */
  | { kind: 'code'; code: '2204' | '2205' | '2209' | '2210' | '2215' | '2220' | '2222' | (string & {}) }
  /** The connection dies before the service acted, or after (`commit`). */
  | { kind: 'reset'; commit: boolean }
  /** The service acts, and its reply, or a callback of v3, is damaged on the way. */
  | { kind: 'body'; body: 'truncated' | 'not_json' | 'empty' | 'unsigned' | 'bad_signature' }
  /** The signed URL counts as expired (`on` is 'upload_zip' then), or the token of a call of v3. */
  | { kind: 'expire' }
  /** An upload is announced, and its zip is wanted elsewhere; `on` is 'upload' then. */
  | { kind: 'upload_url'; url: string }
  /** A callback comes later, or more than once; `on` is 'callback' then. */
  | { kind: 'callback'; delayMs?: number | undefined; copies?: number | undefined }

/** Which calls a fault applies to: it skips the first `after` calls, then applies `times` times. */
export interface FaultRule {
  /** @default every operation */
  on?: Operation | V3Operation | undefined
  /** @default 0 */
  after?: number | undefined
  /** @default 1 */
  times?: number | undefined
  fault: Fault
}

/** The faults that apply to one call, by kind. */
export type ActiveFaults = { [F in Fault as F['kind']]?: F }

export interface Faults {
  add(rule: FaultRule): void
  /** The faults of this call, which counts for every rule about its operation. */
  take(operation: Operation | V3Operation): ActiveFaults
  /** Takes back what was added; the rules from the beginning start anew. */
  clear(): void
}

interface CountedRule {
  on: Operation | V3Operation | undefined
  /** The first call that it applies to, counted from 0, and the first one behind. */
  from: number
  to: number
  fault: Fault
  /** How many calls there were. */
  calls: number
}

export function createFaults(initial: readonly FaultRule[]): Faults {
  let rules = initial.map(counted)
  return {
    add(rule) {
      rules.push(counted(rule))
    },
    take(operation) {
      const active: ActiveFaults = {}
      for (const rule of rules) {
        if (rule.on !== undefined && rule.on !== operation) continue
        if (rule.calls >= rule.from && rule.calls < rule.to)
          Object.assign(active, { [rule.fault.kind]: rule.fault })
        rule.calls++
      }
      rules = rules.filter((rule) => rule.calls < rule.to)
      return active
    },
    clear() {
      rules = initial.map(counted)
    },
  }
}

function counted({ on, after = 0, times = 1, fault }: FaultRule): CountedRule {
  return { on, from: after, to: after + times, fault, calls: 0 }
}

/** As fetch fails when the other side hangs up. */
export class ConnectionReset extends TypeError {
  /** Tells a server that it has to hang up. */
  readonly hangUp = true

  constructor() {
    super('fetch failed', { cause: new ReadError() })
  }
}

/** What Node gives as the cause. */
class ReadError extends Error {
  readonly code = 'ECONNRESET'

  constructor() {
    super('read ECONNRESET')
  }
}

/** Half of a text, then a broken connection; the header says the length of the whole. */
export function truncated(text: string, init: { status?: number; headers?: HeadersInit } = {}): Response {
  const bytes = new TextEncoder().encode(text)
  let sent = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) {
        controller.error(new ConnectionReset())
        return
      }
      sent = true
      controller.enqueue(bytes.slice(0, Math.floor(bytes.length / 2)))
    },
  })
  const headers = new Headers(init.headers)
  headers.set('content-type', 'application/json')
  headers.set('content-length', String(bytes.length))
  return new Response(body, { status: init.status ?? 200, headers })
}
