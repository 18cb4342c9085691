/** How the emulator can be told to misbehave. */
import type { Operation } from '../errors/classes.ts'

export type Fault =
  /** Waits on the emulator's clock. */
  | { kind: 'latency'; ms: number }
  /** Never answers. */
  | { kind: 'hang' }
  /** The reply's timestamp is off. */
  | { kind: 'clock_skew'; ms: number }
  /** An HTTP status instead of work, from the store with S3's XML; `retryAfter` in seconds or as text. */
  | { kind: 'status'; status: number; retryAfter?: number | string | undefined }
  /** One of Smile ID's error codes instead of work. */
  | { kind: 'code'; code: '2204' | '2205' | '2209' | '2210' | '2215' | '2220' | '2222' | (string & {}) }
  /** The connection dies before the service acted, or after (`commit`). */
  | { kind: 'reset'; commit: boolean }
  /** The service acts, and its reply is damaged on the way. */
  | { kind: 'body'; body: 'truncated' | 'not_json' | 'empty' | 'unsigned' | 'bad_signature' }
  /** The signed URL counts as expired; `on` is 'upload_zip' then. */
  | { kind: 'expire' }
  /** An upload is announced, and its zip is wanted elsewhere; `on` is 'upload' then. */
  | { kind: 'upload_url'; url: string }
  /** A callback comes later, or more than once; `on` is 'callback' then. */
  | { kind: 'callback'; delayMs?: number | undefined; copies?: number | undefined }

/** Skips the first `after` calls, then applies `times` times. */
export interface FaultRule {
  /** @default every operation */
  on?: Operation | undefined
  /** @default 0 */
  after?: number | undefined
  /** @default 1 */
  times?: number | undefined
  fault: Fault
}

type Kinds = { [F in Fault as F['kind']]?: F }

export interface Faults {
  add(rule: FaultRule): void
  /** Those that strike this call, by kind. */
  strike(operation: Operation): Kinds
  clear(): void
}

export function createFaults(initial: readonly FaultRule[]): Faults {
  let rules: { rule: FaultRule; seen: number }[] = []
  const add = (rule: FaultRule) => void rules.push({ rule, seen: 0 })
  const clear = () => {
    rules = []
    initial.forEach(add)
  }
  clear()
  return {
    add,
    clear,
    strike(operation) {
      const struck: Kinds = {}
      for (const entry of rules) {
        const { on = operation, after = 0, times = 1, fault } = entry.rule
        if (on !== operation) continue
        entry.seen++
        if (entry.seen > after && entry.seen <= after + times) Object.assign(struck, { [fault.kind]: fault })
      }
      rules = rules.filter(({ rule, seen }) => seen < (rule.after ?? 0) + (rule.times ?? 1))
      return struck
    },
  }
}

/** As fetch fails when the other side hangs up. `hangUp` tells a server that it has to do so. */
export const connectionReset = (): TypeError =>
  Object.assign(new TypeError('fetch failed'), {
    hangUp: true,
    cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
  })

/** Half of a text, then a broken connection; a server sends the whole text's length before. */
export function truncated(text: string): Response {
  const bytes = new TextEncoder().encode(text)
  let sent = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) return controller.error(connectionReset())
      sent = true
      controller.enqueue(bytes.slice(0, bytes.length >> 1))
    },
  })
  return new Response(body, {
    headers: { 'content-type': 'application/json', 'content-length': String(bytes.length) },
  })
}
