/** What every client sends with: the caller's own, or what the platform has. */
import { sleep, throwIfAborted } from '../platform/time.ts'
import type { Client } from '../signature/credentials.ts'
import type { ClientOptions } from './input.ts'
import type { Sender } from './internals.ts'

export type SenderOptions = Pick<
  ClientOptions,
  'timeoutMs' | 'maxRetries' | 'maxRetryDelayMs' | 'hooks' | 'fetch' | 'now' | 'sleep' | 'random'
>

export function makeSender(client: Client, options: SenderOptions): Sender {
  const transport = options.fetch ?? globalFetch
  return {
    client,
    limits: {
      timeoutMs: options.timeoutMs ?? 30_000,
      maxRetries: options.maxRetries ?? 2,
      maxRetryDelayMs: options.maxRetryDelayMs ?? 30_000,
    },
    hooks: { ...options.hooks },
    // Called on no object, or browsers say "Illegal invocation".
    fetch: (url, init) => transport(url, init),
    transport,
    now: options.now ?? Date.now,
    sleep: options.sleep ? heedingAborts(options.sleep) : sleep,
    random: options.random ?? Math.random,
  }
}

/** The global one is looked up at each call, so that a mock set later is seen. */
function globalFetch(url: string, init: RequestInit): Promise<Response> {
  return globalThis.fetch(url, init)
}

/** Whether what sends is the platform's own. */
export function isPlatformFetch({ transport }: Pick<Sender, 'transport'>): boolean {
  return transport === globalFetch
}

/** A caller's own may do no more than listen for an abort, and would miss one that has come. */
function heedingAborts(own: Sender['sleep']): Sender['sleep'] {
  return async (ms, signal) => {
    throwIfAborted(signal)
    await own(ms, signal)
  }
}
