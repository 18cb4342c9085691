import type { Miniflare, WorkerOptions } from 'miniflare'

export interface Platform {
  url: string
  miniflare: Miniflare
  scheduled(options: { cron: string }): Promise<unknown>
}

export function bundle(entry: string, options?: { minify?: boolean }): Promise<string>
export function startPlatform(options: {
  /** A folder; what is in it is gone on with. */
  state: string
  /** @default any free one */
  port?: number
  /** Without the Workers' logs. */
  quiet?: boolean
  bindings?: Record<string, string>
  /** Without it, the API is what the bindings name. @default true */
  emulated?: boolean
  /** Deliveries of a row before it is a dead letter. @default 10 */
  maxRetries?: number
  /** Names that the server answers to beside those of this machine, such as that of a tunnel. */
  hosts?: readonly string[]
  /** Workers more, which may be bound to the two that are here, and to their database. */
  beside?: readonly WorkerOptions[]
}): Promise<Platform>
